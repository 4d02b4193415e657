package basin.network;

import ai.djl.ndarray.NDArray;

/** {@code BertForMaskedLM}: post-LN layers, with positions counted from 0. */
public final class BertNetwork extends PostNormNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "bert";

    private static final String WORDS = "bert.embeddings.word_embeddings.weight";
    private static final String POSITIONS = "bert.embeddings.position_embeddings.weight";
    private static final String TYPES = "bert.embeddings.token_type_embeddings.weight";
    private static final String HEAD = "cls.predictions.transform.";
    private static final String DECODER = "cls.predictions.decoder.weight";
    private static final String BIAS = "cls.predictions.bias";
    private static final String DECODER_BIAS = "cls.predictions.decoder.bias";

    /** Creates a network of a shape that has a table of token types. */
    public BertNetwork(TransformerShape shape) {
        super(TYPE, shape, "bert.encoder.layer.", Names.BERT);
        int width = shape.width();
        Layout layout = layout();
        layout.table(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, shape.maxLength(), width);
        layout.table(TYPES, shape.types(), width);
        normLayout("bert.embeddings.LayerNorm");
        layersLayout();
        layout.linear(HEAD + "dense", width, width);
        normLayout(HEAD + "LayerNorm");
        layout.head(shape, WORDS, BIAS, DECODER, DECODER_BIAS);
        // The spelling of the first published files.
        layout.spelledOtherwise("LayerNorm.weight", "LayerNorm.gamma", "LayerNorm.bias", "LayerNorm.beta");
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS), pass.firstRow(TYPES), pass.positions(POSITIONS, 0));
        return layers(pass, norm(pass, "bert.embeddings.LayerNorm", x));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        NDArray hidden = norm(pass, HEAD + "LayerNorm", shape().activation().of(pass.linear(HEAD + "dense", states)));
        return pass.decoder(hidden, table(WORDS, DECODER), bias(BIAS, DECODER_BIAS));
    }
}
