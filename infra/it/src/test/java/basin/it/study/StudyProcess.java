package basin.it.study;

import basin.it.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code infra/basin run} in a separate process that can be interrupted and killed. */
final class StudyProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Pattern PROGRESS = Pattern.compile("(?m)^ *(\\d+) %  runs ended");

    private final Process process;
    private final Path output;

    private StudyProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Runs the repeated study on a data folder, with results in {@code data/out}. */
    static StudyProcess start(Path data, String... more) throws IOException {
        Path output = Files.createTempFile(data, "terminal", ".txt");
        List<String> command = new ArrayList<>(command(data));
        command.addAll(List.of(more));
        return new StudyProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** Returns the command that runs the repeated study. */
    static List<String> command(Path data) throws IOException {
        return JavaCommand.shortLived(
                "1g",
                List.of(),
                "basin.cli.Basin",
                "run",
                RepeatedStudy.file(data).toString(),
                "--data",
                data.toString(),
                "--out",
                data.resolve("out").toString(),
                "--port",
                "0",
                "--exit-when-done");
    }

    /** Returns the output so far. */
    String said() throws IOException {
        return Files.readString(output);
    }

    /** Waits until the output reports the given progress. */
    StudyProcess awaitProgress(int percent) {
        Awaitility.await().atMost(LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The study ended before " + percent + " %:\n" + said());
            }
            return PROGRESS.matcher(said()).results().anyMatch(line -> Integer.parseInt(line.group(1)) >= percent);
        });
        return this;
    }

    /** Waits for the end and returns the exit status. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The study did not end within " + LIMIT + ".");
        }
        return process.exitValue();
    }

    /** Interrupts the process, like Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("The study could not be interrupted: " + status);
        }
    }

    /** Kills the process with SIGKILL; no shutdown hook runs. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
