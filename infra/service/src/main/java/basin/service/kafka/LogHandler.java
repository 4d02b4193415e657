package basin.service.kafka;

/** Takes records in the order of the log. */
@FunctionalInterface
public interface LogHandler {
    /**
     * Takes the next record. What it throws ends the tail, so a record that cannot be understood is to be dealt with, not
     * thrown.
     */
    void take(LogRecord record);
}
