package basin.cli.command;

import basin.cli.document.DoctorDocument;
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
        header = "Checks a record and says how to mend what is wrong.",
        description =
                "Checks topics, settings, share groups and dead letters. Exits with status 1 if anything is wrong. A"
                        + " folder is read without a broker.",
        footer = {
            "  ${ROOT-COMMAND-NAME} doctor --deep",
            "    Checks every event and all weights of the newest record here."
        })
public final class DoctorCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--deep",
            description =
                    "Also reads the whole record: checks every event against its schema and id, and every checkpoint's"
                            + " weights against their length and SHA-256.")
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
        if (deep) {
            ProgressPrinter progress = new ProgressPrinter(notes());
            lines.addAll(RecordAudit.of(log, progress::at));
        }
        json.print(DoctorDocument.of(lines), text -> lines.forEach(line -> print(line, text)));
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
