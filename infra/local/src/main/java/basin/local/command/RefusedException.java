package basin.local.command;

/** A command that cannot be done as asked. The message is one sentence with the value and the fix; status 2. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses.
     *
     * @param message one sentence
     */
    public RefusedException(String message) {
        super(message);
    }
}
