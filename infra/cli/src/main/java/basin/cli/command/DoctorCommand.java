package basin.cli.command;

import basin.log.admin.ClusterReport;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Diagnoses Kafka, the topics and the share groups, with a remedy for each problem. Exits with
 * status 1 if there is a problem.
 */
@Command(
        name = "doctor",
        description =
                "Says what is wrong with Kafka, topics and share groups, and what to do; status 1 where anything is.",
        sortOptions = false)
public final class DoctorCommand extends PrintingCommand {
    @Mixin
    private Connection connection = new Connection();

    @Override
    int run(PrintWriter out) throws Exception {
        List<ClusterReport.Line> lines = ClusterReport.of(connection.reachable());
        lines.forEach(line -> out.println((line.well() ? "ok    " : "wrong ") + line.text()));
        return lines.stream().allMatch(ClusterReport.Line::well) ? 0 : 1;
    }
}
