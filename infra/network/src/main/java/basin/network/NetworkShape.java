package basin.network;

import basin.study.Refusal;
import java.util.List;

/** What a network reads, what it says of it, and how its weights lie in one flat vector. Immutable; thread-safe. */
public interface NetworkShape {
    /** Different words of the language. */
    int vocabularySize();

    /** Longest sentence, in words. */
    int maxLength();

    /** Hidden units, and numbers of a word's embedding. */
    int width();

    /** Numbers of a token's final state. */
    default int stateWidth() {
        return width();
    }

    /** Tokens: the words behind {@link EncoderShape#FIRST_WORD} special ones, and what else there is. */
    int vocabulary();

    /** The network of this shape. */
    Network network();

    /** Every tensor in the order of the flat vector, without gaps. */
    default List<Parameter> parameters() {
        return network().parameters();
    }

    /** The token that a sentence of so many words begins with. */
    default int firstToken(int length) {
        return EncoderShape.START;
    }

    /** Longest sequence, in tokens: a sentence has one before its words. */
    default int longestSequence() {
        return maxLength() + 1;
    }

    /** All numbers of the network, tied ones once. */
    default int parameterCount() {
        return parameters().getLast().end();
    }

    /**
     * Puts what begins neither at zero, nor at one as a gain, nor by chance into new weights.
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

    /** Refuses a transformer's sizes below 1, and heads that do not divide the width. */
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
