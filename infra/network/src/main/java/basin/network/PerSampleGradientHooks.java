package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.network.engine.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Hooks on the outputs of a forward pass that compute the norms of per-sample gradients. A leaf of
 * zeros is added to the sum of the embeddings, the first output, so that everything after it is
 * recorded. The loss's gradient with respect to each output is, sample by sample, that sample's
 * own. Together with the recorded input it gives the sample's gradient with respect to the weights
 * in between, and its norm without ever building the gradient (Goodfellow, "Efficient per-example
 * gradient computations", arXiv 1510.01799). Gram matrices do the same if an input has several
 * tokens. For one pass and one thread.
 *
 * <p>Arrays have one row per token, [size, length, ·], or one row per prediction, [predictions, ·].
 */
final class PerSampleGradientHooks {
    private final TokenBatch batch;
    private final List<NDArray> outputs = new ArrayList<>();
    /** The number of each output, which may belong to several sites. */
    private final IdentityHashMap<NDArray, Integer> numbers = new IdentityHashMap<>();

    private final List<Hook> hooks = new ArrayList<>();
    /** The lookups whose sum is the first output. */
    private List<Lookup> embedded = List.of();

    private List<NDArray> gradients = List.of();

    PerSampleGradientHooks(TokenBatch batch) {
        this.batch = batch;
    }

    /** Weights between an input and an output whose per-sample gradient has a closed form. */
    @FunctionalInterface
    private interface Site {
        /**
         * Computes the squared norms of every sample's gradients.
         *
         * @param delta gradient with respect to the output, sample by sample
         * @param split whether fused maps are distinguished; otherwise they count as one, under the
         *     first one's name
         * @param sink receives a tensor's name and terms that add up to its squared norms, [size]
         */
        void norms(NDArray delta, boolean split, BiConsumer<String, NDArray> sink);
    }

    /**
     * A site and its output.
     *
     * @param output number of the site's output
     */
    private record Hook(Site site, int output) {}

    /**
     * A lookup of rows of a table, one per token.
     *
     * @param ids row index of each token, row-major [size, length]
     * @param rows [size, length, width], or a shape that broadcasts to it
     */
    @SuppressWarnings("ArrayRecordComponent") // Created for one pass.
    record Lookup(String table, long[] ids, NDArray rows) {}

    /** Hooks the sum of rows of tables, and returns it with the leaf added. */
    NDArray embedding(List<Lookup> lookups, NDArray sum) {
        if (!outputs.isEmpty()) {
            throw new IllegalStateException("The embeddings come first.");
        }
        NDArray leaf = Torch.leaf(sum.getManager().zeros(sum.getShape(), sum.getDataType()));
        outputs.add(leaf);
        embedded = lookups;
        Site site = (delta, split, sink) ->
                lookups.forEach(lookup -> sink.accept(lookup.table(), lookupNorms(lookup.ids(), delta)));
        hooks.add(new Hook(site, 0));
        return sum.add(leaf);
    }

    /**
     * Hooks y = x·Wᵀ + b, or several fused maps. The weights may be stored transposed.
     *
     * @param rows outputs of each map
     * @param biases empty if the maps have none
     */
    void linear(NDArray input, NDArray output, List<String> weights, List<Integer> rows, List<String> biases) {
        hook(output, (delta, split, sink) -> {
            NDArray x = bySample(input);
            int parts = split ? weights.size() : 1;
            long from = 0;
            for (int k = 0; k < parts; k++) {
                long to = from + rows.get(k);
                NDArray own = parts == 1 ? delta : delta.get("..., " + from + ":" + to);
                sink.accept(weights.get(k), weightNorms(x, own));
                if (!biases.isEmpty()) {
                    sink.accept(biases.get(k), vectorNorms(own));
                }
                from = to;
            }
        });
    }

    /**
     * Hooks y = g∘x̂ + b, with a gain, a bias, both or none.
     *
     * @param normed x̂, as a function that is called without recording
     */
    void norm(Supplier<NDArray> normed, NDArray output, String gain, String bias, Norm norm) {
        if (norm.gain()) {
            NDArray x = Torch.unrecorded(normed::get);
            hook(
                    output,
                    (delta, split, sink) ->
                            sink.accept(gain, vectorNorms(bySample(x).mul(delta))));
        }
        if (norm.bias()) {
            bias(output, bias);
        }
    }

    /** Hooks logits from a table, which may be that of the embeddings. */
    void decoder(NDArray input, NDArray logits, String table) {
        hook(logits, (delta, split, sink) -> {
            NDArray hidden = bySample(input);
            sink.accept(table, weightNorms(hidden, delta));
            for (Lookup lookup : embedded) {
                if (lookup.table().equals(table)) {
                    sink.accept(table, tiedTerms(lookup.ids(), gradients.getFirst(), hidden, delta));
                }
            }
        });
    }

    /** Hooks y = x + b. */
    void bias(NDArray output, String bias) {
        hook(output, (delta, split, sink) -> sink.accept(bias, vectorNorms(delta)));
    }

    private void hook(NDArray output, Site site) {
        // The output depends on the leaf, so the gradient with respect to it can be computed
        // directly.
        int number = numbers.computeIfAbsent(output, one -> {
            outputs.add(one);
            return outputs.size() - 1;
        });
        hooks.add(new Hook(site, number));
    }

    /**
     * Computes the gradient of every output.
     *
     * @param total sum (not mean) of the samples' losses
     */
    void backward(NDArray total) {
        gradients = Torch.gradients(total, outputs);
    }

    /** Returns the squared norm of every sample's gradient with respect to all parameters. */
    double[] squaredNorms() {
        return Torch.unrecorded(() -> {
            NDArray[] sum = new NDArray[1];
            forEachNorm(false, (name, norms) -> sum[0] = sum[0] == null ? norms : sum[0].add(norms));
            return Torch.doubles(sum[0]);
        });
    }

    /**
     * Returns the squared norm of every sample's gradient with respect to each of these tensors.
     * Over all tensors of the network they add up to {@link #squaredNorms}.
     *
     * @return tensors × samples
     */
    double[][] squaredNormsOf(List<Parameter> tensors) {
        return Torch.unrecorded(() -> {
            Map<String, NDArray> sums = new HashMap<>();
            forEachNorm(true, (name, norms) -> sums.merge(name, norms, NDArray::add));
            double[][] all = new double[tensors.size()][];
            for (int tensor = 0; tensor < all.length; tensor++) {
                NDArray sum = sums.get(tensors.get(tensor).name());
                // A tensor on which the function does not depend has no gradient.
                all[tensor] = sum == null ? new double[batch.size()] : Torch.doubles(sum);
            }
            return all;
        });
    }

    private void forEachNorm(boolean split, BiConsumer<String, NDArray> sink) {
        for (Hook hook : hooks) {
            hook.site().norms(bySample(gradients.get(hook.output())), split, sink);
        }
    }

    /**
     * Returns rows of predictions sample by sample: [size, ·] if each sample has one, otherwise
     * [size, most per sample, ·], padded with zeros.
     */
    private NDArray bySample(NDArray array) {
        if (array.getShape().dimension() == 3 || batch.hasOnePredictionEach()) {
            return array;
        }
        int max = 0;
        for (int i = 0; i < batch.size(); i++) {
            max = Math.max(max, batch.predictionsOf(i));
        }
        long[] rows = new long[batch.size() * max];
        double[] own = new double[rows.length];
        int[] filled = new int[batch.size()];
        for (int k = 0; k < batch.predictions(); k++) {
            int i = batch.sequenceOf(k);
            int at = i * max + filled[i]++;
            rows[at] = k;
            own[at] = 1;
        }
        NDArray ids = array.getManager().create(rows, new Shape(batch.size(), max));
        return Torch.rows(ids, array)
                .mul(Torch.array(array.getManager(), own, array.getDataType(), batch.size(), max, 1));
    }

    /**
     * Returns ‖Σ_t δ_t x_tᵀ‖², by Gram matrices of tokens or from the gradient itself, whichever is
     * smaller.
     */
    private static NDArray weightNorms(NDArray x, NDArray delta) {
        if (x.getShape().dimension() == 2) {
            return perSample(x.square()).mul(perSample(delta.square()));
        }
        long tokens = x.getShape().get(1);
        long in = x.getShape().get(2);
        long out = delta.getShape().get(2);
        return tokens * (in + out) <= in * out
                ? perSample(x.matMul(x.transpose(0, 2, 1)).mul(delta.matMul(delta.transpose(0, 2, 1))))
                : perSample(delta.transpose(0, 2, 1).matMul(x).square());
    }

    /** Returns ‖Σ_t δ_t‖² for a bias, or anything that is added at every token. */
    private static NDArray vectorNorms(NDArray delta) {
        return perSample((delta.getShape().dimension() == 3 ? delta.sum(new int[] {1}) : delta).square());
    }

    /** Returns ‖Σ_t e(id_t) δ_tᵀ‖². Gradients add up if a sequence looks up a row repeatedly. */
    private NDArray lookupNorms(long[] ids, NDArray delta) {
        if (Arrays.stream(ids).allMatch(id -> id == ids[0])) {
            return vectorNorms(delta);
        }
        if (areDistinct(ids)) {
            return perSample(delta.square());
        }
        return perSample(delta.matMul(delta.transpose(0, 2, 1)).mul(sameRow(ids, delta)));
    }

    /** Returns whether no sequence looks up a row twice. */
    private boolean areDistinct(long[] ids) {
        for (int i = 0; i < batch.size(); i++) {
            int from = i * batch.length();
            if (Arrays.stream(ids, from, from + batch.lengthOf(i)).distinct().count() < batch.lengthOf(i)) {
                return false;
            }
        }
        return true;
    }

    private NDArray sameRow(long[] ids, NDArray like) {
        int length = batch.length();
        float[] same = new float[batch.size() * length * length];
        for (int i = 0; i < batch.size(); i++) {
            for (int s = 0; s < length; s++) {
                for (int t = 0; t < length; t++) {
                    if (ids[i * length + s] == ids[i * length + t]) {
                        same[(i * length + s) * length + t] = 1;
                    }
                }
            }
        }
        NDArray array = like.getManager().create(same, new Shape(batch.size(), length, length));
        return like.getDataType() == DataType.FLOAT32 ? array : array.toType(like.getDataType(), false);
    }

    /**
     * Returns 2⟨Σ_t e(id_t) δ_tᵀ, Σ_k s_k h_kᵀ⟩. The table is used twice, so its gradients are
     * added before the norm is taken.
     */
    private NDArray tiedTerms(long[] ids, NDArray embedded, NDArray hidden, NDArray scores) {
        NDArray h = hidden.getShape().dimension() == 3 ? hidden : hidden.expandDims(1);
        NDArray s = scores.getShape().dimension() == 3 ? scores : scores.expandDims(1);
        long predictions = s.getShape().get(1);
        NDArray index = embedded.getManager()
                .create(ids, new Shape(batch.size(), 1, batch.length()))
                .broadcast(new Shape(batch.size(), predictions, batch.length()));
        NDArray atTokens = s.gather(index, 2);
        NDArray along = h.matMul(embedded.transpose(0, 2, 1));
        return perSample(atTokens.mul(along)).mul(2);
    }

    private static NDArray perSample(NDArray array) {
        long size = array.getShape().get(0);
        return array.reshape(new Shape(size, -1)).sum(new int[] {1});
    }
}
