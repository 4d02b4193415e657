package basin.it.stop;

import static org.assertj.core.api.Assertions.assertThat;

import basin.it.JavaCommand;
import basin.study.SampleSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that a process whose threads compute in the engine ends with its status and in order, and
 * does not crash.
 */
@Tag("sampled")
class StopTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int TIMES = SampleSize.of(1, 3);

    @TempDir
    private Path folder;

    private Process start(Path output, String... program) throws IOException {
        return new ProcessBuilder(JavaCommand.shortLived(
                        "256m", List.of("-XX:ErrorFile=" + folder.resolve("crash.log")), program))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Starts the program, does something to it once it works, and compares its end. */
    private void endsWith(int status, String more, Signal signal) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Path output = Files.createTempFile(folder, "terminal", ".txt");
            Path deleted = folder.resolve("deleted-" + i);
            Process process = start(output, NativeWork.class.getName(), deleted.toString(), more);
            try {
                Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive() || Files.size(output) > 0);
                signal.send(process);
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(output).hasContent(NativeWork.WORKING + "\nfirst step\nsecond step");
            assertThat(process.exitValue()).isEqualTo(status);
            assertThat(deleted).doesNotExist();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).allSatisfy(file -> assertThat(file).hasExtension("txt"));
        }
    }

    /** Sends a signal to a process. */
    @FunctionalInterface
    private interface Signal {
        void send(Process process) throws IOException, InterruptedException;
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSignalEndsItWithTheStatusOfTheSignal(String signal, int status) throws Exception {
        endsWith(status, "", process -> {
            int sent = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(sent).isZero();
        });
    }

    @Test
    void anEndOfItsOwnHasItsOwnStatus() throws Exception {
        endsWith(NativeWork.STATUS, NativeWork.ENDS, process -> {});
    }
}
