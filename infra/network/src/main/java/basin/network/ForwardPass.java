package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.network.PerSampleGradientHooks.Lookup;
import basin.network.engine.Torch;
import basin.study.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass over a batch. It provides the operations that networks are written in, by the
 * names of their tensors. Each operation passes the inputs of per-sample gradients to the hooks, if
 * there are any. For one thread.
 */
final class ForwardPass {
    private static final float NEVER = -1e30f;

    private final Network network;
    private final NDManager manager;
    private final TokenBatch batch;
    private final long[] tokens;
    private final DataType dtype;
    private final Map<String, NDArray> arrays = new HashMap<>();
    private final Map<String, Layout.Part> parts = new HashMap<>();
    private final @Nullable PerSampleGradientHooks hooks;
    private final @Nullable NDArray mask;

    ForwardPass(Network network, NDArray theta, TokenBatch batch, @Nullable PerSampleGradientHooks hooks) {
        this.network = network;
        this.manager = theta.getManager();
        this.batch = batch;
        this.tokens = batch.tokens();
        this.dtype = theta.getDataType();
        this.hooks = hooks;
        if (batch.length() > network.maxLength()) {
            throw new Refusal("a sequence has " + batch.length() + " tokens: this network reads at most "
                    + network.maxLength() + "; shorten it.");
        }
        for (long token : tokens) {
            if (token < 0 || token >= network.vocabulary()) {
                throw new Refusal("a sequence holds token " + token + ": this network's tokens are 0 to "
                        + (network.vocabulary() - 1) + "; give the tokenizer that belongs to it.");
            }
        }
        List<Layout.Part> all = network.layout().parts();
        NDList split = Torch.split(
                theta,
                all.stream()
                        .mapToLong(part -> Arrays.stream(part.shape()).reduce(1, Math::multiplyExact))
                        .toArray());
        for (int i = 0; i < all.size(); i++) {
            Layout.Part part = all.get(i);
            parts.put(part.name(), part);
            NDArray array = part.shape().length == 1 ? split.get(i) : Torch.view(split.get(i), part.shape());
            arrays.put(part.name(), part.transposed() ? array.transpose(1, 0) : array);
        }
        this.mask = mask();
    }

    TokenBatch batch() {
        return batch;
    }

    int length() {
        return batch.length();
    }

    NDArray part(String name) {
        return Optional.ofNullable(arrays.get(name)).orElseThrow();
    }

    private List<String> tensors(String name) {
        return Optional.ofNullable(parts.get(name)).orElseThrow().tensors();
    }

    /** Returns the rows of a table at the tokens. */
    Lookup words(String table) {
        return lookup(table, tokens);
    }

    /** Returns the rows of a table at positions counted from {@code first}, for every token. */
    Lookup positions(String table, int first) {
        return lookup(table, positionIds(first));
    }

    /**
     * Returns the rows of a table at positions counted from {@code padding + 1}. Padding tokens
     * have position {@code padding} and are not counted.
     */
    Lookup positionsBehind(String table, int padding) {
        long[] ids = positionIds(padding + 1);
        boolean padded = false;
        for (int row = 0; row < batch.size(); row++) {
            long before = padding;
            for (int at = 0; at < batch.lengthOf(row); at++) {
                int i = row * batch.length() + at;
                boolean isPadding = tokens[i] == padding;
                ids[i] = isPadding ? padding : ++before;
                padded |= isPadding;
            }
        }
        // All sequences share these rows, so their gradients are added up in one sum.
        return padded
                ? lookup(table, ids)
                : new Lookup(table, ids, part(table).get((padding + 1) + ":" + (padding + 1 + batch.length())));
    }

