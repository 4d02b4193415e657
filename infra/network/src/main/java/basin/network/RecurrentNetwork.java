package basin.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import basin.network.engine.Torch;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A stacked bidirectional LSTM in elementary operations, because the engine's fused LSTM has no
 * second derivative. Both directions advance together, step by step.
 */
final class RecurrentNetwork extends Network {
    static final String BIASES = "lstm.bias_ih_l";

    private static final String WORDS = "embedding.weight";
    private static final String HEAD = "head";
    private static final String BIAS = "decoder.bias";
    private static final List<String> DIRECTIONS = List.of("", "_reverse");

    private final int width;
    private final int layers;

    RecurrentNetwork(RecurrentShape shape) {
        super("lstm", false, shape.vocabulary(), shape.longestSequence());
        width = shape.width();
        layers = shape.layers();
        Layout layout = layout();
        layout.table(WORDS, vocabulary(), width);
        for (int layer = 0; layer < layers; layer++) {
            for (String direction : DIRECTIONS) {
                layout.table(inputs(layer, direction), 4 * width, layer == 0 ? width : 2 * width);
                layout.table(states(layer, direction), 4 * width, width);
                layout.bias(biases(layer, direction), 4 * width);
            }
        }
        layout.linear(HEAD, width, 2 * width);
        layout.scoreBias(BIAS, vocabulary());
    }

    private static String inputs(int layer, String direction) {
        return "lstm.weight_ih_l" + layer + direction;
    }

    private static String states(int layer, String direction) {
        return "lstm.weight_hh_l" + layer + direction;
    }

    private static String biases(int layer, String direction) {
        return BIASES + layer + direction;
    }

    /** Returns the concatenated states of both directions: [size, length, 2·width]. */
    @Override
    NDArray states(ForwardPass pass) {
        List<NDArray> own = pass.ownTokens();
        NDArray x = pass.embedding(pass.words(WORDS));
        for (int layer = 0; layer < layers; layer++) {
            x = layer(pass, layer, x, own);
        }
        return x;
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x, List<NDArray> own) {
        NDArray ahead = input(pass, layer, DIRECTIONS.getFirst(), x);
        NDArray back = input(pass, layer, DIRECTIONS.getLast(), x);
        // A single split for all steps, because its backward pass is one concatenation.
        NDList steps = NDArrays.stack(new NDList(ahead, back.flip(1))).split(pass.length(), 2);
        NDArray recurrent = NDArrays.stack(new NDList(
                        pass.part(states(layer, DIRECTIONS.getFirst())),
                        pass.part(states(layer, DIRECTIONS.getLast()))))
                .transpose(0, 2, 1);
        NDList states = new NDList();
        NDArray state = null;
        NDArray cell = null;
        for (int step = 0; step < pass.length(); step++) {
            NDArray gates = steps.get(step).squeeze(2);
            if (state != null) {
                gates = gates.add(state.matMul(recurrent));
            }
            NDList each = gates.split(4, 2);
            NDArray written = sigmoid(each.get(0)).mul(each.get(2).tanh());
            cell = cell == null ? written : sigmoid(each.get(1)).mul(cell).add(written);
            state = sigmoid(each.get(3)).mul(cell.tanh());
            if (!own.isEmpty()) {
                // At padding, the backward direction has not yet reached the sentence, so its state
                // is zero.
                cell = cell.mul(own.get(step));
                state = state.mul(own.get(step));
            }
            states.add(state);
        }
        NDList both = NDArrays.stack(states, 2).split(2, 0);
        NDArray aheadStates = both.get(0).squeeze(0);
        NDArray backStates = both.get(1).squeeze(0).flip(1);
        if (pass.isHooked()) {
            hookRecurrent(pass, layer, ahead, aheadStates, back, backStates);
        }
        return aheadStates.concat(backStates, 2);
    }

    /**
     * Reports to the hooks that, in each direction, a token's gates depend on the previous state as
     * well as on its input.
     */
    private void hookRecurrent(
            ForwardPass pass, int layer, NDArray ahead, NDArray aheadStates, NDArray back, NDArray backStates) {
        Torch.unrecorded(() -> {
            NDArray none = aheadStates.get(":, 0:1").zerosLike();
            int last = pass.length() - 1;
            pass.added(states(layer, DIRECTIONS.getFirst()), none.concat(aheadStates.get(":, 0:" + last), 1), ahead);
            pass.added(
                    states(layer, DIRECTIONS.getLast()), backStates.get(":, 1:").concat(none, 1), back);
            return null;
        });
    }

    private static NDArray input(ForwardPass pass, int layer, String direction, NDArray x) {
        return pass.linear(inputs(layer, direction), biases(layer, direction), x);
    }

    private static NDArray sigmoid(NDArray x) {
        return Torch.sigmoid(x);
    }

    /**
     * Returns the states at which each direction has read the whole sequence: the forward state of
     * the last word, and the backward state of the first token.
     */
    @Override
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        int[] sequences = IntStream.range(0, 2 * batch.size()).map(k -> k / 2).toArray();
        int[] places = IntStream.range(0, 2 * batch.size())
                .map(k -> k % 2 == 0 ? batch.lengthOf(k / 2) - 1 : 0)
                .toArray();
        // The two halves of every token become two rows. Of a sequence's four rows, the first and
        // the last are needed.
        NDArray halves = Torch.view(statesAt(theta, batch, sequences, places), 4L * batch.size(), width);
        long[] rows = LongStream.range(0, 2L * batch.size())
                .map(k -> 4 * (k / 2) + 3 * (k % 2))
                .toArray();
        return Torch.view(Torch.rows(theta.getManager().create(rows), halves), batch.size(), 2L * width);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return pass.bias(pass.decoder(pass.linear(HEAD, states), WORDS), BIAS);
    }
}
