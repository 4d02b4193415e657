package basin.local.command;

import basin.service.kafka.ClusterReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what is wrong with Kafka, topics and share groups, and what to do; status 1 where anything is. */
@Command(
        name = "doctor",
        description =
                "Says what is wrong with Kafka, topics and share groups, and what to do; status 1 where anything is.",
        sortOptions = false)
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Connection connection = new Connection();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        List<ClusterReport.Line> lines = ClusterReport.of(connection.reachable());
        lines.forEach(line -> out.println((line.well() ? "ok    " : "wrong ") + line.text()));
        out.flush();
        return lines.stream().allMatch(ClusterReport.Line::well) ? 0 : 1;
    }
}
