package basin.network;

import basin.study.Refusal;
import java.util.List;

/**
 * The shape of a network: its input, its vocabulary and the layout of its weights in one flat
 * vector. Immutable; thread-safe.
 */
public interface NetworkShape {
    /** Returns the number of different words of the language. */
    int vocabularySize();

    /** Returns the length of the longest sentence, in words. */
    int maxLength();

    /** Returns the number of hidden units, which is the length of a word's embedding. */
    int width();

    /** Returns the length of a token's final state. */
    default int stateWidth() {
        return width();
    }

    /**
     * Returns the number of tokens: {@link EncoderShape#FIRST_WORD} special ones, the words, and
     * any further tokens.
     */
    int vocabulary();

    /** Returns the network of this shape. */
    Network network();

    /** Returns every tensor in the order of the flat vector, without gaps. */
    default List<Parameter> parameters() {
        return network().parameters();
    }

    /** Returns the first token of a sentence of {@code length} words. */
    default int firstToken(int length) {
        return EncoderShape.START;
    }

    /**
     * Returns the length of the longest sequence, in tokens. A sentence has one token before its
     * words.
     */
    default int longestSequence() {
        return maxLength() + 1;
    }

    /** Returns the number of parameters, counting tied ones once. */
    default int parameterCount() {
        return parameters().getLast().end();
    }

    /**
     * Sets the initial weights that are neither zero, nor gains of one, nor random.
     *
     * @param theta flat parameters, changed in place
     */
    default void begin(float[] theta) {}

    /** Refuses sizes below 1. */
    static void check(int vocabularySize, int maxLength, int width, int layers) {
        positive("vocabularySize", vocabularySize);
        positive("maxLength", maxLength);
        positive("width", width);
        positive("layers", layers);
    }

    /**
     * Refuses a transformer's sizes below 1, and a number of heads that does not divide the width.
     */
    static void checkHeads(int width, int heads, int intermediate) {
        positive("heads", heads);
        positive("intermediate", intermediate);
        if (width % heads != 0) {
            throw new Refusal("heads is " + heads + ": give a number of heads that divides the width, " + width + ".");
        }
    }

    private static void positive(String field, int value) {
        if (value < 1) {
            throw new Refusal(field + " is " + value + ": give a whole number of at least 1.");
        }
    }
}
