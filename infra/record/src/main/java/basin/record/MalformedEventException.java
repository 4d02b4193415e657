package basin.record;

import basin.study.SafeText;

/**
 * A record that contains no event which this program can read. The message gives the reason, for
 * the dead-letter record.
 */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the reason, without a final full stop
     */
    public MalformedEventException(String message) {
        super(SafeText.sentence(message));
    }
}
