package basin.cli;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogWriter;
import basin.log.deadletter.DeadLetterWriter;
import basin.record.Topic;
import basin.study.Ids;
import basin.study.Sha256;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Tests that every command that only reads a record prints and writes the same from a folder's
 * files as through a broker on that folder, and that it changes nothing in the folder.
 */
@ExtendWith(RunStudies.Resolver.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FolderReadingTest {
    private static final Path STUDY = Path.of("src/test/resources/charted.yaml");
    private static final StudySpec SPEC = StudyFile.read(STUDY);
    private static final String ID = Ids.study(SPEC);
    private static final String RUN = StudyPlan.runs(SPEC).getFirst().runId();

    /** One run, because its checkpoints are measured again each time. */
    private static final Path ONE_RUN = Path.of("src/test/resources/one-run.yaml");

    /** Stands for the file or folder that a command writes. */
    private static final String OUT = "OUT";

    /** Commands that write to the record, and start a broker on a folder for that. */
    private static final Set<String> WRITING =
            Set.of("cancel", "dead-letters redrive", "import", "ingest", "pause", "resume", "submit", "topics");

    /** Tells of a broker what a folder cannot tell, which {@link WholeRecordTest} tests. */
    private static final String OTHERWISE = "doctor";

    /** What the commands that read printed and wrote through a broker, by their arguments. */
    private static final Map<List<String>, Told> THROUGH_A_BROKER = new HashMap<>();

    @TempDir
    private static Path folder;

    private static Optional<EmbeddedBroker> broker = Optional.empty();

    @TempDir
    private Path written;

    /**
     * All that a command tells.
     *
     * @param files SHA-256 of what it wrote, by path
     */
    private record Told(int status, List<String> lines, List<String> error, SortedMap<String, String> files) {}

    private static List<List<String>> reading() {
        return List.of(
                List.of("status"),
                List.of("status", "charted"),
                List.of("status", "nobody"),
                List.of("trace", ID),
                List.of("trace", RUN),
                List.of("trace", "nobody"),
                List.of("dead-letters", "list"),
                List.of("dead-letters", "show", "0123456789abcdef"),
                List.of("replay", "--out", OUT),
                List.of("replay", "--out", OUT, "--measure", "paired,seed=7", "--analysis", ONE_RUN.toString()),
                List.of("results", "--out", OUT + "/page.md"),
                List.of("pick"),
                List.of("rank", "--within", "none"),
                List.of("reproduce", RUN),
                List.of("export", "--study", "charted", "--out", OUT + "/record.zip"),
                List.of("export", RUN, "120", "--out", OUT + "/model"));
    }

    @BeforeAll
    static void aStudyIsRunAndItsBrokerStartedAgain(RunStudies studies) {
        studies.copy(RunStudies.read(STUDY), folder);
        broker = Optional.of(EmbeddedBroker.start(folder.resolve("data")));
        try (LogWriter writer = LogWriter.open(KafkaEndpoint.of(kafka()), "test")) {
            new DeadLetterWriter(writer, Topic.DEAD_LETTER.topicName(), new SimpleMeterRegistry())
                    .writeAcked(
                            new LogRecord(
                                    new LogPosition(Topic.WORK_PROBE.topicName(), 0, 7),
                                    "0123456789abcdef",
                                    "{}".getBytes(StandardCharsets.UTF_8),
                                    false,
                                    Map.of(),
                                    0),
                            DeadLetterWriter.Kind.POISON,
                            "It names no checkpoint.");
        }
    }

    @AfterAll
    static void theBrokerIsStopped() {
        broker.ifPresent(EmbeddedBroker::close);
    }

    private static String data() {
        return folder.resolve("data").toString();
    }

    private static String kafka() {
        return broker.orElseThrow().bootstrapServers();
    }

    @ParameterizedTest
    @Order(1)
    @MethodSource("reading")
    void filesTellWhatABrokerTells(List<String> command) throws IOException {
        Told through = told(command, true);
        assertThat(told(command, false)).isEqualTo(through);
        THROUGH_A_BROKER.put(command, through);
    }

    @Test
    @Order(2)
    void withoutABrokerTheyTellTheSameAndLeaveTheFolderAsItIs() throws IOException {
        assertThat(THROUGH_A_BROKER).hasSameSizeAs(reading());
        broker.orElseThrow().close();
        SortedMap<String, String> before = files(folder.resolve("data"));
        for (List<String> command : reading()) {
            assertThat(told(command, false)).isEqualTo(THROUGH_A_BROKER.get(command));
        }
        assertThat(files(folder.resolve("data"))).isEqualTo(before);
    }

    @Test
    @Order(1)
    void everyCommandThatTakesAFolderAndABrokerIsHere() {
        Set<String> taking = new TreeSet<>();
        taking("", Basin.commandLine(), taking);
        Set<String> known = new TreeSet<>(WRITING);
        known.add(OTHERWISE);
        known.addAll(reading().stream().map(FolderReadingTest::name).toList());
        assertThat(taking).isEqualTo(known);
    }

    private static String name(List<String> command) {
        return command.getFirst().equals("dead-letters") ? String.join(" ", command.subList(0, 2)) : command.getFirst();
    }

    private static void taking(String name, CommandLine line, Set<String> found) {
        Map<String, ?> options = line.getCommandSpec().optionsMap();
        if (options.containsKey("--data") && options.containsKey("--bootstrap")) {
            found.add(name.strip());
        }
        line.getSubcommands().forEach((own, command) -> taking(name + " " + own, command, found));
    }

    private Told told(List<String> command, boolean throughBroker) throws IOException {
        Path out = Files.createTempDirectory(written, "out");
        String[] arguments = Stream.concat(
                        command.stream().map(word -> word.replace(OUT, out.toString())),
                        throughBroker ? Stream.empty() : Stream.of("--data", data()))
                .toArray(String[]::new);
        Typed typed = throughBroker ? at(kafka(), arguments) : basin(arguments);
        return new Told(
                typed.status(),
                typed.lines().stream()
                        .map(line -> line.replace(out.toString(), OUT))
                        .toList(),
                // What is read from a broker and from files takes steps of its own.
                typed.error()
                        .replace(out.toString(), OUT)
                        .lines()
                        .filter(line -> !line.contains(" %"))
                        .toList(),
                files(out));
    }

    /**
     * Returns the digests of a folder's files, by path. Commands that a file suggests to its reader
     * count as the same.
     */
    private static SortedMap<String, String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            SortedMap<String, String> digests = new TreeMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                digests.put(
                        root.relativize(file).toString(),
                        Sha256.hex(text.replace("--bootstrap HOST:PORT", "--data DIR")
                                .getBytes(StandardCharsets.ISO_8859_1)));
            }
            return digests;
        }
    }
}
