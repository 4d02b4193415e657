package basin.network;

/**
 * The shape of a BERT-style pre-LN encoder with a masked-language-model head: the layout, names and constants of Hugging Face's
 * {@code RobertaPreLayerNormForMaskedLM}, embeddings tied.
 *
 * <p>The vocabulary is four special tokens ({@code <s>} 0, {@code <pad>} 1, {@code </s>} 2, {@code <mask>} 3) and then the
 * words. A sentence enters as {@code <s>} and its words; positions begin at 2, after the padding index.
 *
 * @param vocabularySize different words of the language
 * @param maxLength longest sentence, in words
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads a layer; divides the width
 * @param intermediate hidden units of the feed-forward block
 */
public record EncoderShape(int vocabularySize, int maxLength, int width, int layers, int heads, int intermediate)
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

    public EncoderShape {
        NetworkShape.check(vocabularySize, maxLength, width, layers);
        NetworkShape.checkHeads(width, heads, intermediate);
    }

    /** Tokens: the words and four special ones. */
    @Override
    public int vocabulary() {
        return vocabularySize + FIRST_WORD;
    }

    /** Rows of the position table: two that are never used, then one a token of the longest sequence. */
    public int positions() {
        return maxLength + 1 + FIRST_POSITION;
    }

    @Override
    public Network network() {
        return new RobertaPreNormNetwork(transformer());
    }

    /** The same as a {@code config.json} states it. */
    TransformerShape transformer() {
        return new TransformerShape(
                vocabulary(),
                longestSequence(),
                width,
                layers,
                heads,
                intermediate,
                1,
                PADDING,
                LAYER_NORM_EPSILON,
                Activation.GELU,
                true);
    }
}
