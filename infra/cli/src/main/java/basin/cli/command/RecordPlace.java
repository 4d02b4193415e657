package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogSource;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Refusal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Options that select the record a command works on: in a running Kafka, or in the folder of a run
 * in one process.
 */
class RecordPlace {
    @Mixin
    private Connection connection = new Connection();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Instead of --bootstrap: the folder of a run in one process, which may be running or not.")
    private Optional<Path> data = Optional.empty();

    /**
     * An open record. Closing it stops the broker that was started for it, if any.
     *
     * @param own the broker that was started for this record
     * @param option the option that selects the record, for commands that are suggested to the user
     */
    record Open(KafkaEndpoint endpoint, Optional<EmbeddedBroker> own, String option) implements AutoCloseable {
        @Override
        public void close() {
            own.ifPresent(EmbeddedBroker::close);
        }
    }

    /**
     * Returns an existing record for reading. A folder's is read from its files, without a broker,
     * also while a broker runs on it.
     *
     * @throws Refusal if there is no such record, or no option selects one
     */
    LogSource log() throws InterruptedException {
        return data.isPresent() ? EmbeddedBroker.log(existing()) : connection.ready(kafka());
    }

    /**
     * Opens an existing record for writing, and creates those of Basin's topics that a folder's
     * record lacks.
     *
     * @throws Refusal if there is no such record, or no option selects one
     */
    Open open() throws InterruptedException {
        return data.isPresent() ? inFolder(existing()) : inKafka(connection.ready(kafka()));
    }

    private KafkaEndpoint kafka() {
        if (!connection.isKnown()) {
            throw new Refusal("Neither --data nor --bootstrap is given: give the folder of a run, or the address"
                    + " of Kafka, such as 127.0.0.1:9092.");
        }
        return connection.endpoint();
    }

    private Path existing() {
        Path folder = folder();
        if (!EmbeddedBroker.isThere(folder)) {
            throw new Refusal(
                    "--data " + folder + " holds no record: name the folder of a run, as infra/basin run shows it.");
        }
        return folder;
    }

    /**
     * Opens a record, and creates its folder and its topics if they do not exist.
     *
     * @param bytes that are to be written to it
     */
    Open openOrBegin(long bytes) throws InterruptedException {
        if (data.isEmpty()) {
            KafkaEndpoint endpoint = connection.reachable();
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            return inKafka(endpoint);
        }
        Path folder = folder();
        Preflight.writable("--data", folder);
        Preflight.space(folder, bytes);
        return inFolder(folder);
    }

    private static Open inKafka(KafkaEndpoint endpoint) {
        return new Open(endpoint, Optional.empty(), "--bootstrap " + endpoint.bootstrapServers());
    }

    private Path folder() {
        if (connection.isGiven()) {
            throw new Refusal("--data and --bootstrap are both given: leave one out.");
        }
        return data.orElseThrow().toAbsolutePath().normalize();
    }

    private Open inFolder(Path folder) throws InterruptedException {
        String option = "--data " + folder;
        Optional<String> running = EmbeddedBroker.runningOn(folder);
        if (running.isPresent()) {
            return new Open(connection.ready(KafkaEndpoint.of(running.get())), Optional.empty(), option);
        }
        EmbeddedBroker broker = EmbeddedBroker.start(folder);
        try {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            return new Open(endpoint, Optional.of(broker), option);
        } catch (RuntimeException notBegun) {
            broker.close();
            throw notBegun;
        }
    }

    /** Returns the option with a placeholder, for somebody who has the same record elsewhere. */
    String again() {
        return data.isPresent() ? "--data DIR" : "--bootstrap HOST:PORT";
    }
}
