package basin.log.work;

import java.time.Duration;

/**
 * How a work queue takes its work items.
 *
 * @param topic the topic of the work items, and the share group that shares them out
 * @param workers how many work items this queue holds at once in this JVM, 1 or more
 * @param lock how long a work item stays with a worker that says nothing; renewed at a third of it
 */
public record WorkQueueSettings(String topic, int workers, Duration lock) {
    /** A work item is given up after so many deliveries. */
    static final int ATTEMPTS = 5;
    /** Kafka gives a record up after at most ten deliveries, which leaves enough for dead-lettering it. */
    static final int BROKER_DELIVERIES = 10;

    public WorkQueueSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers is " + workers + "; use 1 or more.");
        }
        if (lock.toMillis() < 3) {
            throw new IllegalArgumentException("lock is " + lock.toMillis() + " ms; use 3 ms or more.");
        }
    }

    /** A lock of 15 s. */
    public static WorkQueueSettings of(String topic, int workers) {
        return new WorkQueueSettings(topic, workers, Duration.ofSeconds(15));
    }

    /** The same with another lock. */
    public WorkQueueSettings withLock(Duration other) {
        return new WorkQueueSettings(topic, workers, other);
    }
}
