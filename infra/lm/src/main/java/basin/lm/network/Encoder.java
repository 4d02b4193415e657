package basin.lm.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.lm.engine.Torch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoder's forward pass over a flat parameter vector, in float32 or float64 as the vector is. Stateless; thread-safe, each
 * thread with arrays of its own.
 */
public final class Encoder implements LanguageModel {
    private final EncoderShape shape;
    private final boolean shortcut;
    private final long[] partLengths;

    /** A network of that shape. */
    public Encoder(EncoderShape shape) {
        this(shape, true);
    }

    private Encoder(EncoderShape shape, boolean shortcut) {
        this.shape = shape;
        this.shortcut = shortcut;
        this.partLengths = partLengths();
    }

    /** The same, every place computed for the scores at one: slower, for comparisons. */
    public Encoder inFull() {
        return new Encoder(shape, false);
    }

    /** The network's shape. */
    @Override
    public EncoderShape shape() {
        return shape;
    }

    @Override
    public TokenBatch training(int[][] sentences, int[] positions) {
        return TokenBatch.masked(sentences, positions);
    }

    @Override
    public TokenBatch plain(int[][] sentences) {
        return TokenBatch.plain(sentences);
    }

    @Override
    public NDArray logits(NDArray theta, TokenBatch batch) {
        return shortcut ? maskedLogits(theta, batch) : maskedLogitsInFull(theta, batch);
    }

