package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;

/**
 * {@code RobertaForMaskedLM}: post-LN layers, with positions that begin after the padding index.
 */
public final class RobertaNetwork extends PostNormNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "roberta";

    private static final String BODY = "roberta.";
    private static final String WORDS = BODY + "embeddings.word_embeddings.weight";
    private static final String POSITIONS = BODY + "embeddings.position_embeddings.weight";
    private static final String TYPES = BODY + "embeddings.token_type_embeddings.weight";
    private static final String DECODER = "lm_head.decoder.weight";
    private static final String BIAS = "lm_head.bias";
    private static final String DECODER_BIAS = "lm_head.decoder.bias";

    /** Creates a network of a shape that has a table of token types and a padding token. */
    public RobertaNetwork(TransformerShape shape) {
        super(TYPE, shape, BODY + "encoder.layer.", Names.BERT);
        int width = shape.width();
        Layout layout = layout();
        layout.table(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, Math.addExact(shape.maxLength(), shape.padding() + 1), width);
        layout.table(TYPES, shape.types(), width);
        normLayout(BODY + "embeddings.LayerNorm");
        layersLayout();
        layout.linear("lm_head.dense", width, width);
        normLayout("lm_head.layer_norm");
        layout.head(shape, WORDS, BIAS, DECODER, DECODER_BIAS);
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(
                pass.words(WORDS), pass.positionsBehind(POSITIONS, shape().padding()), pass.firstRow(TYPES));
        return layers(pass, norm(pass, BODY + "embeddings.LayerNorm", x));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        // The head always uses the exact GELU, whatever the activation of the layers is.
        NDArray hidden = norm(pass, "lm_head.layer_norm", Torch.gelu(pass.linear("lm_head.dense", states)));
        return pass.decoder(hidden, table(WORDS, DECODER), bias(BIAS, DECODER_BIAS));
    }
}
