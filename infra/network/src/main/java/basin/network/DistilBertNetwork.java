package basin.network;

import ai.djl.ndarray.NDArray;

/** {@code DistilBertForMaskedLM}: post-LN layers without token types. */
public final class DistilBertNetwork extends PostNormNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "distilbert";

    private static final String BODY = "distilbert.";
    private static final String WORDS = BODY + "embeddings.word_embeddings.weight";
    private static final String POSITIONS = BODY + "embeddings.position_embeddings.weight";
    private static final String DECODER = "vocab_projector.weight";
    private static final String BIAS = "vocab_projector.bias";

    /** Creates a network of a shape. */
    public DistilBertNetwork(TransformerShape shape) {
        super(
                TYPE,
                shape,
                BODY + "transformer.layer.",
                new Names(
                        "attention.q_lin",
                        "attention.k_lin",
                        "attention.v_lin",
                        "attention.out_lin",
                        "sa_layer_norm",
                        "ffn.lin1",
                        "ffn.lin2",
                        "output_layer_norm"));
        int width = shape.width();
        Layout layout = layout();
        layout.table(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, shape.maxLength(), width);
        normLayout(BODY + "embeddings.LayerNorm");
        layersLayout();
        layout.linear("vocab_transform", width, width);
        normLayout("vocab_layer_norm");
        layout.head(shape, WORDS, DECODER);
        layout.scoreBias(BIAS, shape.vocabulary());
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS), pass.positions(POSITIONS, 0));
        return layers(pass, norm(pass, BODY + "embeddings.LayerNorm", x));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        NDArray hidden =
                norm(pass, "vocab_layer_norm", shape().activation().of(pass.linear("vocab_transform", states)));
        return pass.decoder(hidden, table(WORDS, DECODER), BIAS);
    }
}
