package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogSource;
import basin.log.admin.RecordCondition;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
     * An existing record for reading.
     *
     * @param faults why the record is not whole, or may lose records; a sentence each
     */
    record Existing(LogSource log, List<String> faults) {}

    /**
     * Returns an existing record for reading, and prints why it is not whole if it is not. A
     * folder's is read from its files, without a broker, also while a broker runs on it.
     *
     * @throws Refusal if there is no such record, or no option selects one
     */
    Existing read(PrintWriter out) throws InterruptedException {
        LogSource log = isFolder() ? folder() : connection.readable(kafka());
        return new Existing(log, tellFaults(log, out));
    }

    /** Returns whether the record is in a folder. */
    boolean isFolder() {
        return data.isPresent();
    }

    /** Returns the record in an existing folder. */
    LogSource folder() {
        return EmbeddedBroker.log(existing());
    }

    /** Returns the cluster that holds the record once it answers. */
    KafkaEndpoint reachable() throws InterruptedException {
        return connection.reachable(kafka());
    }

    /**
     * Opens an existing record for writing, and creates those of Basin's topics that a folder's
     * record lacks.
     *
     * @throws Refusal if there is no such record, or no option selects one
     */
    Open open() throws InterruptedException {
        return isFolder() ? inFolder(existing()) : inKafka(connection.ready(kafka()));
    }

    private KafkaEndpoint kafka() {
        if (!connection.isKnown()) {
            throw new Refusal("Neither --data nor --bootstrap is given: give the folder of a run, or the address"
                    + " of Kafka, such as 127.0.0.1:9092.");
        }
        return connection.endpoint();
    }

    private Path existing() {
        Path folder = place();
        if (!EmbeddedBroker.isThere(folder)) {
            throw new Refusal(
                    "--data " + folder + " holds no record: name the folder of a run, as infra/basin run shows it.");
        }
        return folder;
    }

    /**
     * Opens a record, and creates its folder and its topics if they do not exist. Prints before why
     * the record is not whole if it is not, because topics that are lost are made anew.
     *
     * @param bytes that are to be written to it
     */
    Open openOrBegin(long bytes, PrintWriter out) throws InterruptedException {
        if (!isFolder()) {
            KafkaEndpoint endpoint = reachable();
            List<String> _ = tellFaults(endpoint, out);
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            return inKafka(endpoint);
        }
        Path folder = place();
        Preflight.writable("--data", folder);
        Preflight.space(folder, bytes);
        tellFaults(folder, out);
        return inFolder(folder);
    }

    /** Prints why the record in a folder is not whole, if there is one and it is not. */
    static void tellFaults(Path folder, PrintWriter out) {
        if (EmbeddedBroker.isThere(folder)) {
            List<String> _ = tellFaults(EmbeddedBroker.log(folder), out);
        }
    }

    private static List<String> tellFaults(LogSource log, PrintWriter out) {
        List<String> faults = RecordCondition.sentences(log);
        faults.forEach(out::println);
        return faults;
    }

    private static Open inKafka(KafkaEndpoint endpoint) {
        return new Open(endpoint, Optional.empty(), "--bootstrap " + endpoint.bootstrapServers());
    }

    private Path place() {
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
        return isFolder() ? "--data DIR" : "--bootstrap HOST:PORT";
    }
}
