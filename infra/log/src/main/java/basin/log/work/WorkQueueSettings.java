package basin.log.work;

import java.time.Duration;

/**
 * How a work queue takes its work items.
 *
 * @param topic the topic of the work items
 * @param group the share group that shares them out
 * @param workers how many work items this queue holds at once in this JVM, 1 or more
 * @param lock how long a work item stays with a worker that says nothing; renewed at a third of it
 * @param attempts after how many deliveries a work item is given up, 1 to 9
 */
public record WorkQueueSettings(String topic, String group, int workers, Duration lock, int attempts) {
    /** Kafka gives a record up after at most ten deliveries; one is left for dead-lettering it. */
    static final int BROKER_DELIVERIES = 10;

    public WorkQueueSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers is " + workers + "; use 1 or more.");
        }
        if (lock.toMillis() < 3) {
            throw new IllegalArgumentException("lock is " + lock.toMillis() + " ms; use 3 ms or more.");
        }
        if (attempts < 1 || attempts >= BROKER_DELIVERIES) {
            throw new IllegalArgumentException("attempts is " + attempts + "; use 1 to 9.");
        }
    }

    /** Five attempts, a lock of 15 s, and a group that bears the topic's name. */
    public static WorkQueueSettings of(String topic, int workers) {
        return new WorkQueueSettings(topic, topic, workers, Duration.ofSeconds(15), 5);
    }

    /** The same with another lock. */
    public WorkQueueSettings withLock(Duration other) {
        return new WorkQueueSettings(topic, group, workers, other, attempts);
    }
}
