package basin.log.work;

import basin.study.Refusal;

/**
 * An exception for a work item that is itself faulty: its record cannot be decoded, or requests the
 * impossible. It is dead-lettered at once.
 */
public class UnprocessableWork extends Refusal {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param reason one sentence that describes the fault in the record
     */
    public UnprocessableWork(String reason) {
        super(reason);
    }

    /**
     * Creates an exception caused by another failure.
     *
     * @param reason one sentence that describes the fault in the record
     * @param cause the underlying failure
     */
    public UnprocessableWork(String reason, Throwable cause) {
        super(reason, cause);
    }
}
