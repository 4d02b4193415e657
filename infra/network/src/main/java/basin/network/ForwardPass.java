package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
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
    /** Masks by reach, and tables of rotary positions, as far as layers have asked for them. */
    private final Map<Integer, NDArray> masks = new HashMap<>();

    private final Map<Rotary, Turn> turns = new HashMap<>();

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

    private Layout.Part layoutPart(String name) {
        return Optional.ofNullable(parts.get(name)).orElseThrow();
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

    /** Returns a normalisation with the gain and the bias of that name, as far as it has them. */
    NDArray norm(String name, NDArray x, Norm norm) {
        String gain = name + ".weight";
        String bias = name + ".bias";
        NDArray y = norm.centred() ? layerNorm(name, x, norm) : rmsNorm(name, x, norm);
        if (hooks != null) {
            hooks.norm(
                    () -> norm.centred()
                            ? Torch.layerNorm(x, filled(x, 1), filled(x, 0), norm.epsilon())
                            : Torch.rmsNorm(x, norm.epsilon()),
                    y,
                    gain,
                    bias,
                    norm);
        }
        return y;
    }

    private NDArray layerNorm(String name, NDArray x, Norm norm) {
        return Torch.layerNorm(
                x,
                norm.gain() ? part(name + ".weight") : filled(x, 1),
                norm.bias() ? part(name + ".bias") : filled(x, 0),
                norm.epsilon());
    }

    private NDArray rmsNorm(String name, NDArray x, Norm norm) {
        NDArray normed = Torch.rmsNorm(x, norm.epsilon());
        NDArray y = norm.gain() ? normed.mul(part(name + ".weight")) : normed;
        return norm.bias() ? y.add(part(name + ".bias")) : y;
    }

    /** Returns a vector as long as the last axis. */
    private NDArray filled(NDArray x, int value) {
        Shape width = new Shape(x.getShape().get(x.getShape().dimension() - 1));
        return value == 0 ? x.getManager().zeros(width, dtype) : x.getManager().ones(width, dtype);
    }

    /** Returns a normalisation of each head of [size, length, heads·each], with a common gain. */
    NDArray normOfHeads(String name, NDArray x, int heads, Norm norm) {
        Shape shape = x.getShape();
        NDArray rows = Torch.view(x, batch.size(), (long) length() * heads, shape.get(2) / heads);
        return norm(name, rows, norm).reshape(shape);
    }

    NDArray linear(String name, NDArray x) {
        return linear(name + ".weight", name + ".bias", x);
    }

    /** Returns x·Wᵀ + b, or x·Wᵀ if the layout has no such bias. */
    NDArray linear(String weight, String bias, NDArray x) {
        return linear(
                weight,
                bias,
                x,
                part(weight),
                arrays.get(bias),
                0,
                layoutPart(weight).tensors().size());
    }

    /**
     * Applies the maps {@code from} to {@code to}, exclusive, among those that are fused under one
     * name.
     */
    NDArray linears(String name, NDArray x, int from, int to) {
        NDArray weights = part(name + ".weight");
        List<Integer> outs = layoutPart(name + ".weight").rows();
        String rows = sum(outs.subList(0, from)) + ":" + sum(outs.subList(0, to));
        return linear(
                name + ".weight",
                name + ".bias",
                x,
                weights.get(rows),
                part(name + ".bias").get(rows),
                from,
                to);
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    private NDArray linear(String weight, String bias, NDArray x, NDArray w, @Nullable NDArray b, int from, int to) {
        NDArray y = Torch.linear(x, w, b);
        if (hooks != null) {
            Layout.Part maps = layoutPart(weight);
            hooks.linear(
                    x,
                    y,
                    maps.tensors().subList(from, to),
                    maps.rows().subList(from, to),
                    b == null ? List.of() : layoutPart(bias).tensors().subList(from, to));
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
            hooks.linear(x, output, List.of(weight), layoutPart(weight).rows(), List.of());
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
     * @param q queries, [size, length, width], or [size, width] for one per sequence, which needs a
     *     network that is not causal, with unlimited reach and without rotary positions; the last
     *     axis may be split into heads
     * @param k keys, [size, length, width of keys]
     * @param v values, as the keys
     * @return [size, length, width], or [size, width]
     */
    NDArray attended(NDArray q, NDArray k, NDArray v, Attention attention) {
        long size = batch.size();
        boolean one = q.getShape().dimension() == 2;
        long asked = one ? 1 : length();
        long heads = attention.heads();
        long keyHeads = attention.keyHeads();
        long each = attention.headWidth();
        NDArray queries = turned(Torch.view(q, size, asked, heads, each).transpose(0, 2, 1, 3), attention);
        NDArray keys = turned(Torch.view(k, size, length(), keyHeads, each).transpose(0, 2, 1, 3), attention);
        NDArray values = Torch.view(v, size, length(), keyHeads, each).transpose(0, 2, 1, 3);
        boolean grouped = heads > keyHeads;
        long rows = heads / keyHeads * asked;
        if (grouped) {
            // Heads that share keys become further rows of queries.
            queries = Torch.view(queries, size, keyHeads, rows, each);
        }
        NDArray scores = Torch.scaled(queries.matMul(keys.transpose(0, 1, 3, 2)), attention.scale());
        NDArray mask = mask(attention.reach());
        if (mask != null) {
            scores = (grouped ? Torch.view(scores, size, heads, asked, length()) : scores).add(mask);
        }
        NDArray weights = scores.softmax(-1);
        NDArray context = (grouped ? Torch.view(weights, size, keyHeads, rows, length()) : weights).matMul(values);
        NDArray joined = (grouped ? Torch.view(context, size, heads, asked, each) : context).transpose(0, 2, 1, 3);
        return one
                ? Torch.view(joined, size, attention.width())
                : Torch.view(joined, size, length(), attention.width());
    }

    /** Turns [size, heads, length, each] by its rotary positions, if it has any. */
    private NDArray turned(NDArray x, Attention attention) {
        if (attention.rotary().isEmpty()) {
            return x;
        }
        Rotary rotary = attention.rotary().get();
        Turn turn = turns.computeIfAbsent(rotary, this::turn);
        int half = rotary.frequencies().size();
        NDArray first = x.get("..., 0:" + half);
        NDArray second = x.get("..., " + half + ":" + 2 * half);
        NDList turned = new NDList(
                first.mul(turn.cosines()).sub(second.mul(turn.sines())),
                second.mul(turn.cosines()).add(first.mul(turn.sines())));
        if (2 * half < attention.headWidth()) {
            turned.add(x.get("..., " + 2 * half + ":"));
        }
        return NDArrays.concat(turned, 3);
    }

    /**
     * Tables of a rotation by position.
     *
     * @param cosines [length, pairs]
     * @param sines [length, pairs]
     */
    private record Turn(NDArray cosines, NDArray sines) {}

    private Turn turn(Rotary rotary) {
        int pairs = rotary.frequencies().size();
        double[] cosines = new double[length() * pairs];
        double[] sines = new double[cosines.length];
        for (int i = 0; i < cosines.length; i++) {
            int position = i / pairs;
            double angle = position * rotary.frequencies().get(i % pairs);
            cosines[i] = rotary.scale() * Math.cos(angle);
            sines[i] = rotary.scale() * Math.sin(angle);
        }
        return new Turn(
                Torch.array(manager, cosines, dtype, length(), pairs),
                Torch.array(manager, sines, dtype, length(), pairs));
    }

    /**
     * Returns the attention mask, [size, 1, 1 or length, length]: 0 for visible keys, a very
     * negative number for others; null if all keys are visible.
     */
    private @Nullable NDArray mask(int reach) {
        boolean limited = reach < length() - 1;
        if (!network.causal() && !batch.padded() && !limited) {
            return null;
        }
        return masks.computeIfAbsent(limited ? reach : Attention.EVERYWHERE, this::newMask);
    }

    private NDArray newMask(int reach) {
        int length = length();
        int queries = network.causal() || reach < length ? length : 1;
        float[] values = new float[batch.size() * queries * length];
        for (int row = 0; row < batch.size(); row++) {
            for (int query = 0; query < queries; query++) {
                for (int key = 0; key < length; key++) {
                    if (key >= batch.lengthOf(row)
                            || (network.causal() && key > query)
                            || (queries == length && Math.abs(key - query) > reach)) {
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
