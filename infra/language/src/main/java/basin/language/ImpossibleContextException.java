package basin.language;

/** Words that no sentence of a language has beside, or before, a position: it says nothing of what stands there. */
public final class ImpossibleContextException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ImpossibleContextException(String message) {
        super(message);
    }
}
