package basin.log;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Places at which a process may end without notice, each before or after a step that the record depends on. A test ends a service exactly
 * there, with {@code -Dbasin.crash.at=POINT:N}: the process halts when it comes to the point for the N-th time, as by a power cut. Without
 * that property nothing happens. Thread-safe.
 */
public enum CrashPoint {
    /** Before a record is handed to the producer. */
    BEFORE_PRODUCE,
    /** After a record is acknowledged by the broker. */
    AFTER_PRODUCE,
    /** Before what became of a work item is told to the broker. */
    BEFORE_ACKNOWLEDGE,
    /** After the broker knows what became of a work item. */
    AFTER_ACKNOWLEDGE,
    /** Before a chunk is written. */
    BEFORE_CHUNK,
    /** After a chunk is acknowledged. */
    AFTER_CHUNK,
    /** Before a checkpoint is published whose chunks are all there. */
    BEFORE_CHECKPOINT,
    /** After a checkpoint is published. */
    AFTER_CHECKPOINT,
    /** Before a work item is put into its queue. */
    BEFORE_ENQUEUE,
    /** After a work item is in its queue. */
    AFTER_ENQUEUE,
    /** Before a snapshot is written. */
    BEFORE_SNAPSHOT,
    /** After a snapshot is written. */
    AFTER_SNAPSHOT;

    /** The property that names a point and how often it is passed. */
    public static final String PROPERTY = "basin.crash.at";

    /** The status of a process that ended at its point: that of one killed by SIGKILL. */
    public static final int STATUS = 137;

    private static final Optional<CrashPoint> WANTED = wanted();
    private static final AtomicInteger LEFT = new AtomicInteger(times());

    private static Optional<CrashPoint> wanted() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(text -> valueOf(text.split(":", -1)[0].toUpperCase(Locale.ROOT)));
    }

    private static int times() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(text -> Integer.parseInt(text.split(":", -1)[1]))
                .orElse(0);
    }

    /** Says that the process is here now, and does not return where it is to end. */
    public void reached() {
        if (WANTED.isPresent() && WANTED.get() == this && LEFT.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
