package basin.service.kafka;

import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What the log says beside every line that is written while a piece is at work on this thread: the study, run and checkpoint that
 * the piece's record names in its headers, and the piece itself.
 */
final class WorkContext implements AutoCloseable {
    private static final Map<String, String> FIELDS =
            Map.of("study", "basin_study", "run", "basin_run", "checkpoint", "basin_checkpoint");
    private static final String PIECE = "piece";

    private WorkContext() {}

    static WorkContext enter(LogRecord record) {
        FIELDS.forEach((field, header) -> record.header(header).ifPresent(value -> MDC.put(field, value)));
        MDC.put(PIECE, record.key());
        return new WorkContext();
    }

    @Override
    public void close() {
        List.copyOf(FIELDS.keySet()).forEach(MDC::remove);
        MDC.remove(PIECE);
    }
}
