package basin.network;

/**
 * The shape of a network that predicts each word from those before it: the layout, names and constants of Hugging Face's
 * {@code GPT2LMHeadModel}, with LayerNorm before each block, learned positions, tied embeddings and the exact GELU.
 *
 * <p>The vocabulary is that of an {@linkplain EncoderShape encoder}, four special tokens and the words, and where the language has sentences of
 * several lengths a token for each length up to the longest. A sentence enters behind the token of its length, or behind {@code <s>} where all are
 * equally long: so the network is told the length as a masked one is by the tokens that it sees.
 *
 * @param vocabularySize different words of the language
 * @param maxLength longest sentence, in words
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads a layer; divides the width
 * @param intermediate hidden units of the feed-forward block
 * @param tellsLength whether the first token tells the length
 */
public record DecoderShape(
        int vocabularySize, int maxLength, int width, int layers, int heads, int intermediate, boolean tellsLength)
        implements NetworkShape {
    /** ε of every LayerNorm. */
    public static final double LAYER_NORM_EPSILON = 1e-5;

    public DecoderShape {
        NetworkShape.check(vocabularySize, maxLength, width, layers);
        NetworkShape.checkHeads(width, heads, intermediate);
    }

    @Override
    public int vocabulary() {
        return EncoderShape.FIRST_WORD + vocabularySize + (tellsLength ? maxLength : 0);
    }

    @Override
    public int firstToken(int length) {
        return tellsLength ? EncoderShape.FIRST_WORD + vocabularySize + length - 1 : EncoderShape.START;
    }

    @Override
    public Network network() {
        return new Gpt2Network(transformer());
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
                0,
                0,
                LAYER_NORM_EPSILON,
                Activation.GELU,
                true);
    }
}
