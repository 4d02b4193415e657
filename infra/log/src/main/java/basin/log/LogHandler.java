package basin.log;

import java.util.List;

/** A handler that receives records in the order of the log. */
@FunctionalInterface
public interface LogHandler {
    /**
     * Handles the next record. An exception ends the tail, so the handler must deal with unreadable
     * records itself.
     */
    void take(LogRecord record);

    /**
     * Handles the next records, which are in log order within each partition. Override it to
     * process batches efficiently.
     */
    default void takeAll(List<LogRecord> records) {
        records.forEach(this::take);
    }
}
