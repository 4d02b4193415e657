package basin.log.work;

/** A handler that processes work items of one kind. Called by several threads at once. */
@FunctionalInterface
public interface DeliveryHandler {
    /**
     * Processes one work item and returns when its results are acknowledged by the log. Because a
     * work item may be delivered again, the handler first checks whether the result exists, and
     * writes only what may be written twice.
     *
     * <p>An interrupt means that the queue is closing; the handler should stop soon, with any
     * exception.
     *
     * @throws UnwantedWork if the work item is not wanted now; it leaves the queue unprocessed
     * @throws UnprocessableWork if no attempt can ever succeed; the work item is dead-lettered
     * @throws Exception if this attempt failed. After an external fault (Kafka's retriable
     *     exceptions, I/O) the attempt is repeated later; after any other exception the work item
     *     is delivered again, a limited number of times
     */
    void handle(Delivery delivery) throws Exception;
}
