package basin.service;

import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.study.Refusal;
import java.util.List;
import java.util.Map;

/**
 * Does work items of one kind. Several threads call it at once. It is asked only for items that an active study wants
 * and whose results are not on record.
 *
 * @param <I> the kind of work item
 */
@FunctionalInterface
public interface WorkHandler<I extends WorkItem> {
    /**
     * What came of a work item.
     *
     * @param events to be written in this order, each acknowledged before the next
     * @param headers of their records, beside those that name the work item
     */
    record Result(List<Event> events, Map<String, String> headers) {
        /** Nothing to be written: the handler has written all there is. */
        public static final Result NONE = new Result(List.of(), Map.of());

        public Result {
            events = List.copyOf(events);
            headers = Map.copyOf(headers);
        }
    }

    /**
     * Does one work item. An item may come again after its worker died, so what the handler writes itself must be
     * harmless when it is written twice. An interrupt means that the worker is closing: the handler soon gives up, by
     * any exception.
     *
     * @throws UnprocessableWork if the item asks for what cannot be done, whoever tries; it is dead-lettered
     * @throws Refusal likewise, where a specification in the item is refused
     * @throws Exception if this attempt failed. A fault of the surroundings (Kafka's retriable exceptions, input and
     *     output, no memory) is waited out. Anything else is a bug: it is logged with its stack trace, and the item is
     *     delivered again a limited number of times
     */
    Result handle(I item) throws Exception;
}
