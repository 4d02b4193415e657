package basin.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.events.spec.Refusal;
import basin.lm.engine.Torch;
import basin.lm.network.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model as a function of one flat parameter vector, in float32 or float64 as the vector is; it can be differentiated twice.
 * Tied weights are there once. Stateless; thread-safe, each thread with arrays of its own.
 */
public abstract sealed class Network
        permits RobertaPreNormNetwork, BertNetwork, Gpt2Network, OptNetwork, RecurrentNetwork {
    private static final float NEVER = -1e30f;
    static final int MOST_VOCABULARY = 10_000_000;
    static final int MOST_WIDTH = 1 << 17;
    static final int MOST_LAYERS = 1_000;

    private final Layout layout = new Layout();
    private final int vocabulary;
    private final int longest;

    Network(int vocabulary, int longest) {
        this.vocabulary = vocabulary;
        this.longest = longest;
    }

    final Layout layout() {
        return layout;
    }

    /** Every tensor in the order of the flat vector, under the name that {@code transformers} gives it. */
    public final List<Parameter> parameters() {
        return List.copyOf(layout.parameters());
    }

    /** All numbers of the network, tied ones once. */
    public final int parameterCount() {
        return layout.parameterCount();
    }

    /** Tokens. */
    public final int vocabulary() {
        return vocabulary;
    }

    /** Longest sequence, in tokens. */
    public final int longest() {
        return longest;
    }

    /** Whether it predicts the next token from those before; otherwise a masked one from all others. */
    public abstract boolean causal();

    /** How the architecture is called in {@code config.json}. */
    public abstract String type();

    /** The final state of every token: [size, length, width]. */
    abstract NDArray states(Pass pass);

    /** Scores from states: [places, width] to [places, vocabulary]. */
    abstract NDArray head(Pass pass, NDArray states);

    /**
     * Scores of every token at each place.
     *
     * @param theta flat parameters, one-dimensional, {@link #parameterCount()} numbers
     * @return [places, vocabulary], in the dtype of theta
     * @throws Refusal in one sentence, where a sequence is too long or a token is not in the vocabulary
     */
    public final NDArray logits(NDArray theta, PlacedTokens batch) {
        Pass pass = new Pass(theta, batch);
        NDArray states = states(pass);
        NDArray flat = Torch.view(
                states, (long) batch.size() * batch.length(), states.getShape().get(2));
        return head(pass, Torch.rows(pass.manager.create(batch.rows()), flat));
    }

    /**
     * The final state of every token.
     *
     * @param theta flat parameters, one-dimensional, {@link #parameterCount()} numbers
     * @return [size, length, width], in the dtype of theta; what stands at padding is without meaning
     * @throws Refusal as {@link #logits}
     */
    public final NDArray states(NDArray theta, PlacedTokens batch) {
        return states(new Pass(theta, batch));
    }

    /** One forward pass. */
    final class Pass {
        private final NDManager manager;
        private final PlacedTokens batch;
        private final long[] tokens;
        private final DataType dtype;
        private final Map<String, NDArray> parts = new HashMap<>();
        private @Nullable NDArray mask;

        Pass(NDArray theta, PlacedTokens batch) {
            this.manager = theta.getManager();
            this.batch = batch;
            this.tokens = batch.tokens();
            this.dtype = theta.getDataType();
            if (batch.length() > longest) {
                throw new Refusal("a sequence has " + batch.length() + " tokens: this network reads at most " + longest
                        + "; shorten it.");
            }
            for (long token : tokens) {
                if (token < 0 || token >= vocabulary) {
                    throw new Refusal("a sequence holds token " + token + ": this network's tokens are 0 to "
                            + (vocabulary - 1) + "; give the tokenizer that belongs to it.");
                }
            }
            List<Parameter> parameters = layout.parameters();
            NDList split = Torch.split(
                    theta, parameters.stream().mapToLong(Parameter::size).toArray());
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                NDArray part = split.get(i);
                parts.put(parameter.name(), parameter.shape().length == 1 ? part : Torch.view(part, parameter.shape()));
            }
        }

        int length() {
            return batch.length();
        }

        NDArray part(String name) {
            return Optional.ofNullable(parts.get(name)).orElseThrow();
        }

        /** The rows of a table at the tokens: [size, length, width]. */
        NDArray words(String table) {
            return Torch.rows(ids(tokens), part(table));
        }

        /** The rows of a table at places counted from {@code first}, every token. */
        NDArray places(String table, int first) {
            long[] places = new long[tokens.length];
            for (int i = 0; i < places.length; i++) {
                places[i] = (long) first + i % batch.length();
            }
            return Torch.rows(ids(places), part(table));
        }

        /** The rows of a table at places counted from behind the filler's own, tokens that are the filler left out. */
        NDArray placesBehind(String table, int filler) {
            long[] places = new long[tokens.length];
            for (int row = 0; row < batch.size(); row++) {
                long before = filler;
                for (int at = 0; at < batch.length(); at++) {
                    int i = row * batch.length() + at;
                    places[i] = tokens[i] == filler ? filler : ++before;
                }
            }
            return Torch.rows(ids(places), part(table));
        }

        /** Row 0 of a table for every token. */
        NDArray firstRow(String table) {
            return Torch.rows(ids(new long[tokens.length]), part(table));
        }

        private NDArray ids(long[] ids) {
            return manager.create(ids, new Shape(batch.size(), batch.length()));
        }

        NDArray norm(String name, NDArray x, double epsilon) {
            return Torch.layerNorm(x, part(name + ".weight"), part(name + ".bias"), epsilon);
        }

        NDArray linear(String name, NDArray x) {
            return Torch.linear(x, part(name + ".weight"), part(name + ".bias"));
        }

        /** As {@link #linear}, the weight stored as [in, out]. */
        NDArray transposed(String name, NDArray x) {
            return Torch.linear(x, part(name + ".weight").transpose(1, 0), part(name + ".bias"));
        }

        /** Scores without a bias. */
        NDArray scores(NDArray x, String table) {
            return x.matMul(part(table).transpose(1, 0));
        }

        /**
         * Attention of several heads.
         *
         * @param q queries, keys and values, each [size, length, width]
         * @return [size, length, width]
         */
        NDArray attended(NDArray q, NDArray k, NDArray v, int heads) {
            long width = q.getShape().get(2);
            long each = width / heads;
            NDArray queries =
                    Torch.view(q, batch.size(), batch.length(), heads, each).transpose(0, 2, 1, 3);
            NDArray keys =
                    Torch.view(k, batch.size(), batch.length(), heads, each).transpose(0, 2, 3, 1);
            NDArray values =
                    Torch.view(v, batch.size(), batch.length(), heads, each).transpose(0, 2, 1, 3);
            NDArray scores = Torch.scaled(queries.matMul(keys), 1 / Math.sqrt((double) each))
                    .add(mask());
            NDArray context = scores.softmax(-1).matMul(values).transpose(0, 2, 1, 3);
            return Torch.view(context, batch.size(), batch.length(), width);
        }

        private NDArray mask() {
            NDArray made = mask == null ? makeMask() : mask;
            mask = made;
            return made;
        }

        /**
         * For each step of a pass in both directions which sequences are at a token of their own: [2, size, 1], 1 there and 0 at filler. The
         * first direction begins at the first token and what it finds in filler is without meaning, so it is 1 throughout; the second begins at
         * the longest sequence's last token. Empty where no sequence is filled up.
         */
        List<NDArray> ownTokens() {
            int size = batch.size();
            if (IntStream.range(0, size).allMatch(row -> batch.lengthOf(row) == batch.length())) {
                return List.of();
            }
            List<NDArray> steps = new ArrayList<>();
            for (int step = 0; step < batch.length(); step++) {
                double[] own = new double[2 * size];
                for (int row = 0; row < size; row++) {
                    own[row] = 1;
                    own[size + row] = batch.length() - 1 - step < batch.lengthOf(row) ? 1 : 0;
                }
                steps.add(Torch.array(manager, own, dtype, 2, size, 1));
            }
            return steps;
        }

        /** 0 where a key may be attended to, a very negative number elsewhere: [size, 1, length, length]. */
        private NDArray makeMask() {
            int length = batch.length();
            float[] mask = new float[batch.size() * length * length];
            for (int row = 0; row < batch.size(); row++) {
                for (int query = 0; query < length; query++) {
                    for (int key = 0; key < length; key++) {
                        if (key >= batch.lengthOf(row) || (causal() && key > query)) {
                            mask[(row * length + query) * length + key] = NEVER;
                        }
                    }
                }
            }
            NDArray array = manager.create(mask, new Shape(batch.size(), 1, length, length));
            return dtype == DataType.FLOAT32 ? array : array.toType(dtype, false);
        }
    }
}
