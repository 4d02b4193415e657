package basin.log.work;

/** Does work items of one kind. Called by several threads at once. */
@FunctionalInterface
public interface DeliveryHandler {
    /**
     * Does one work item and returns when its results are acknowledged by the log. As a work item may be delivered again, it looks
     * first whether its result exists, and writes what is harmless twice.
     *
     * <p>An interrupt means that the queue is closing: the handler gives up soon, by any exception.
     *
     * @throws UnwantedWork if the work item is not wanted now; it leaves the queue undone
     * @throws UnprocessableWork if no attempt can ever succeed; the work item is dead-lettered
     * @throws Exception if this attempt failed. A fault of the world around (Kafka's retriable exceptions, input and
     *     output) is waited out; after any other the work item is delivered again, a limited number of times
     */
    void handle(Delivery delivery) throws Exception;
}
