package basin.log.work;

import basin.log.LogRecord;
import basin.record.RecordHeaders;
import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/**
 * The logging context (MDC) of the work item on this thread: the study, run and checkpoint in the
 * headers of its record, and the work item's id.
 */
final class LoggingContext implements AutoCloseable {
    private static final Map<String, String> FIELDS =
            Map.of("study", RecordHeaders.STUDY, "run", RecordHeaders.RUN, "checkpoint", RecordHeaders.CHECKPOINT);
    private static final String WORK_ITEM = "work_item";

    private LoggingContext() {}

    static LoggingContext enter(LogRecord record) {
        FIELDS.forEach((field, header) -> record.header(header).ifPresent(value -> MDC.put(field, value)));
        MDC.put(WORK_ITEM, record.key());
        return new LoggingContext();
    }

    @Override
    public void close() {
        List.copyOf(FIELDS.keySet()).forEach(MDC::remove);
        MDC.remove(WORK_ITEM);
    }
}
