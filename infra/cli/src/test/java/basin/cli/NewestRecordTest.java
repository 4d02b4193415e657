package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.study.WholeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests which record a command works on where none is named, with the program as a process of its
 * own in a folder of its own; and what a process says that is interrupted while it starts.
 */
class NewestRecordTest {
    private static final Path RECORD = Path.of("src/main/rehearsal");
    private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path folder;

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "@" + Path.of("../cli/jvm.options").toAbsolutePath().normalize(),
                "-Dbasin.home=" + System.getProperty("basin.home"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "basin.cli.Basin"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("error").toFile());
        builder.environment().remove("BASIN_KAFKA_BOOTSTRAP");
        return builder.start();
    }

    private Typed ended(String... arguments) throws Exception {
        Process process = start(arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Typed(process.exitValue(), out, Files.readString(folder.resolve("error")));
    }

    /** Makes a record whose last change was some seconds after another. */
    private void record(String name, int seconds) throws IOException {
        Path to = folder.resolve(".basin").resolve(name);
        try (Stream<Path> files = Files.walk(RECORD)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(RECORD.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                    Files.setLastModifiedTime(copy, FileTime.from(EARLY));
                }
            }
        }
        Files.setLastModifiedTime(
                to.resolve("broker/basin.loss-1/00000000000000000000.log"), FileTime.from(EARLY.plusSeconds(seconds)));
    }

    @Test
    void commandsThatReadTakeTheRecordThatChangedLast() throws Exception {
        record("a", 1);
        record("b", 3);
        record("c", 2);
        // Neither a later folder without a record nor a later file that is none of the record's
        // counts.
        Files.createDirectories(folder.resolve(".basin/d/broker"));
        WholeFile.write(folder.resolve(".basin/c/kafka.log"), "later");
        Typed status = ended("status");
        status.says("Record: .basin/b, the newest here; --data names another.");
        assertThat(status.out())
                .isEqualTo(basin("status", "--data", RECORD.toString()).out());
        Typed quiet = ended("status", "--quiet");
        assertThat(quiet.error().lines()).allMatch(line -> line.startsWith("The record is "));
        assertThat(quiet.out()).isEqualTo(status.out());
        ended("rank").says("Record: .basin/b, the newest here");
        assertThat(ended("doctor").error()).contains("Record: .basin/b, the newest here");
    }

    @Test
    void whereThereIsNoneOneSentenceSaysHowToMakeOrNameOne() throws Exception {
        Typed none = ended("pick");
        none.refused(
                "There is no record under .basin in this folder: make one with infra/basin run, or name the folder of"
                        + " one with --data.");
        assertThat(none.error()).doesNotContain("Kafka").doesNotContain("bootstrap");
    }

    @Test
    void anInterruptWhileTheProgramStartsIsAnswered() throws Exception {
        Process run = start("run", "quick", "--port", "0");
        try (BufferedReader out = run.inputReader(StandardCharsets.UTF_8)) {
            String line = "";
            while (!line.startsWith("Expected: ")) {
                line = Objects.requireNonNull(out.readLine(), () -> "The run ended early.");
            }
            // The broker is started now, which takes seconds.
            new ProcessBuilder("kill", "-INT", Long.toString(run.pid())).start().waitFor();
            assertThat(run.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            run.destroyForcibly();
        }
        assertThat(run.exitValue()).isEqualTo(130);
        assertThat(Files.readString(folder.resolve("error")))
                .containsOnlyOnce("Interrupted while starting; the same command starts again.");
    }
}
