package basin.it.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * The machine's Prometheus as a child process that scrapes one address every second, or an existing
 * one. Without one the tests are skipped, except in CI.
 */
final class Prometheus implements AutoCloseable {
    private static final List<String> PLACES =
            List.of("/usr/bin/prometheus", "/usr/local/bin/prometheus", "/opt/prometheus/prometheus");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Optional<Process> process;
    private final URI address;

    private Prometheus(Optional<Process> process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Returns the program; skips the test if there is none. */
    static Path program() {
        Optional<Path> program =
                PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
        if (program.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("No Prometheus is installed where the dashboards must be tested.");
        }
        Assumptions.assumeTrue(
                program.isPresent(), "No Prometheus is installed, so the dashboards' queries are not run.");
        return program.orElseThrow();
    }

    /** Returns an existing server, which closing does not stop. */
    static Prometheus at(URI address) {
        return new Prometheus(Optional.empty(), address);
    }

    /**
     * Starts the program on a free loopback port, on the data that an earlier one left in the
     * folder.
     */
    static Prometheus start(Path program, Path folder, URI scraped) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path settings = folder.resolve("prometheus.yaml");
        Files.writeString(settings, """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: aggregator
                static_configs: [{targets: ["%s"]}]
            """.formatted(scraped.getAuthority()));
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + settings,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Prometheus started = new Prometheus(Optional.of(process), URI.create("http://127.0.0.1:" + port));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> started.get("/-/ready").statusCode() == 200);
        return started;
    }

    /** Returns the result of an instant query. */
    JsonNode instant(String expression) {
        return answer("/api/v1/query?query=" + encoded(expression)).at("/data/result");
    }

    /**
     * Returns the result of an instant query in the past.
     *
     * @param seconds seconds since 1970
     */
    JsonNode instant(String expression, double seconds) {
        return answer("/api/v1/query?time=" + seconds + "&query=" + encoded(expression))
                .at("/data/result");
    }

    /** Returns the result of a range query over the last minute. */
    JsonNode range(String expression) {
        double now = System.currentTimeMillis() / 1000.0;
        return answer("/api/v1/query_range?step=2&start=" + (now - 60) + "&end=" + now + "&query="
                        + encoded(expression))
                .at("/data/result");
    }

    private JsonNode answer(String path) {
        try {
            HttpResponse<String> response = get(path);
            if (response.statusCode() != 200) {
                throw new IllegalArgumentException(response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException("Prometheus did not answer.", e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.ifPresent(Prometheus::end);
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
