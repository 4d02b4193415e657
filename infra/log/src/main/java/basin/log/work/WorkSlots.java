package basin.log.work;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the work items that run in this JVM at once, across all services, in first-come,
 * first-served order. They run on named platform threads, because native libraries keep
 * thread-local state. Thread-safe.
 */
public final class WorkSlots implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkSlots.class);

    private final ThreadPoolExecutor threads;

    private WorkSlots(int slots) {
        this.threads = new ThreadPoolExecutor(
                slots,
                slots,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("work-", 1).daemon().factory());
    }

    /**
     * Creates slots.
     *
     * @param slots number of work items that may run at once, 1 or more
     */
    public static WorkSlots of(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + "; use 1 or more.");
        }
        return new WorkSlots(slots);
    }

    /** Returns the number of work items that may run at once. */
    public int slots() {
        return threads.getCorePoolSize();
    }

    /** Returns how many slots are free now; an approximation while others take them. */
    public int free() {
        return Math.max(0, slots() - threads.getActiveCount() - waiting());
    }

    /** Returns the number of tasks that wait for a slot. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /** Publishes the numbers of slots, of taken slots and of waiting work items. */
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("basin.work.slots", this, WorkSlots::slots)
                .description("Work items that may be at work in this process at once")
                .baseUnit("items")
                .register(metrics);
        Gauge.builder("basin.work.slots.taken", threads, ThreadPoolExecutor::getActiveCount)
                .description("Work items at work in this process")
                .baseUnit("items")
                .register(metrics);
        Gauge.builder("basin.work.slots.waiting", this, WorkSlots::waiting)
                .description("Work items held by this process that wait for a slot")
                .baseUnit("items")
                .register(metrics);
    }

    /**
     * Runs a task in the next free slot.
     *
     * @throws RejectedExecutionException after {@link #close()}
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Interrupts running work items and waits at most 5 s for them to end. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("A work item is still at work; its thread ends with this process.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
