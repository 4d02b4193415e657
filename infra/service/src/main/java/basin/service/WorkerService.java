package basin.service;

import basin.log.KafkaEndpoint;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.Delivery;
import basin.log.work.UnprocessableWork;
import basin.log.work.UnwantedWork;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.record.work.WorkItem;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A service that takes work items of some kinds and passes each to the handler of its kind. It
 * shares them with every other worker on the same Kafka cluster. It decodes an item, skips it if no
 * active study wants it or its results are on record, and publishes the handler's results.
 * Thread-safe.
 *
 * <p>An item of a paused study leaves the queue. If it waited there, it would be delivered again
 * and again until Kafka gave it up, and would delay other studies. When the study is resumed it is
 * expanded again, which enqueues everything that has no result yet.
 */
public final class WorkerService implements AutoCloseable {
    private final KafkaEndpoint endpoint;
    private final WorkSlots slots;
    private final MeterRegistry metrics;
    private final WorkerContext context;
    private final DeadLetterWriter deadLetters;
    private final List<Runnable> closers = new CopyOnWriteArrayList<>();

    /** A function that starts a worker. */
    @FunctionalInterface
    public interface Starter {
        /**
         * Starts to take work.
         *
         * @param endpoint Kafka cluster with Basin's topics
         * @param slots limits the work items running in this JVM
         * @param metrics receives the worker's metrics
         */
        WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics);
    }

    private WorkerService(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics, WorkerContext context) {
        this.endpoint = endpoint;
        this.slots = slots;
        this.metrics = metrics;
        this.context = context;
        this.deadLetters = new DeadLetterWriter(context.writer(), Topic.DEAD_LETTER.topicName(), metrics);
    }

    /**
     * Opens a worker that does not take work yet.
     *
     * @param name name of the service, such as {@code trainer}
     * @param endpoint Kafka cluster with Basin's topics
     * @param slots limits the work items running in this JVM
     * @param metrics receives {@code basin.work.*} and {@code basin.dead.letters}
     */
    public static WorkerService open(String name, KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        return new WorkerService(endpoint, slots, metrics, WorkerContext.open(endpoint, name));
    }

    /**
     * Starts to take items of one kind, as many at once as there are slots.
     *
     * @param type kind of the items
     * @param topic topic of the items
     * @param handler creates the handler
     * @return this
     */
    public <I extends WorkItem> WorkerService take(
            Class<I> type, Topic topic, Function<WorkerContext, WorkHandler<I>> handler) {
        return take(type, topic, slots.slots(), handler);
    }

    /**
     * Starts to take items of one kind, as {@link #take(Class, Topic, Function)} does.
     *
     * @param atOnce number of items held at once, 1 or more
     * @return this
     */
    public <I extends WorkItem> WorkerService take(
            Class<I> type, Topic topic, int atOnce, Function<WorkerContext, WorkHandler<I>> handler) {
        WorkHandler<I> made = handler.apply(context);
        return closing(WorkQueue.start(
                endpoint,
                WorkQueueSettings.of(topic.topicName(), atOnce),
                delivery -> handle(type, made, delivery),
                deadLetters,
                slots,
                metrics)::close);
    }

    /**
     * Adds an action to run when this worker closes.
     *
     * @param part closes a part of the worker; must not throw
     * @return this
     */
    public WorkerService closing(Runnable part) {
        closers.add(part);
        return this;
    }

    /** Returns the context of the handlers. */
    public WorkerContext context() {
        return context;
    }

    private <I extends WorkItem> void handle(Class<I> type, WorkHandler<I> handler, Delivery delivery)
            throws Exception {
        I item = decode(type, delivery);
        context.view().refresh();
        Set<String> wanting = context.view().studiesWanting(item);
        if (wanting.stream().noneMatch(context.view().controls()::isActive)) {
            throw new UnwantedWork("no study that needs it is active: " + String.join(", ", wanting) + ".");
        }
        List<String> results = item.resultIds();
        if (!results.isEmpty() && context.view().holds(results)) {
            return;
        }
        WorkHandler.Result result = handler.handle(item);
        Map<String, String> headers = new HashMap<>(result.headers());
        headers.putAll(item.headers());
        result.events().forEach(event -> context.events().writeAcked(event, headers));
    }

    private static <I extends WorkItem> I decode(Class<I> type, Delivery delivery) {
        try {
            WorkItem item = WorkItem.decode(delivery.record().value());
            if (type.isInstance(item)) {
                return type.cast(item);
            }
            throw new UnprocessableWork("This record is a work item of type "
                    + item.getClass().getSimpleName() + ", and its topic takes " + type.getSimpleName() + ".");
        } catch (MalformedEventException malformed) {
            throw new UnprocessableWork("This record is no work item: " + malformed.getMessage() + ".", malformed);
        }
    }

    /** Returns whether the record is being read and Kafka answers. Neither blocks nor throws. */
    public boolean isReady() {
        return context.view().isReading();
    }

    /** Stops taking work and releases the items being processed, within 10 s. */
    @Override
    public void close() {
        // Closed concurrently, because each may take long.
        List<Thread> closing = closers.stream().map(Thread::startVirtualThread).toList();
        try {
            for (Thread one : closing) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }
}
