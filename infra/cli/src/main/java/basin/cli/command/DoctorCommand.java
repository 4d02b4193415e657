package basin.cli.command;

import basin.log.KafkaEndpoint;
import basin.log.LogSource;
import basin.log.admin.ClusterReport;
import basin.log.admin.ClusterReport.Verdict;
import basin.service.RecordAudit;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Diagnoses a record, with a remedy for each problem: Kafka, topics, settings, share groups and
 * dead letters, and on request every event and all weights. Exits with status 1 if there is a
 * problem.
 */
@Command(
        name = "doctor",
        description =
                "Says what is wrong with Kafka, topics and share groups, and what to do; status 1 where anything is."
                        + " A folder is read without a broker.",
        sortOptions = false)
public final class DoctorCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Option(
            names = "--deep",
            description = "Also reads the whole record: every event by its schema and its id, and every checkpoint's"
                    + " weights by their length and SHA-256.")
    private boolean deep;

    @Override
    int run(PrintWriter out) throws Exception {
        List<ClusterReport.Line> lines = new ArrayList<>();
        LogSource log;
        if (place.isFolder()) {
            log = place.folder();
            lines.addAll(ClusterReport.ofFolder(log));
        } else {
            KafkaEndpoint endpoint = place.reachable();
            log = endpoint;
            lines.addAll(ClusterReport.ofCluster(endpoint));
        }
        lines.forEach(line -> print(line, out));
        if (deep) {
            ProgressPrinter progress = new ProgressPrinter(out);
            List<ClusterReport.Line> found = RecordAudit.of(log, progress::at);
            found.forEach(line -> print(line, out));
            lines.addAll(found);
        }
        return lines.stream().noneMatch(line -> line.verdict() == Verdict.WRONG) ? 0 : 1;
    }

    private static void print(ClusterReport.Line line, PrintWriter out) {
        String verdict = switch (line.verdict()) {
            case OK -> "ok    ";
            case WRONG -> "wrong ";
            case UNCHECKED -> "-     ";
        };
        out.println(verdict + line.text());
    }
}