    /** The start token's. */
    @Override
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        return maskedStates(theta, batch);
    }

    /**
     * Scores of every token at the masked place of each sequence. Above the last layer's keys and values only that place is
     * computed, for nothing else reaches the scores.
     *
     * @param theta flat parameters
     * @return [size, vocabulary]
     */
    public NDArray maskedLogits(NDArray theta, TokenBatch batch) {
        return new Pass(theta, batch, null).logits(true);
    }

    /** As {@link #maskedLogits}, every place computed, head included: the same numbers, for tests and comparisons. */
    public NDArray maskedLogitsInFull(NDArray theta, TokenBatch batch) {
        return new Pass(theta, batch, null).logits(false);
    }

    /** As {@link #maskedLogits}, leaving in {@code taps} what per-example gradients are made of. */
    NDArray maskedLogits(NDArray theta, TokenBatch batch, Taps taps) {
        return new Pass(theta, batch, taps).logits(true);
    }

    /**
     * The final state of every token, after the last LayerNorm.
     *
     * @return [size, length, width]; what stands at padding is without meaning
     */
    @Override
    public NDArray states(NDArray theta, TokenBatch batch) {
        return new Pass(theta, batch, null).states();
    }

    /**
     * The final state of the masked place of each sequence, of {@linkplain TokenBatch#plain plain} sentences of the start token:
     * the same numbers as in {@link #states}, without what they do not need of the last layer.
     *
     * @return [size, width]
     */
    public NDArray maskedStates(NDArray theta, TokenBatch batch) {
        return new Pass(theta, batch, null).maskedStates();
    }

    /**
     * Mean cross-entropy −Σ target·log p in nats.
     *
     * @param logits [size, vocabulary]
     * @param targets [size, vocabulary], rows that sum to one
     */
    public static NDArray crossEntropy(NDArray logits, NDArray targets) {
        NDArray sum = logits.logSoftmax(-1).mul(targets).sum();
        return Torch.scaled(sum, -1.0 / logits.getShape().get(0));
    }

    /** Rows of probabilities over words as targets over tokens: [rows, vocabulary]. */
    public NDArray targets(NDManager manager, double[][] conditionals, DataType dtype) {
        double[] rows = new double[conditionals.length * shape.vocabulary()];
        for (int i = 0; i < conditionals.length; i++) {
            System.arraycopy(
                    conditionals[i], 0, rows, i * shape.vocabulary() + EncoderShape.FIRST_WORD, conditionals[i].length);
        }
        NDArray array = manager.create(rows, new Shape(conditionals.length, shape.vocabulary()));
        return dtype == DataType.FLOAT64 ? array : array.toType(dtype, false);
    }

    private static NDArray array(NDManager manager, float[] values, DataType dtype, long... sizes) {
        NDArray array = manager.create(values, new Shape(sizes));
        return dtype == DataType.FLOAT32 ? array : array.toType(dtype, false);
    }

    private long[] partLengths() {
        List<Long> lengths = new ArrayList<>();
        for (Parameter parameter : shape.parameters()) {
            if (parameter.name().endsWith("key.weight") || parameter.name().endsWith("key.bias")) {
                continue; // one part with the query's, so that one product makes queries, keys and values
            }
            if (parameter.name().endsWith("value.weight") || parameter.name().endsWith("value.bias")) {
                continue;
            }
            boolean fused = parameter.name().contains(".query.");
            lengths.add((fused ? 3L : 1L) * parameter.size());
        }
        if (lengths.stream().mapToLong(Long::longValue).sum() != shape.parameterCount()) {
            throw new IllegalStateException("The parts of the parameter vector do not cover it.");
        }
        return lengths.stream().mapToLong(Long::longValue).toArray();
    }

    /** One forward pass: walks the parts of theta in their order. */
    private final class Pass {
        private final NDManager manager;
        private final TokenBatch batch;
        private final @Nullable Taps taps;
        private final NDList parts;
        private final @Nullable NDArray keyMask;
        private final long size;
        private final long length;
        private final long width = shape.width();
        private int next;

        Pass(NDArray theta, TokenBatch batch, @Nullable Taps taps) {
            this.manager = theta.getManager();
            this.batch = batch;
            this.taps = taps;
            this.size = batch.size();
            this.length = batch.length();
            this.parts = Torch.split(theta, partLengths);
            this.keyMask = batch.padded() ? keyMask(theta.getDataType()) : null;
            if (batch.length() > shape.longestSequence()) {
                throw new IllegalArgumentException("a sentence has " + (batch.length() - 1)
                        + " words: this network reads at most " + shape.longest() + ".");
            }
        }

        NDArray states() {
            return body(part(shape.vocabulary(), width), false);
        }

        NDArray maskedStates() {
            return body(part(shape.vocabulary(), width), true);
        }

        NDArray logits(boolean shortcut) {
            NDArray words = part(shape.vocabulary(), width);
            NDArray states = body(words, shortcut);
            NDArray normed = norm(Torch.gelu(linear(states, width, width)));
            NDArray bias = part(shape.vocabulary());
            NDArray logits = Torch.linear(normed, words, bias);
            if (!shortcut) {
                return Torch.rows(maskedRows(), Torch.view(logits, size * length, shape.vocabulary()));
            }
            return taps == null ? logits : taps.decoder(normed, logits);
        }

        /** All layers; with the shortcut the last one yields the masked places only, [size, width]. */
        private NDArray body(NDArray words, boolean shortcut) {
            NDArray positions = part(shape.positions(), width);
            NDArray type = part(width);
            NDArray ids = manager.create(batch.tokens(), new Shape(size, length));
            NDArray x = Torch.rows(ids, words)
                    .add(positions.get(EncoderShape.FIRST_POSITION + ":" + (EncoderShape.FIRST_POSITION + length)))
                    .add(type);
            if (taps != null) {
                x = taps.embedding(batch, x);
            }
            x = norm(x);
            for (int layer = 0; layer < shape.layers(); layer++) {
                boolean maskedOnly = shortcut && layer == shape.layers() - 1;
                x = taps == null ? layerFreeingAllElse(x, maskedOnly) : layer(x, maskedOnly);
            }
            return norm(x);
        }

        /** Of a layer only its result stays, and where a backward pass may follow what the engine's graph holds for it. */
        private NDArray layerFreeingAllElse(NDArray x, boolean maskedOnly) {
            try (NDManager scope = Torch.scope(manager)) {
                // Results are attached to where the first operand is.
                x.attach(scope);
                NDArray y = layer(x, maskedOnly);
                y.attach(manager);
                return y;
            }
        }

        private NDArray layer(NDArray x, boolean maskedOnly) {
            NDArray normed = norm(x);
            NDArray weights = part(3 * width, width);
            NDArray biases = part(3 * width);
            NDArray residual = x;
            NDArray queries;
            NDArray keysAndValues;
            long asked;
            if (maskedOnly) {
                NDArray rows = maskedRows();
                residual = Torch.rows(rows, Torch.view(x, size * length, width));
                NDArray normedRows = Torch.rows(rows, Torch.view(normed, size * length, width));
                queries = Torch.linear(normedRows, weights.get("0:" + width), biases.get("0:" + width));
                keysAndValues = Torch.linear(normed, weights.get(width + ":"), biases.get(width + ":"));
                if (taps != null) {
                    queries = taps.queries(normedRows, queries);
                    keysAndValues = taps.keysAndValues(normed, keysAndValues);
                }
                asked = 1;
            } else {
                NDArray all = Torch.linear(normed, weights, biases);
                if (taps != null) {
                    all = taps.attention(normed, all);
                }
                queries = all.get(":, :, 0:" + width);
                keysAndValues = all.get(":, :, " + width + ":");
                asked = length;
            }
            long heads = shape.heads();
            long each = width / heads;
            NDArray q = Torch.view(queries, size, asked, heads, each).transpose(0, 2, 1, 3);
            NDArray kv = Torch.view(keysAndValues, size, length, 2, heads, each);
            NDArray k = kv.get(":, :, 0").transpose(0, 2, 3, 1);
            NDArray v = kv.get(":, :, 1").transpose(0, 2, 1, 3);
            NDArray scores = Torch.scaled(q.matMul(k), 1 / Math.sqrt((double) each));
            if (keyMask != null) {
                scores = scores.add(keyMask);
            }
            NDArray context = scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3);
            NDArray joined = maskedOnly ? Torch.view(context, size, width) : Torch.view(context, size, length, width);
            NDArray attended = linear(joined, width, width).add(residual);
            NDArray hidden = Torch.gelu(linear(norm(attended), shape.intermediate(), width));
            return linear(hidden, width, shape.intermediate()).add(attended);
        }

        private NDArray norm(NDArray x) {
            NDArray gain = part(width);
            NDArray bias = part(width);
            NDArray y = Torch.layerNorm(x, gain, bias, EncoderShape.LAYER_NORM_EPSILON);
            return taps == null ? y : taps.norm(x, y);
        }

        private NDArray linear(NDArray x, long out, long in) {
            NDArray weight = part(out, in);
            NDArray bias = part(out);
            NDArray y = Torch.linear(x, weight, bias);
            return taps == null ? y : taps.linear(x, y);
        }

        private NDArray part(long... sizes) {
            NDArray part = parts.get(next++);
            return sizes.length == 1 ? part : Torch.view(part, sizes);
        }

        private NDArray maskedRows() {
            long[] rows = new long[batch.size()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = i * length + batch.maskedPlace(i);
            }
            return manager.create(rows);
        }

        /** 0 where a key may be attended to, a very negative number at padding: [size, 1, 1, length]. */
        private NDArray keyMask(DataType dtype) {
            float[] mask = new float[batch.size() * batch.length()];
            for (int i = 0; i < batch.size(); i++) {
                for (int t = batch.lengthOf(i); t < batch.length(); t++) {
                    mask[i * batch.length() + t] = -1e30f;
                }
            }
            return array(manager, mask, dtype, size, 1, 1, length);
        }
    }
}
