package basin.log.work;

/**
 * An exception for a work item that is not wanted now. It leaves the queue and counts neither as a
 * failure nor as an attempt. To process it later it must be enqueued again.
 */
public class UnwantedWork extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param reason one sentence
     */
    public UnwantedWork(String reason) {
        super(reason, null, false, false);
    }
}
