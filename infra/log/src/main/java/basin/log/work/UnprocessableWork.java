package basin.log.work;

import basin.study.Refusal;

/**
 * A work item that is wrong in its own record: it cannot be decoded, or asks for what is impossible. It goes to the
 * dead-letter topic at once.
 */
public class UnprocessableWork extends Refusal {
    private static final long serialVersionUID = 1;

    /** @param reason one sentence that says what is wrong with the record */
    public UnprocessableWork(String reason) {
        super(reason);
    }

    /**
     * Because of another failure.
     *
     * @param reason one sentence that says what is wrong with the record
     * @param cause what was found
     */
    public UnprocessableWork(String reason, Throwable cause) {
        super(reason, cause);
    }
}
