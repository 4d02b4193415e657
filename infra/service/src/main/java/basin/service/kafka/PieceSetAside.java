package basin.service.kafka;

/**
 * A piece that nobody wants done now. It leaves the queue, which counts neither a failure nor an attempt; whoever wants it again
 * puts it into the queue anew.
 */
public class PieceSetAside extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A piece that is not done.
     *
     * @param reason one sentence
     */
    public PieceSetAside(String reason) {
        super(reason, null, false, false);
    }
}
