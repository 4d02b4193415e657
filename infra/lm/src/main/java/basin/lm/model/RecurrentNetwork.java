package basin.lm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import basin.lm.engine.Torch;
import java.util.List;

/**
 * A stacked bidirectional LSTM, written in elementary operations: the engine's fused one has no second derivative. Both directions take their
 * steps together.
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
        super(shape.vocabulary(), shape.longestSequence());
        width = shape.width();
        layers = shape.layers();
        Layout layout = layout();
        layout.words(WORDS, vocabulary(), width);
        for (int layer = 0; layer < layers; layer++) {
            for (String direction : DIRECTIONS) {
                layout.table(inputs(layer, direction), 4 * width, layer == 0 ? width : 2 * width);
                layout.table(states(layer, direction), 4 * width, width);
                layout.bias(biases(layer, direction), 4 * width);
            }
        }
        layout.linear(HEAD, width, 2 * width);
        layout.bias(BIAS, vocabulary());
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

    @Override
    public boolean causal() {
        return false;
    }

    @Override
    public String type() {
        return "lstm";
    }

    /** Both directions' states, one behind the other: [size, length, 2·width]. */
    @Override
    NDArray states(Pass pass) {
        List<NDArray> own = pass.ownTokens();
        NDArray x = pass.words(WORDS);
        for (int layer = 0; layer < layers; layer++) {
            x = layer(pass, layer, x, own);
        }
        return x;
    }

    private NDArray layer(Pass pass, int layer, NDArray x, List<NDArray> own) {
        NDArray ahead = input(pass, layer, DIRECTIONS.getFirst(), x);
        NDArray back = input(pass, layer, DIRECTIONS.getLast(), x).flip(1);
        // One cut for all steps, whose backward pass is one concatenation.
        NDList steps = NDArrays.stack(new NDList(ahead, back)).split(pass.length(), 2);
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
                // Before its last token the way back knows nothing of a sentence.
                cell = cell.mul(own.get(step));
                state = state.mul(own.get(step));
            }
            states.add(state);
        }
        NDList both = NDArrays.stack(states, 2).split(2, 0);
        return both.get(0).squeeze(0).concat(both.get(1).squeeze(0).flip(1), 2);
    }

    private static NDArray input(Pass pass, int layer, String direction, NDArray x) {
        return Torch.linear(x, pass.part(inputs(layer, direction)), pass.part(biases(layer, direction)));
    }

    private static NDArray sigmoid(NDArray x) {
        return x.getNDArrayInternal().sigmoid();
    }

    @Override
    NDArray head(Pass pass, NDArray states) {
        return pass.scores(pass.linear(HEAD, states), WORDS).add(pass.part(BIAS));
    }
}
