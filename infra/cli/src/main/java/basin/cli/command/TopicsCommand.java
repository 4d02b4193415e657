package basin.cli.command;

import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Creates Basin's topics in a running Kafka; leaves existing ones as they are. */
@Command(
        name = "topics",
        description = "Makes Basin's topics in a running Kafka; those that exist are left as they are.",
        sortOptions = false)
public final class TopicsCommand extends PrintingCommand {
    @Mixin
    private Connection connection = new Connection();

    @Override
    int run(PrintWriter out) throws Exception {
        List<TopicSpec> topics = TopicSpec.all();
        TopicAdmin.ensure(connection.reachable(), topics);
        out.println("The " + topics.size() + " topics are there.");
        return 0;
    }
}
