package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Shutdown;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the embedded broker alone, for services in separate processes on the same machine. */
@Command(
        name = "broker",
        header = "Runs a Kafka broker with Basin's topics on this machine.",
        description = "For services that run as processes of their own. Ctrl-C ends it.",
        footer = {
            "  ${ROOT-COMMAND-NAME} broker --data my-broker",
            "    Starts a broker that keeps its record in the folder my-broker."
        })
public final class BrokerCommand extends PrintingCommand {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".basin/broker",
            description = "Folder of the broker's record and ports; default: ${DEFAULT-VALUE} in the current folder.")
    private Path data;

    @Override
    int run(PrintWriter out) throws Exception {
        Path folder = data.toAbsolutePath().normalize();
        Preflight.writable("--data", folder);
        RecordPlace.tellFaults(folder, warnings());
        onInterrupt("Interrupted while starting; nothing is lost.");
        EmbeddedBroker broker = EmbeddedBroker.start(folder);
        CountDownLatch closed = new CountDownLatch(1);
        Shutdown.Step _ = Shutdown.step(() -> {
            broker.close();
            closed.countDown();
        });
        TopicAdmin.ensure(KafkaEndpoint.of(broker.bootstrapServers()), TopicSpec.all());
        out.println("Kafka is at " + broker.bootstrapServers() + ", its log in " + folder
                + "; Ctrl-C ends it. For the services: export BASIN_KAFKA_BOOTSTRAP=" + broker.bootstrapServers());
        onInterrupt("");
        closed.await();
        return INTERRUPTED;
    }
}
