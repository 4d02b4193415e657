package basin.service;

import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.study.Refusal;
import java.util.List;
import java.util.Map;

/**
 * A handler that processes work items of one kind. Called by several threads at once, and only for
 * items that an active study wants and whose results are not on record.
 *
 * @param <I> kind of work item
 */
@FunctionalInterface
public interface WorkHandler<I extends WorkItem> {
    /**
     * The results of a work item.
     *
     * @param events events to be written in this order, each acknowledged before the next
     * @param headers headers of their records, in addition to those that name the work item
     */
    record Result(List<Event> events, Map<String, String> headers) {
        /** The empty result of a handler that has written everything itself. */
        public static final Result NONE = new Result(List.of(), Map.of());

        public Result {
            events = List.copyOf(events);
            headers = Map.copyOf(headers);
        }
    }

    /**
     * Processes one work item. An item may be delivered again after its worker died, so the handler
     * must itself write only what may be written twice. An interrupt means that the worker is
     * closing; the handler should stop soon, with any exception.
     *
     * @throws UnprocessableWork if the item requests something impossible for any worker; it is
     *     dead-lettered
     * @throws Refusal if a specification in the item is refused; it is dead-lettered
     * @throws Exception if this attempt failed. After an external fault (Kafka's retriable
     *     exceptions, I/O, exhausted memory) the attempt is repeated later. Anything else is a bug:
     *     it is logged with its stack trace, and the item is delivered again, a limited number of
     *     times
     */
    Result handle(I item) throws Exception;
}
