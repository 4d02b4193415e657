package basin.log.work;

import basin.log.admin.ShareGroupSpec;
import java.time.Duration;

/**
 * The settings of a work queue.
 *
 * @param topic topic of the work items, also the id of the share group
 * @param workers number of work items that this queue holds at once in this JVM, 1 or more
 * @param lock duration of a work item's lock unless renewed, 3 ms or more; renewed at a third of it
 */
public record WorkQueueSettings(String topic, int workers, Duration lock) {
    /** Number of deliveries after which a work item is dead-lettered. */
    static final int ATTEMPTS = 5;

    public WorkQueueSettings {
        if (workers < 1) {
            throw new IllegalArgumentException("workers is " + workers + "; use 1 or more.");
        }
        if (lock.toMillis() < 3) {
            throw new IllegalArgumentException("lock is " + lock.toMillis() + " ms; use 3 ms or more.");
        }
    }

    /** Returns settings with the usual lock. */
    public static WorkQueueSettings of(String topic, int workers) {
        return new WorkQueueSettings(topic, workers, ShareGroupSpec.LOCK);
    }

    /** Returns these settings with another lock. */
    public WorkQueueSettings withLock(Duration other) {
        return new WorkQueueSettings(topic, workers, other);
    }
}
