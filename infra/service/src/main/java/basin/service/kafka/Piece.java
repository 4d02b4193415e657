package basin.service.kafka;

/**
 * A bounded piece of work, as one delivery hands it out.
 *
 * @param record the record that describes it; its key is the piece's id
 * @param delivery the how-manieth delivery this is, from 1
 */
public record Piece(LogRecord record, int delivery) {
    public Piece {
        if (delivery < 1) {
            throw new IllegalArgumentException("delivery is " + delivery + "; deliveries count from 1.");
        }
    }

    /** The piece's id: the key of its record. */
    public String id() {
        return record.key();
    }
}
