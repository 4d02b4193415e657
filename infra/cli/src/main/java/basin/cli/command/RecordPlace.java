package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogSource;
import basin.log.admin.RecordCondition;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Program;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Options that select the record a command works on: in a folder, or in a Kafka cluster. Where no
 * option and no environment variable selects one, it is the newest record under {@code .basin} of
 * the current folder.
 */
@OptionHeading("Which record")
class RecordPlace {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the record, which a run may be using; default: the newest record under .basin in"
                    + " the current folder.")
    private Optional<Path> data = Optional.empty();

    @Mixin
    private Connection connection = new Connection();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private Optional<Path> newest = Optional.empty();

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
     * Returns an existing record for reading. If it is not whole, prints why on standard error. A
     * folder's is read from its files, without a broker, also while a broker runs on it.
     *
     * @throws Refusal if there is no such record
     */
    Existing read() throws InterruptedException {
        LogSource log = isFolder() ? folder() : connection.readable(connection.endpoint());
        return new Existing(log, tellFaults(log, warnings()));
    }

    /** Returns whether the record is in a folder. */
    boolean isFolder() {
        return data.isPresent() || !connection.isKnown();
    }

    /** Returns the record in an existing folder. */
    LogSource folder() {
        return EmbeddedBroker.log(existing());
    }

    /** Returns the cluster that holds the record once it answers. */
    KafkaEndpoint reachable() throws InterruptedException {
        return connection.reachable(connection.endpoint());
    }

    /**
     * Opens an existing record for writing, and creates those of Basin's topics that a folder's
     * record lacks.
     *
     * @throws Refusal if there is no such record
     */
    Open open() throws InterruptedException {
        return isFolder() ? inFolder(existing()) : inKafka(connection.ready(connection.endpoint()));
    }

    private Path existing() {
        Path folder = data.isPresent() ? place(data.get()) : newest();
        if (!EmbeddedBroker.isThere(folder)) {
            throw new Refusal("--data " + folder + " holds no record: name the folder of a run, as " + Program.NAME
                    + " run shows it.");
        }
        return folder;
    }

    private Path newest() {
        if (newest.isEmpty()) {
            Path found = NewestRecord.in(NewestRecord.HOME)
                    .orElseThrow(() -> new Refusal("There is no record under " + NewestRecord.HOME
                            + " in this folder: make one with " + Program.NAME + " run, or name the folder of"
                            + " one with --data."));
            notes().println("Record: " + found + ", the newest here; --data names another.");
            newest = Optional.of(place(found));
        }
        return newest.get();
    }

    /** Returns where progress and remarks go. */
    final PrintWriter notes() {
        return command.userObject() instanceof PrintingCommand printing ? printing.notes() : warnings();
    }

    private PrintWriter warnings() {
        return command.commandLine().getErr();
    }

    /**
     * Opens a record, and creates its folder and its topics if they do not exist. If the record is
     * not whole, first prints why on standard error, because lost topics are created again.
     *
     * @param bytes that are to be written to it
     * @param usual the name, under {@code .basin}, of the folder of the record where no option
     *     selects one; empty for the newest
     */
    Open openOrBegin(long bytes, Optional<String> usual) throws InterruptedException {
        if (!isFolder()) {
            KafkaEndpoint endpoint = reachable();
            List<String> _ = tellFaults(endpoint, warnings());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            return inKafka(endpoint);
        }
        Path folder = data.or(() -> usual.map(NewestRecord.HOME::resolve))
                .map(this::place)
                .orElseGet(this::newest);
        Preflight.writable("--data", folder);
        Preflight.space(folder, bytes);
        tellFaults(folder, warnings());
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

    private Path place(Path folder) {
        if (connection.isGiven()) {
            throw new Refusal("--data and --bootstrap are both given: leave one out.");
        }
        return folder.toAbsolutePath().normalize();
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
