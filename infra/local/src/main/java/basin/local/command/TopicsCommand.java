package basin.local.command;

import basin.service.kafka.TopicAdmin;
import basin.service.kafka.TopicSpec;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes Basin's topics in a running Kafka; those that exist are left as they are. */
@Command(
        name = "topics",
        description = "Makes Basin's topics in a running Kafka; those that exist are left as they are.",
        sortOptions = false)
public final class TopicsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private Connection connection = new Connection();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        List<TopicSpec> topics = TopicSpec.all();
        TopicAdmin.ensure(connection.reachable(), topics);
        out.println("The " + topics.size() + " topics are there.");
        out.flush();
        return 0;
    }
}
