package basin.record;

/** A record that holds no event which this program can read. The message says why, for the dead-letter record. */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message why, without a final stop */
    public MalformedEventException(String message) {
        super(message);
    }
}
