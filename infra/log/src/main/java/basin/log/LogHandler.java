package basin.log;

import java.util.List;

/** Takes records in the order of the log. */
@FunctionalInterface
public interface LogHandler {
    /**
     * Takes the next record. What it throws ends the tail, so a record that cannot be understood is to be dealt with, not
     * thrown.
     */
    void take(LogRecord record);

    /** Takes the next records, in the order of the log within each partition: for whoever does better with many at once. */
    default void takeAll(List<LogRecord> records) {
        records.forEach(this::take);
    }
}
