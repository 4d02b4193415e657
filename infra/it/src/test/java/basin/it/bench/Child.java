package basin.it.bench;

import basin.it.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of Basin's programs in a separate process that can be killed and restarted. Confined to one
 * thread.
 */
final class Child implements AutoCloseable {
    /** Ending of the file that a JVM writes into the folder when it crashes. */
    static final String CRASH = ".crash";

    private final String name;
    private final String kind;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;
    private long begins;

    private Child(String name, String kind, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        this.name = name;
        this.kind = kind;
        this.command = command;
        this.environment = environment;
        this.log = log;
        this.process = launch();
    }

    /**
     * Starts one of Basin's main classes with its arguments.
     *
     * @param name unique name; the part before the number is its kind
     * @param prefix words before the JVM's command
     */
    static Child start(
            String name, Path folder, Map<String, String> environment, List<String> prefix, String... program)
            throws IOException {
        return start(name, "768m", folder, environment, prefix, program);
    }

    /** Starts a main class with a maximum heap size, as for {@code -Xmx}. */
    static Child start(
            String name,
            String heap,
            Path folder,
            Map<String, String> environment,
            List<String> prefix,
            String... program)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(JavaCommand.of(heap, List.of("-XX:ErrorFile=" + folder.resolve(name + "-%p" + CRASH)), program));
        return new Child(name, name.replaceFirst("-[0-9]+$", ""), command, environment, folder.resolve(name + ".log"));
    }

    private Process launch() throws IOException {
        begins = Files.exists(log) ? Files.size(log) : 0;
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    String name() {
        return name;
    }

    /** Returns the kind of program, the name without its number. */
    String kind() {
        return kind;
    }

    /** Returns the present process. */
    ProcessHandle process() {
        return process.toHandle();
    }

    /** Kills the process with SIGKILL and restarts it. */
    void killAndStart() throws IOException, InterruptedException {
        kill();
        begin();
    }

    /** Kills the process with SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Restarts the program if its process has ended. */
    void begin() throws IOException {
        process = launch();
    }

    /** Suspends the process, as a debugger or a sleeping machine does. */
    void hold() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Resumes the process. */
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Sends a signal to the process, if it has not ended. */
    void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0 && process.isAlive()) {
            throw new IllegalStateException(
                    "kill -" + name + " of " + this.name + " ended with status " + status + ".");
        }
    }

    /**
     * Returns the first match in its output since the last start.
     *
     * @throws IllegalStateException if the process has ended
     */
    Optional<String> said(Pattern pattern) {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " ended with status " + process.exitValue() + "; its log is " + log);
        }
        Matcher found = pattern.matcher(log(begins));
        return found.find() ? Optional.of(found.group()) : Optional.empty();
    }

    /** Returns its output since the last start. */
    String text() {
        return log(begins);
    }

    /** Waits for the end of the process and returns its status; empty if the limit passes. */
    OptionalInt awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
    }

    /** Returns the number of matches in its output, over all starts. */
    long times(Pattern pattern) {
        return pattern.matcher(log(0)).results().count();
    }

    private String log(long begin) {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(begin, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
