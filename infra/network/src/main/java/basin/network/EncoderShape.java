package basin.network;

/**
 * The shape of a BERT-style pre-LN encoder with a masked-language-model head. It has the layout,
 * names and constants of Hugging Face's {@code RobertaPreLayerNormForMaskedLM}, with tied
 * embeddings.
 *
 * <p>The vocabulary is four special tokens ({@code <s>} 0, {@code <pad>} 1, {@code </s>} 2, {@code
 * <mask>} 3), then the words. A sentence is {@code <s>} and its words. Positions begin at 2, after
 * the padding index.
 *
 * @param vocabularySize different words of the language
 * @param maxLength longest sentence, in words
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads per layer; divides the width
 * @param intermediate hidden units of the feed-forward block
 */
public record EncoderShape(int vocabularySize, int maxLength, int width, int layers, int heads, int intermediate)
        implements NetworkShape {
    /** The first token of every sentence. Its state represents the sentence in fine-tuning. */
    public static final int START = 0;
    /** The token that pads sentences to the longest of a batch. */
    public static final int PADDING = 1;
    /** The token that replaces a hidden word. */
    public static final int MASK = 3;
    /** The token of word 0. */
    public static final int FIRST_WORD = 4;
    /** The position of the first token. */
    public static final int FIRST_POSITION = 2;
    /** ε of every LayerNorm. */
    public static final double LAYER_NORM_EPSILON = 1e-12;

    public EncoderShape {
        NetworkShape.check(vocabularySize, maxLength, width, layers);
        NetworkShape.checkHeads(width, heads, intermediate);
    }

    /** Returns the number of tokens: the words and four special ones. */
    @Override
    public int vocabulary() {
        return vocabularySize + FIRST_WORD;
    }

    /**
     * Returns the number of rows of the position table: two that are never used, then one for each
     * token of the longest sequence.
     */
    public int positions() {
        return maxLength + 1 + FIRST_POSITION;
    }

    @Override
    public Network network() {
        return new RobertaPreNormNetwork(transformer());
    }

    /** Returns the same shape with the fields of a {@code config.json}. */
    TransformerShape transformer() {
        return new TransformerShape(
                vocabulary(),
                longestSequence(),
                width,
                Attention.layers(layers, heads, width),
                intermediate,
                1,
                PADDING,
                Norm.layer(LAYER_NORM_EPSILON),
                Activation.GELU,
                Tie.both(true));
    }
}
