package basin.network;

import ai.djl.ndarray.NDArray;

/**
 * {@code RobertaForMaskedLM}: post-LN layers, with positions that begin after the padding index.
 */
public final class RobertaNetwork extends PostNormNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "roberta";

    private static final String BODY = "roberta.";

    private final RobertaEnds ends = new RobertaEnds(this, BODY);

    /** Creates a network of a shape that has a table of token types and a padding token. */
    public RobertaNetwork(TransformerShape shape) {
        super(TYPE, shape, BODY + "encoder.layer.", Names.BERT);
        ends.embeddingsLayout();
        layersLayout();
        ends.headLayout();
    }

    @Override
    NDArray states(ForwardPass pass) {
        return layers(pass, ends.embedded(pass));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        return ends.head(pass, states);
    }
}
