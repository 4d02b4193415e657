package basin.study;

/**
 * A user's mistake: a setting, file, or argument that Basin does not accept. The message is one
 * sentence with the field, its value and the fix, and is shown without a stack trace. Any other
 * exception is a bug of Basin or a fault of its environment, and must not be reported as a refusal.
 */
public class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a refusal.
     *
     * @param message one sentence with the field, the value and the fix
     */
    public Refusal(String message) {
        super(message);
    }

    /**
     * Creates a refusal with a cause.
     *
     * @param message one sentence with the field, the value and the fix
     * @param cause the failure that was found
     */
    public Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
