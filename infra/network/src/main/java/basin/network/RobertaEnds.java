package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;

/**
 * The embeddings and the head of a RoBERTa, whatever its layers are: tables of words, positions and
 * token types, and a dense head with the table of the words. Thread-safe.
 */
final class RobertaEnds {
    private static final String DECODER = "lm_head.decoder.weight";
    private static final String BIAS = "lm_head.bias";
    private static final String DECODER_BIAS = "lm_head.decoder.bias";

    private final TransformerNetwork network;
    private final String words;
    private final String positions;
    private final String types;
    private final String norm;

    /**
     * Creates the ends of a network.
     *
     * @param body prefix of the names of the tensors below the head
     */
    RobertaEnds(TransformerNetwork network, String body) {
        this.network = network;
        this.words = body + "embeddings.word_embeddings.weight";
        this.positions = body + "embeddings.position_embeddings.weight";
        this.types = body + "embeddings.token_type_embeddings.weight";
        this.norm = body + "embeddings.LayerNorm";
    }

    /** Lays out the embeddings, of a shape that has a table of token types and a padding token. */
    void embeddingsLayout() {
        TransformerShape shape = network.shape();
        Layout layout = network.layout();
        layout.table(words, shape.vocabulary(), shape.width());
        layout.table(positions, Math.addExact(shape.maxLength(), shape.padding() + 1), shape.width());
        layout.table(types, shape.types(), shape.width());
        network.normLayout(norm);
    }

    /** Lays out the head. */
    void headLayout() {
        TransformerShape shape = network.shape();
        network.layout().linear("lm_head.dense", shape.width(), shape.width());
        network.normLayout("lm_head.layer_norm");
        network.layout().head(shape, words, BIAS, DECODER, DECODER_BIAS);
    }

    /** Returns the states before the first layer. */
    NDArray embedded(ForwardPass pass) {
        NDArray x = pass.embedding(
                pass.words(words),
                pass.positionsBehind(positions, network.shape().padding()),
                pass.firstRow(types));
        return network.norm(pass, norm, x);
    }

    /** Maps the states after the last layer to logits. */
    NDArray head(ForwardPass pass, NDArray states) {
        // The head always uses the exact GELU, whatever the activation of the layers is.
        NDArray hidden = network.norm(pass, "lm_head.layer_norm", Torch.gelu(pass.linear("lm_head.dense", states)));
        return pass.decoder(hidden, network.table(words, DECODER), network.bias(BIAS, DECODER_BIAS));
    }
}
