package basin.it.services;

import basin.it.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A service in a separate process, configured by its environment. */
final class ServiceProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+");

    private final Process process;
    private final Path log;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ServiceProcess start(String main, Path folder, Map<String, String> environment) throws IOException {
        return start(main, folder, environment, List.of());
    }

    /** Starts a service like {@link #start(String, Path, Map)}, with more options of the JVM. */
    static ServiceProcess start(String main, Path folder, Map<String, String> environment, List<String> options)
            throws IOException {
        Path log = Files.createTempFile(folder, main, ".log");
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.shortLived("512m", options, main))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("BASIN_HTTP_PORT", "0");
        builder.environment().put("BASIN_SLOTS", "1");
        builder.environment().putAll(environment);
        return new ServiceProcess(builder.start(), log);
    }

    String said() throws IOException {
        return Files.readString(log);
    }

    /** Waits until the service logs its address, and returns it. */
    String awaitAddress() {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                throw new IllegalStateException("The service ended:\n" + said());
                            }
                            // JSON logs escape slashes.
                            Matcher address = ADDRESS.matcher(said().replace("\\/", "/"));
                            return address.find() ? address.group() : "";
                        },
                        found -> !found.isEmpty());
    }

    /** Terminates the process like {@code docker stop}; returns the exit status. */
    int terminate(Duration limit) throws InterruptedException, IOException {
        process.destroy();
        return awaitEnd(limit);
    }

    int awaitEnd(Duration limit) throws InterruptedException, IOException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The service did not end within " + limit + ":\n" + said());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
