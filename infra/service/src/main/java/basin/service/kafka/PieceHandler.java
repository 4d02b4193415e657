package basin.service.kafka;

/** Does pieces of one kind. Called by several threads at once. */
@FunctionalInterface
public interface PieceHandler {
    /**
     * Does one piece and returns when its results are acknowledged by the log. As a piece may be delivered again, it looks
     * first whether its result exists, and writes what is harmless twice.
     *
     * <p>An interrupt means that the queue is closing: the handler gives up soon, by any exception.
     *
     * @throws PieceSetAside if the piece is not wanted now; it leaves the queue undone
     * @throws PoisonPiece if no attempt can ever succeed; the piece is dead-lettered
     * @throws Exception if this attempt failed. A fault of the world around (Kafka's retriable exceptions, input and
     *     output) is waited out; after any other the piece is delivered again, a limited number of times
     */
    void handle(Delivery delivery) throws Exception;
}
