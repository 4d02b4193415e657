package basin.network;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * {@code RobertaPreLayerNormForMaskedLM}: a pre-LN encoder whose positions begin after the padding
 * index. Queries, keys and values are fused, so that one product computes all three.
 */
public final class RobertaPreNormNetwork extends TransformerNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "roberta-prelayernorm";

    private static final String BODY = "roberta_prelayernorm.";
    private static final String ATTENTION = "attention.self.query, key and value";

    private final RobertaEnds ends = new RobertaEnds(this, BODY);

    /** Creates a network of a shape that has a table of token types and a padding token. */
    public RobertaPreNormNetwork(TransformerShape shape) {
        super(TYPE, false, shape, BODY + "encoder.layer.");
        int width = shape.width();
        Layout layout = layout();
        ends.embeddingsLayout();
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            String self = at + "attention.self.";
            normLayout(at + "attention.LayerNorm");
            layout.fused(
                    at + ATTENTION,
                    List.of(self + "query", self + "key", self + "value"),
                    List.of(width, width, width),
                    width,
                    true);
            layout.linear(at + "attention.output.dense", width, width);
            normLayout(at + "intermediate.LayerNorm");
            layout.linear(at + "intermediate.dense", shape.intermediate(), width);
            layout.linear(at + "output.dense", width, shape.intermediate());
        }
        normLayout(BODY + "LayerNorm");
        ends.headLayout();
    }

    @Override
    NDArray states(ForwardPass pass) {
        return states(pass, false);
    }

    /**
     * Skips other places above the last layer's keys and values if each sequence has exactly one
     * predicted place.
     */
    @Override
    NDArray predictedStates(ForwardPass pass) {
        return pass.batch().hasOnePredictionEach() ? states(pass, true) : super.predictedStates(pass);
    }

    private NDArray states(ForwardPass pass, boolean predictedOnly) {
        int last = shape().layers() - 1;
        NDArray states = layers(
                pass, ends.embedded(pass), (layer, input) -> layer(pass, layer, input, predictedOnly && layer == last));
        return norm(pass, BODY + "LayerNorm", states);
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x, boolean predictedOnly) {
        String at = at(layer);
        long width = shape().width();
        NDArray normed = norm(pass, at + "attention.LayerNorm", x);
        NDArray residual = x;
        NDArray queries;
        NDArray keysAndValues;
        if (predictedOnly) {
            residual = pass.predicted(x);
            queries = pass.linears(at + ATTENTION, pass.predicted(normed), 0, 1);
            keysAndValues = pass.linears(at + ATTENTION, normed, 1, 3);
        } else {
            NDArray all = pass.linear(at + ATTENTION, normed);
            queries = all.get(":, :, 0:" + width);
            keysAndValues = all.get(":, :, " + width + ":");
        }
        NDArray context = attended(
                pass, layer, queries, keysAndValues.get(":, :, 0:" + width), keysAndValues.get(":, :, " + width + ":"));
        NDArray attended = pass.linear(at + "attention.output.dense", context).add(residual);
        NDArray read = norm(pass, at + "intermediate.LayerNorm", attended);
        return feedForward(pass, at + "intermediate.dense", at + "output.dense", read)
                .add(attended);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return ends.head(pass, states);
    }
}