    private long[] positionIds(int first) {
        long[] ids = new long[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) first + i % batch.length();
        }
        return ids;
    }

    /** Returns row 0 of a table for every token. */
    Lookup firstRow(String table) {
        return new Lookup(table, new long[tokens.length], part(table).get("0"));
    }

    private Lookup lookup(String table, long[] ids) {
        return new Lookup(
                table, ids, Torch.rows(manager.create(ids, new Shape(batch.size(), batch.length())), part(table)));
    }

    /**
     * Returns the sum of rows of tables: [size, length, width]. It must be the first operation of
     * the pass.
     */
    NDArray embedding(Lookup... lookups) {
        NDArray sum = lookups[0].rows();
        for (int i = 1; i < lookups.length; i++) {
            sum = sum.add(lookups[i].rows());
        }
        return hooks == null ? sum : hooks.embedding(List.of(lookups), sum);
    }

    /**
     * Applies a layer and frees its intermediate arrays, except those that the engine's graph keeps
     * for a backward pass.
     */
    NDArray layer(NDArray x, UnaryOperator<NDArray> layer) {
        if (hooks != null) {
            return layer.apply(x);
        }
        try (NDManager scope = Torch.scope(manager)) {
            // DJL attaches a result to the manager of the first operand.
            x.attach(scope);
            NDArray y = layer.apply(x);
            y.attach(manager);
            return y;
        }
    }

    NDArray norm(String name, NDArray x, double epsilon) {
        String gain = name + ".weight";
        String bias = name + ".bias";
        NDArray y = Torch.layerNorm(x, part(gain), part(bias), epsilon);
        if (hooks != null) {
            hooks.norm(x, y, gain, bias, epsilon);
        }
        return y;
    }

    NDArray linear(String name, NDArray x) {
        return linear(name + ".weight", name + ".bias", x);
    }

    /** Returns x·Wᵀ + b. */
    NDArray linear(String weight, String bias, NDArray x) {
        return linear(
                weight, bias, x, part(weight), part(bias), 0, tensors(weight).size());
    }

    /**
     * Applies the maps {@code from} to {@code to}, exclusive, among those that are fused under one
     * name.
     */
    NDArray linears(String name, NDArray x, int from, int to) {
        NDArray weights = part(name + ".weight");
        long each = weights.getShape().get(0) / tensors(name + ".weight").size();
        String rows = from * each + ":" + to * each;
        return linear(
                name + ".weight",
                name + ".bias",
                x,
                weights.get(rows),
                part(name + ".bias").get(rows),
                from,
                to);
    }

    private NDArray linear(String weight, String bias, NDArray x, NDArray w, NDArray b, int from, int to) {
        NDArray y = Torch.linear(x, w, b);
        if (hooks != null) {
            hooks.linear(x, y, tensors(weight).subList(from, to), tensors(bias).subList(from, to));
        }
        return y;
    }

    /**
     * Reports a product that contributes to a linear map's output: x·Wᵀ was added to it, token by
     * token.
     *
     * @param output the result of {@link #linear(String, String, NDArray)}
     */
    void added(String weight, NDArray x, NDArray output) {
        if (hooks != null) {
            hooks.linear(x, output, List.of(weight), List.of());
        }
    }

    /** Returns whether the pass has hooks, so that {@link #added} has an effect. */
    boolean isHooked() {
        return hooks != null;
    }

    /** Returns logits from a table of the vocabulary, without a bias. */
    NDArray decoder(NDArray x, String table) {
        NDArray y = x.matMul(part(table).transpose(1, 0));
        if (hooks != null) {
            hooks.decoder(x, y, table);
        }
        return y;
    }

    /** Returns logits from a table of the vocabulary and a bias. */
    NDArray decoder(NDArray x, String table, String bias) {
        NDArray y = Torch.linear(x, part(table), part(bias));
        if (hooks != null) {
            hooks.decoder(x, y, table);
            hooks.bias(y, bias);
        }
        return y;
    }

    /** Returns x + b. */
    NDArray bias(NDArray x, String bias) {
        NDArray y = x.add(part(bias));
        if (hooks != null) {
            hooks.bias(y, bias);
        }
        return y;
    }

    /** Returns the rows of [size, length, width] at the predicted places: [predictions, width]. */
    NDArray predicted(NDArray x) {
        long width = x.getShape().get(2);
        return Torch.rows(manager.create(batch.rows()), Torch.view(x, (long) batch.size() * batch.length(), width));
    }

    /**
     * Returns multi-head attention.
     *
     * @param q queries, [size, length, width], or [size, width] for one per sequence; a causal
     *     network needs all
     * @param k keys, [size, length, width]
     * @param v values, [size, length, width]
     * @return shape of the queries
     */
    NDArray attended(NDArray q, NDArray k, NDArray v, int heads) {
        long size = batch.size();
        long width = k.getShape().get(2);
        long each = width / heads;
        boolean one = q.getShape().dimension() == 2;
        NDArray queries = Torch.view(q, size, one ? 1 : length(), heads, each).transpose(0, 2, 1, 3);
        NDArray keys = Torch.view(k, size, length(), heads, each).transpose(0, 2, 3, 1);
        NDArray values = Torch.view(v, size, length(), heads, each).transpose(0, 2, 1, 3);
        NDArray scores = Torch.scaled(queries.matMul(keys), 1 / Math.sqrt((double) each));
        if (mask != null) {
            scores = scores.add(mask);
        }
        NDArray context = scores.softmax(-1).matMul(values).transpose(0, 2, 1, 3);
        return one ? Torch.view(context, size, width) : Torch.view(context, size, length(), width);
    }

    /**
     * Returns the attention mask, [size, 1, 1 or length, length]: 0 for visible keys, a very
     * negative number for others; null if all keys are visible.
     */
    private @Nullable NDArray mask() {
        if (!network.causal() && !batch.padded()) {
            return null;
        }
        int length = length();
        int queries = network.causal() ? length : 1;
        float[] values = new float[batch.size() * queries * length];
        for (int row = 0; row < batch.size(); row++) {
            for (int query = 0; query < queries; query++) {
                for (int key = 0; key < length; key++) {
                    if (key >= batch.lengthOf(row) || (network.causal() && key > query)) {
                        values[(row * queries + query) * length + key] = NEVER;
                    }
                }
            }
        }
        NDArray array = manager.create(values, new Shape(batch.size(), 1, queries, length));
        return dtype == DataType.FLOAT32 ? array : array.toType(dtype, false);
    }

    /**
     * Returns, for each step of a bidirectional pass, which sequences are at a token of their own:
     * [2, size, 1], 1 there and 0 at padding. The first direction begins at the first token; its
     * results at padding are undefined, so its entries are all 1. The second direction begins at
     * the longest sequence's last token. Empty if no sequence is padded.
     */
    List<NDArray> ownTokens() {
        if (!batch.padded()) {
            return List.of();
        }
        int size = batch.size();
        List<NDArray> steps = new ArrayList<>();
        for (int step = 0; step < batch.length(); step++) {
            int place = batch.length() - 1 - step;
            double[] own = new double[2 * size];
            Arrays.fill(own, 0, size, 1);
            IntStream.range(0, size).forEach(row -> own[size + row] = place < batch.lengthOf(row) ? 1 : 0);
            steps.add(Torch.array(manager, own, dtype, 2, size, 1));
        }
        return steps;
    }
}
