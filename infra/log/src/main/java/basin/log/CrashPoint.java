package basin.log;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A point at which a process may crash, before or after a step on which the record depends. A test
 * crashes a service at a point with {@code -Dbasin.crash.at=POINT:N}: the process halts when it
 * reaches the point for the N-th time, as in a power failure. Without that property the points have
 * no effect. Thread-safe.
 */
public enum CrashPoint {
    /** Before a record is handed to the producer. */
    BEFORE_PRODUCE,
    /** After a record is acknowledged by the broker. */
    AFTER_PRODUCE,
    /** Before the outcome of a work item is acknowledged to the broker. */
    BEFORE_ACKNOWLEDGE,
    /** After the outcome of a work item is acknowledged to the broker. */
    AFTER_ACKNOWLEDGE,
    /** Before a chunk is written. */
    BEFORE_CHUNK,
    /** After a chunk is acknowledged. */
    AFTER_CHUNK,
    /** Before a checkpoint is published, after all of its chunks are written. */
    BEFORE_CHECKPOINT,
    /** After a checkpoint is published. */
    AFTER_CHECKPOINT,
    /** Before a work item is enqueued. */
    BEFORE_ENQUEUE,
    /** After a work item is enqueued. */
    AFTER_ENQUEUE,
    /** Before a snapshot is written. */
    BEFORE_SNAPSHOT,
    /** After a snapshot is written. */
    AFTER_SNAPSHOT;

    /** Name of the system property that gives the point and the number of passes. */
    public static final String PROPERTY = "basin.crash.at";

    /** Exit status of a process that crashed at its point, equal to that after SIGKILL. */
    public static final int STATUS = 137;

    private static final Optional<CrashPoint> REQUESTED = requested();
    private static final AtomicInteger REMAINING = new AtomicInteger(times());

    private static Optional<CrashPoint> requested() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(text -> valueOf(text.split(":", -1)[0].toUpperCase(Locale.ROOT)));
    }

    private static int times() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(text -> Integer.parseInt(text.split(":", -1)[1]))
                .orElse(0);
    }

    /**
     * Marks this point as reached. Halts the process, and does not return, if the property requests
     * it.
     */
    public void reached() {
        if (REQUESTED.isPresent() && REQUESTED.get() == this && REMAINING.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
