package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.study.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which record a command reads: a folder that a run left, or a running pipeline's. */
final class PlainSource {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A folder that infra/basin run left; its broker is started for as long as the command takes.")
    private Optional<Path> data = Optional.empty();

    @Mixin
    private Connection connection = new Connection();

    /** A record that can be read until it is closed. */
    record Opened(KafkaEndpoint endpoint, Optional<EmbeddedBroker> broker) implements AutoCloseable {
        @Override
        public void close() {
            broker.ifPresent(EmbeddedBroker::close);
        }
    }

    /** Opens what was named. */
    Opened open() throws InterruptedException {
        if (data.isPresent() && connection.isGiven()) {
            throw new Refusal("--data and --bootstrap are both given: give the one that is to be read.");
        }
        if (data.isEmpty()) {
            if (!connection.isGiven() && System.getenv("BASIN_KAFKA_BOOTSTRAP") == null) {
                throw new Refusal("Neither --data nor --bootstrap is given: give the folder of a run, or the"
                        + " address of Kafka, such as 127.0.0.1:9092.");
            }
            return new Opened(connection.ready(), Optional.empty());
        }
        Path folder = data.get().toAbsolutePath().normalize();
        if (!Files.isDirectory(folder) || !EmbeddedBroker.isThere(folder)) {
            throw new Refusal("--data " + folder + " holds no record: name a folder that infra/basin run left.");
        }
        EmbeddedBroker broker = EmbeddedBroker.start(folder);
        return new Opened(KafkaEndpoint.of(broker.bootstrapServers()), Optional.of(broker));
    }

    /** How the same record is named again by somebody who has it elsewhere. */
    String again() {
        return data.isPresent() ? "--data DIR" : "--bootstrap HOST:PORT";
    }
}
