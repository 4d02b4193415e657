package basin.study;

/**
 * A user's mistake: a setting, file, or argument that Basin does not accept. The message is one sentence that names the
 * field, its value and the fix; it is shown without a stack trace. Any other exception is a bug of Basin or a fault of
 * its surroundings, and must not be shown as one of these.
 */
public class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses.
     *
     * @param message one sentence naming the field, the value and the fix
     */
    public Refusal(String message) {
        super(message);
    }

    /**
     * Refuses because of another failure.
     *
     * @param message one sentence naming the field, the value and the fix
     * @param cause what was found
     */
    public Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
