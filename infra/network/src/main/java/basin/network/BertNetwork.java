package basin.network;

import ai.djl.ndarray.NDArray;

/** {@code BertForMaskedLM}: post-LN layers, with positions counted from 0. */
public final class BertNetwork extends TransformerNetwork {
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
        super(TYPE, false, shape, "bert.encoder.layer.");
        int width = shape.width();
        Layout layout = layout();
        layout.table(WORDS, shape.vocabulary(), width);
        layout.table(POSITIONS, shape.maxLength(), width);
        layout.table(TYPES, shape.types(), width);
        layout.norm("bert.embeddings.LayerNorm", width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            String at = at(layer);
            layout.linear(at + "attention.self.query", width, width);
            layout.linear(at + "attention.self.key", width, width);
            layout.linear(at + "attention.self.value", width, width);
            layout.linear(at + "attention.output.dense", width, width);
            layout.norm(at + "attention.output.LayerNorm", width);
            layout.linear(at + "intermediate.dense", shape.intermediate(), width);
            layout.linear(at + "output.dense", width, shape.intermediate());
            layout.norm(at + "output.LayerNorm", width);
        }
        layout.linear(HEAD + "dense", width, width);
        layout.norm(HEAD + "LayerNorm", width);
        layout.head(shape, WORDS, BIAS, DECODER, DECODER_BIAS);
        // The spelling of the first published files.
        layout.spelledOtherwise("LayerNorm.weight", "LayerNorm.gamma", "LayerNorm.bias", "LayerNorm.beta");
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(WORDS), pass.firstRow(TYPES), pass.positions(POSITIONS, 0));
        return layers(pass, norm(pass, "bert.embeddings.LayerNorm", x), (at, input) -> layer(pass, at, input));
    }

    private NDArray layer(ForwardPass pass, String at, NDArray x) {
        NDArray context = pass.attended(
                pass.linear(at + "attention.self.query", x),
                pass.linear(at + "attention.self.key", x),
                pass.linear(at + "attention.self.value", x),
                shape().heads());
        NDArray attended = norm(
                pass,
                at + "attention.output.LayerNorm",
                pass.linear(at + "attention.output.dense", context).add(x));
        NDArray hidden = shape().activation().of(pass.linear(at + "intermediate.dense", attended));
        return norm(
                pass,
                at + "output.LayerNorm",
                pass.linear(at + "output.dense", hidden).add(attended));
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        NDArray hidden = norm(pass, HEAD + "LayerNorm", shape().activation().of(pass.linear(HEAD + "dense", states)));
        return pass.decoder(hidden, tied(WORDS, DECODER), tied(BIAS, DECODER_BIAS));
    }
}
