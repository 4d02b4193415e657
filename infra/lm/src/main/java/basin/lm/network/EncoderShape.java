package basin.lm.network;

import basin.events.spec.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a BERT-style pre-LN encoder with a masked-language-model head: the layout, names and constants of Hugging Face's
 * {@code RobertaPreLayerNormForMaskedLM}, embeddings tied.
 *
 * <p>The vocabulary is four special tokens ({@code <s>} 0, {@code <pad>} 1, {@code </s>} 2, {@code <mask>} 3) and then the
 * words. A sentence enters as {@code <s>} and its words; positions begin at 2, after the padding index.
 *
 * @param words different words of the language
 * @param longest longest sentence, in words
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads a layer; divides the width
 * @param intermediate hidden units of the feed-forward block
 */
public record EncoderShape(int words, int longest, int width, int layers, int heads, int intermediate)
        implements NetworkShape {
    /** First token of every sentence; its state stands for the sentence in fine-tuning. */
    public static final int START = 0;
    /** Fills sentences up to the longest of a batch. */
    public static final int PADDING = 1;
    /** Stands where the word is hidden. */
    public static final int MASK = 3;
    /** The token of word 0. */
    public static final int FIRST_WORD = 4;
    /** Position of the first token. */
    public static final int FIRST_POSITION = 2;
    /** ε of every LayerNorm. */
    public static final double LAYER_NORM_EPSILON = 1e-12;

    private static final String BODY = "roberta_prelayernorm.";

    public EncoderShape {
        NetworkShape.positive("words", words);
        NetworkShape.positive("longest", longest);
        NetworkShape.positive("width", width);
        NetworkShape.positive("layers", layers);
        NetworkShape.positive("heads", heads);
        NetworkShape.positive("intermediate", intermediate);
        if (width % heads != 0) {
            throw new Refusal("heads is " + heads + ": give a number of heads that divides the width, " + width + ".");
        }
    }

    @Override
    public int stateWidth() {
        return width;
    }

    /** Tokens: the words and four special ones. */
    @Override
    public int vocabulary() {
        return words + FIRST_WORD;
    }

    /** Rows of the position table: two that are never used, then one a token of the longest sequence. */
    public int positions() {
        return longest + 1 + FIRST_POSITION;
    }

    /**
     * Every tensor in the order of the flat vector. Queries, keys and values lie side by side, so that one product makes all
     * three.
     */
    @Override
    public List<Parameter> parameters() {
        Layout layout = new Layout();
        layout.weight(BODY + "embeddings.word_embeddings.weight", vocabulary(), width);
        layout.weight(BODY + "embeddings.position_embeddings.weight", positions(), width);
        layout.weight(BODY + "embeddings.token_type_embeddings.weight", 1, width);
        layout.norm(BODY + "embeddings.LayerNorm");
        for (int layer = 0; layer < layers; layer++) {
            String at = BODY + "encoder.layer." + layer + ".";
            layout.norm(at + "attention.LayerNorm");
            layout.weight(at + "attention.self.query.weight", width, width);
            layout.weight(at + "attention.self.key.weight", width, width);
            layout.weight(at + "attention.self.value.weight", width, width);
            layout.bias(at + "attention.self.query.bias", width);
            layout.bias(at + "attention.self.key.bias", width);
            layout.bias(at + "attention.self.value.bias", width);
            layout.linear(at + "attention.output.dense", width, width);
            layout.norm(at + "intermediate.LayerNorm");
            layout.linear(at + "intermediate.dense", intermediate, width);
            layout.linear(at + "output.dense", width, intermediate);
        }
        layout.norm(BODY + "LayerNorm");
        layout.linear("lm_head.dense", width, width);
        layout.norm("lm_head.layer_norm");
        layout.bias("lm_head.bias", vocabulary());
        return List.copyOf(layout.parameters);
    }

    private final class Layout {
        private final List<Parameter> parameters = new ArrayList<>();
        private int offset;

        private void add(String name, boolean decays, long... shape) {
            Parameter parameter = new Parameter(name, shape, offset, decays);
            parameters.add(parameter);
            offset = Math.addExact(offset, parameter.size());
        }

        private void weight(String name, int rows, int columns) {
            add(name, true, rows, columns);
        }

        private void bias(String name, int length) {
            add(name, false, length);
        }

        private void norm(String name) {
            add(name + ".weight", false, width);
            add(name + ".bias", false, width);
        }

        private void linear(String name, int out, int in) {
            weight(name + ".weight", out, in);
            bias(name + ".bias", out);
        }
    }
}
