package basin.service.kafka;

/**
 * A record that can never be worked on: it cannot be decoded, or asks for what is impossible. It goes to the dead-letter
 * topic at once.
 */
public class PoisonPiece extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A piece that is wrong in itself.
     *
     * @param reason one sentence that says what is wrong with the record
     */
    public PoisonPiece(String reason) {
        super(reason);
    }

    /**
     * A piece that something found to be wrong.
     *
     * @param reason one sentence that says what is wrong with the record
     * @param cause what found it
     */
    public PoisonPiece(String reason, Throwable cause) {
        super(reason, cause);
    }
}
