package basin.language;

/**
 * Thrown when no sentence of a language has the given context, so that the conditional at a
 * position is undefined. The context is the other words of the sentence, or the words before the
 * position.
 */
public final class ImpossibleContextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ImpossibleContextException(String message) {
        super(message);
    }
}
