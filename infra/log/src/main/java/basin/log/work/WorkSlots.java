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
 * The work items that may be at work in this JVM at once, whichever service they belong to: first come, first served. They
 * run on named platform threads, for native libraries keep state by thread. Safe for use by several threads.
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
     * As many slots as said.
     *
     * @param slots how many work items may be at work at once, 1 or more
     */
    public static WorkSlots of(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots is " + slots + "; use 1 or more.");
        }
        return new WorkSlots(slots);
    }

    /** How many work items may be at work at once. */
    public int slots() {
        return threads.getCorePoolSize();
    }

    /** Publishes how many slots there are, are taken, and are waited for. */
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("basin.work.slots", this, WorkSlots::slots)
                .description("Work items that may be at work in this process at once")
                .baseUnit("items")
                .register(metrics);
        Gauge.builder("basin.work.slots.taken", threads, ThreadPoolExecutor::getActiveCount)
                .description("Work items at work in this process")
                .baseUnit("items")
                .register(metrics);
        Gauge.builder(
                        "basin.work.slots.waiting",
                        threads,
                        pool -> pool.getQueue().size())
                .description("Work items held by this process that wait for a slot")
                .baseUnit("items")
                .register(metrics);
    }

    /**
     * Runs a task in the next slot that falls free.
     *
     * @throws RejectedExecutionException after {@link #close()}
     */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Interrupts what is at work and waits at most 5 s for it. */
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
