package basin.lm.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.lm.engine.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * What per-example gradients are made of. A leaf of zeros is added to the sum of the embeddings, the first output; everything behind
 * it is then recorded, and the loss's gradient with respect to every layer's output is, example by example, that example's own. With the layer's recorded input it gives the
 * example's gradient with respect to the layer's weights, and its norm without ever building it (Goodfellow, "Efficient
 * per-example gradient computations", arXiv 1510.01799, and Gram matrices where an input has several tokens).
 */
final class Taps {
    private final List<NDArray> leaves = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();
    /** The first tensor of the next layer, in the order of {@link EncoderShape#parameters()}: layers are passed in that order. */
    private int nextTensor;

    /** A layer whose per-example gradient has a closed form given its output gradient. */
    private sealed interface Layer {
        /**
         * y = x·Wᵀ + b, or several such side by side.
         *
         * @param weight the place of the first weight among the tensors
         * @param bias that of the first bias
         * @param together how many lie side by side
         */
        record Linear(NDArray input, int weight, int bias, int together) implements Layer {}

        /** y = g∘x̂ + b. */
        record Norm(NDArray normed, int gain) implements Layer {}

        /** The sum of word, position and type embeddings. */
        record Embedding(TokenBatch batch) implements Layer {}

        /** Scores by the tied word embeddings, and their bias. */
        record Decoder(NDArray input, int bias) implements Layer {}
    }

    NDArray linear(NDArray input, NDArray output) {
        return tap(new Layer.Linear(input, take(2), nextTensor - 1, 1), output);
    }

    /** Queries, keys and values, whose weights come first and then their biases. */
    NDArray attention(NDArray input, NDArray output) {
        return tap(new Layer.Linear(input, take(6), nextTensor - 3, 3), output);
    }

    /** Queries alone; keys and values follow. */
    NDArray queries(NDArray input, NDArray output) {
        return tap(new Layer.Linear(input, nextTensor, nextTensor + 3, 1), output);
    }

    NDArray keysAndValues(NDArray input, NDArray output) {
        return tap(new Layer.Linear(input, take(6) + 1, nextTensor - 2, 2), output);
    }

    private int take(int tensors) {
        int first = nextTensor;
        nextTensor += tensors;
        return first;
    }

    NDArray norm(NDArray input, NDArray output) {
        NDArray normed = Torch.unrecorded(() -> {
            long width = input.getShape().get(input.getShape().dimension() - 1);
            NDArray ones = input.getManager().ones(new Shape(width), input.getDataType());
            NDArray zeros = input.getManager().zeros(new Shape(width), input.getDataType());
            return Torch.layerNorm(input, ones, zeros, EncoderShape.LAYER_NORM_EPSILON);
        });
        return tap(new Layer.Norm(normed, take(2)), output);
    }

    NDArray embedding(TokenBatch batch, NDArray sum) {
        take(3);
        return tap(new Layer.Embedding(batch), sum);
    }

    NDArray decoder(NDArray input, NDArray logits) {
        return tap(new Layer.Decoder(input, take(1)), logits);
    }

    private NDArray tap(Layer layer, NDArray output) {
        layers.add(layer);
        if (leaves.isEmpty()) {
            NDArray leaf = Torch.leaf(output.getManager().zeros(output.getShape(), output.getDataType()));
            leaves.add(leaf);
            return output.add(leaf);
        }
        // It depends on the first leaf, so the loss's gradient with respect to it can be asked for as it is.
        leaves.add(output);
        return output;
    }

    /**
     * The squared norm of every example's gradient with respect to all parameters.
     *
     * @param total sum (not mean) of the examples' losses
     */
    double[] squaredNorms(NDArray total) {
        NDList gradients = Torch.gradients(total, leaves);
        return Torch.unrecorded(() -> {
            NDArray sum = null;
            NDArray embedded = null;
            TokenBatch batch = null;
            for (int i = 0; i < layers.size(); i++) {
                NDArray delta = gradients.get(i);
                NDArray own = switch (layers.get(i)) {
                    case Layer.Linear linear -> linearNorms(linear.input(), delta);
                    case Layer.Norm norm ->
                        vectorNorms(norm.normed().mul(delta)).add(vectorNorms(delta));
                    case Layer.Embedding embedding -> {
                        embedded = delta;
                        batch = embedding.batch();
                        yield embeddingNorms(batch, delta);
                    }
                    case Layer.Decoder decoder -> {
                        if (embedded == null || batch == null) {
                            throw new IllegalStateException("The embeddings come before the decoder.");
                        }
                        yield decoderNorms(decoder.input(), delta)
                                .add(tiedTerms(batch, embedded, decoder.input(), delta));
                    }
                };
                sum = sum == null ? own : sum.add(own);
            }
            if (sum == null) {
                throw new IllegalStateException("No layer was tapped.");
            }
            return Torch.doubles(sum);
        });
    }

    /**
     * The squared norm of every example's gradient with respect to every tensor by itself: their sum is {@link #squaredNorms}.
     *
     * @param total sum (not mean) of the examples' losses
     * @return tensors in the order of {@link EncoderShape#parameters()} × examples
     */
    double[][] squaredNormsOfTensors(NDArray total) {
        NDList gradients = Torch.gradients(total, leaves);
        return Torch.unrecorded(() -> {
            NDArray[] own = new NDArray[nextTensor];
            NDArray embedded = null;
            TokenBatch batch = null;
            for (int i = 0; i < layers.size(); i++) {
                NDArray delta = gradients.get(i);
                switch (layers.get(i)) {
                    case Layer.Linear linear -> {
                        long width = delta.getShape().get(delta.getShape().dimension() - 1) / linear.together();
                        for (int k = 0; k < linear.together(); k++) {
                            NDArray part = delta.get("..., " + k * width + ":" + (k + 1) * width);
                            own[linear.weight() + k] = weightNorms(linear.input(), part);
                            own[linear.bias() + k] = vectorNorms(part);
                        }
                    }
                    case Layer.Norm norm -> {
                        own[norm.gain()] = vectorNorms(norm.normed().mul(delta));
                        own[norm.gain() + 1] = vectorNorms(delta);
                    }
                    case Layer.Embedding embedding -> {
                        embedded = delta;
                        batch = embedding.batch();
                        own[0] = wordNorms(batch, delta);
                        own[1] = perExample(delta.square());
                        own[2] = vectorNorms(delta);
                    }
                    case Layer.Decoder decoder -> {
                        if (embedded == null || batch == null) {
                            throw new IllegalStateException("The embeddings come before the decoder.");
                        }
                        NDArray scores = perExample(delta.square());
                        own[0] = own[0].add(perExample(decoder.input().square()).mul(scores))
                                .add(tiedTerms(batch, embedded, decoder.input(), delta));
                        own[decoder.bias()] = scores;
                    }
                }
            }
            double[][] norms = new double[own.length][];
            for (int tensor = 0; tensor < own.length; tensor++) {
                norms[tensor] = Torch.doubles(own[tensor]);
            }
            return norms;
        });
    }

    /** ‖Σ_t δ_t x_tᵀ‖² + ‖Σ_t δ_t‖², by Gram matrices of tokens or by the gradient itself, whichever is smaller. */
    private static NDArray linearNorms(NDArray x, NDArray delta) {
        return weightNorms(x, delta).add(vectorNorms(delta));
    }

    /** ‖Σ_t δ_t x_tᵀ‖². */
    private static NDArray weightNorms(NDArray x, NDArray delta) {
        if (x.getShape().dimension() == 2) {
            return perExample(x.square()).mul(perExample(delta.square()));
        }
        long tokens = x.getShape().get(1);
        long in = x.getShape().get(2);
        long out = delta.getShape().get(2);
        return tokens * (in + out) <= in * out
                ? perExample(x.matMul(x.transpose(0, 2, 1)).mul(delta.matMul(delta.transpose(0, 2, 1))))
                : perExample(delta.transpose(0, 2, 1).matMul(x).square());
    }

    /** ‖Σ_t δ_t‖²: of a bias, or anything that is added at every token. */
    private static NDArray vectorNorms(NDArray delta) {
        return perExample((delta.getShape().dimension() == 3 ? delta.sum(new int[] {1}) : delta).square());
    }

    /** Words add up where a sentence repeats them; every position is its own row; the type row is common to all tokens. */
    private static NDArray embeddingNorms(TokenBatch batch, NDArray delta) {
        return wordNorms(batch, delta).add(perExample(delta.square())).add(vectorNorms(delta));
    }

    private static NDArray wordNorms(TokenBatch batch, NDArray delta) {
        return perExample(delta.matMul(delta.transpose(0, 2, 1)).mul(sameToken(batch, delta)));
    }

    /** ‖δ hᵀ‖² + ‖δ‖². */
    private static NDArray decoderNorms(NDArray hidden, NDArray delta) {
        NDArray scores = perExample(delta.square());
        return perExample(hidden.square()).mul(scores).add(scores);
    }

    /** 2⟨Σ_t e(w_t) δ_tᵀ, δ hᵀ⟩: the table is used twice, so its gradients add before the norm is taken. */
    private static NDArray tiedTerms(TokenBatch batch, NDArray embedded, NDArray hidden, NDArray scores) {
        long size = batch.size();
        NDArray ids = embedded.getManager().create(batch.tokens(), new Shape(size, batch.length()));
        NDArray atTokens = scores.gather(ids, 1);
        NDArray along = embedded.matMul(hidden.expandDims(2)).squeeze(2);
        return perExample(atTokens.mul(along)).mul(2);
    }

    private static NDArray sameToken(TokenBatch batch, NDArray like) {
        int length = batch.length();
        long[] tokens = batch.tokens();
        float[] same = new float[batch.size() * length * length];
        for (int i = 0; i < batch.size(); i++) {
            for (int s = 0; s < length; s++) {
                for (int t = 0; t < length; t++) {
                    if (tokens[i * length + s] == tokens[i * length + t]) {
                        same[(i * length + s) * length + t] = 1;
                    }
                }
            }
        }
        NDArray array = like.getManager().create(same, new Shape(batch.size(), length, length));
        return like.getDataType() == DataType.FLOAT32 ? array : array.toType(like.getDataType(), false);
    }

    private static NDArray perExample(NDArray array) {
        long size = array.getShape().get(0);
        return array.reshape(new Shape(size, -1)).sum(new int[] {1});
    }
}
