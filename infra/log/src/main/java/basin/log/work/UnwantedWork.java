package basin.log.work;

/**
 * A work item that nobody wants done now. It leaves the queue, which counts neither a failure nor an attempt; whoever wants it again
 * puts it into the queue anew.
 */
public class UnwantedWork extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A work item that is not done.
     *
     * @param reason one sentence
     */
    public UnwantedWork(String reason) {
        super(reason, null, false, false);
    }
}
