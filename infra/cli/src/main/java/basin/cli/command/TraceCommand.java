package basin.cli.command;

import basin.cli.document.TraceDocument;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.record.RecordHeaders;
import basin.record.Topic;
import basin.study.Program;
import basin.study.ProgramVersion;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists every record that names a study, run, checkpoint or work item, in order of time. */
@Command(
        name = "trace",
        header = "Lists every log record that names an id, by time.",
        description = "Weights are left out. Use it to see what happened to a study, run or work item.",
        footer = {"  ${ROOT-COMMAND-NAME} trace 3f9a52c1", "    Lists every record about the run 3f9a52c1."})
public final class TraceCommand extends PrintingCommand {
    /** Always with milliseconds, so that lines sorted as text are sorted by time. */
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    @Mixin
    private RecordPlace place = new RecordPlace();

    @Mixin
    private JsonOption json = new JsonOption();

    @Parameters(paramLabel = "ID", description = "Id of a study, run, event or work item.")
    private String id;

    @Override
    int run(PrintWriter out) throws Exception {
        List<LogRecord> found = new ArrayList<>();
        try (LogScan scan = place.read().log().scan("trace")) {
            for (Topic topic : Topic.values()) {
                // Chunks are most of the record's bytes, and checkpoint events say where they are.
                if (topic != Topic.WEIGHTS && topic != Topic.RESUME) {
                    scan.read(topic.topicName(), record -> {
                        if (names(record)) {
                            found.add(record.withoutValue());
                        }
                    });
                }
            }
        }
        if (found.isEmpty()) {
            throw new Refusal("No record names '" + id
                    + "': give the id of a study, run, event or work item, as " + Program.NAME + " status and the"
                    + " log show them.");
        }
        found.sort(Comparator.comparingLong(LogRecord::timestampMillis)
                .thenComparing(LogRecord::topic)
                .thenComparingInt(LogRecord::partition)
                .thenComparingLong(LogRecord::offset));
        json.print(
                new TraceDocument(
                        ProgramVersion.current(),
                        id,
                        found.stream().map(TraceDocument.Entry::of).toList()),
                text -> found.forEach(record -> text.println(line(record))));
        return 0;
    }

    private boolean names(LogRecord record) {
        return isOrHolds(record.key())
                || record.headers().entrySet().stream()
                        .filter(header -> header.getKey().equals(RecordHeaders.EVENT_ID)
                                || header.getKey().startsWith(RecordHeaders.PREFIX))
                        .anyMatch(header -> isOrHolds(header.getValue()));
    }

    /**
     * Returns whether a key or header is the id or contains it: keys of chunks and rows are
     * composed of several ids.
     */
    private boolean isOrHolds(String text) {
        return text.equals(id) || Arrays.asList(text.split("/", -1)).contains(id);
    }

    private static String line(LogRecord record) {
        String headers = new TreeMap<>(record.headers())
                .entrySet().stream()
                        .filter(header -> header.getKey().startsWith(RecordHeaders.PREFIX))
                        .map(header ->
                                header.getKey().substring(RecordHeaders.PREFIX.length()) + "=" + header.getValue())
                        .collect(Collectors.joining(" "));
        return MILLIS.format(Instant.ofEpochMilli(record.timestampMillis())) + "  " + record.position() + "  "
                + record.header(RecordHeaders.EVENT_TYPE).orElse("-") + "  " + record.key() + "  " + headers;
    }
}
