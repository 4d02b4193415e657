package basin.service.kafka;

/**
 * A record that can never be worked on: it cannot be decoded, or asks for what is impossible. It goes to the dead-letter
 * topic at once.
 */
public class UnprocessableWork extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A work item that is wrong in itself.
     *
     * @param reason one sentence that says what is wrong with the record
     */
    public UnprocessableWork(String reason) {
        super(reason);
    }

    /**
     * A work item that something found to be wrong.
     *
     * @param reason one sentence that says what is wrong with the record
     * @param cause what found it
     */
    public UnprocessableWork(String reason, Throwable cause) {
        super(reason, cause);
    }
}
