package basin.network;

/**
 * The shape of a causal language model. It has the layout, names and constants of Hugging Face's
 * {@code GPT2LMHeadModel}, with pre-LN layers, learned positions, tied embeddings and the exact
 * GELU.
 *
 * <p>The vocabulary is that of an {@linkplain EncoderShape encoder}: four special tokens and the
 * words. If the language has sentences of several lengths, it also has a token for each length up
 * to the longest. A sentence is preceded by the token of its length, or by {@code <s>} if all
 * sentences have the same length. Thus the network knows the length, as a masked model does from
 * the tokens that it sees.
 *
 * @param vocabularySize different words of the language
 * @param maxLength longest sentence, in words
 * @param width hidden units
 * @param layers transformer layers
 * @param heads attention heads per layer; divides the width
 * @param intermediate hidden units of the feed-forward block
 * @param tellsLength whether the first token encodes the length
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

    /** Returns the same shape with the fields of a {@code config.json}. */
    TransformerShape transformer() {
        return new TransformerShape(
                vocabulary(),
                longestSequence(),
                width,
                Attention.layers(layers, heads, width),
                intermediate,
                0,
                0,
                Norm.layer(LAYER_NORM_EPSILON),
                Activation.GELU,
                Tie.both(true));
    }
}
