package basin.it.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a history is loaded, with its times, into the data folder of a Prometheus that is
 * running, and that nothing is lost which it scraped meanwhile.
 */
class BackfillTest {
    private static final Path SCRIPT = Path.of("../compose/backfill").toAbsolutePath();
    private static final double NOW = System.currentTimeMillis() / 1000.0;
    private static final double MINUTE = 60;
    private static final double DAY = 24 * 60 * MINUTE;

    @TempDir
    private Path folder;

    private HttpServer scraped;

    @BeforeEach
    void serve() throws IOException {
        scraped = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        scraped.createContext("/metrics", exchange -> {
            byte[] body = "live_value 7\n".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        scraped.start();
    }

    @AfterEach
    void stop() {
        scraped.stop(0);
    }

    private Prometheus prometheus() throws IOException {
        return Prometheus.start(
                Prometheus.program(),
                folder,
                URI.create("http://127.0.0.1:" + scraped.getAddress().getPort()));
    }

    private Path history(String name, double... times) throws IOException {
        StringBuilder text = new StringBuilder("# TYPE old_value gauge\n");
        for (double time : times) {
            text.append(String.format(Locale.ROOT, "old_value{run=\"a b\"} %.1f %.3f%n", 3.0, time));
        }
        return Files.writeString(folder.resolve(name), text.append("# EOF\n"));
    }

    private String backfill(int status, String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of("sh", SCRIPT.toString()), Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(status);
        return said;
    }

    private static boolean hasLive(Prometheus prometheus) {
        return !prometheus.instant("live_value").isEmpty();
    }

    @Test
    void aHistoryIsThereAfterARestartAndSoIsWhatWasScrapedBefore() throws Exception {
        double scrapedAt;
        try (Prometheus running = prometheus()) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hasLive(running));
            scrapedAt = System.currentTimeMillis() / 1000.0;
            // Ten days ago, and minutes ago: into the time that Prometheus has not stored yet.
            Path history = history("history.om", NOW - 10 * DAY, NOW - 10 * DAY + MINUTE, NOW - 3 * MINUTE, NOW);
            assertThat(backfill(0, history.toString(), folder.resolve("data").toString()))
                    .containsPattern("Loaded [23] blocks");
        }
        scraped.stop(0);
        try (Prometheus again = prometheus()) {
            assertThat(again.instant("old_value", NOW - 10 * DAY + 1)).hasSize(1);
            assertThat(again.instant("old_value", NOW - 3 * MINUTE + 1)).hasSize(1);
            assertThat(again.instant("live_value", scrapedAt))
                    .as("what was scraped before the restart")
                    .hasSize(1);
        }
        try (Stream<Path> left = Files.list(folder.resolve("data"))) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("backfill"));
        }
    }

    /** Prometheus looks for new blocks every minute. */
    @Test
    @Tag("long")
    void aHistoryIsThereWithinTwoMinutesWithoutARestart() throws Exception {
        try (Prometheus running = prometheus()) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> hasLive(running));
            Path history = history("history.om", NOW - 10 * DAY, NOW - MINUTE);
            backfill(0, history.toString(), folder.resolve("data").toString());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() ->
                            !running.instant("old_value", NOW - 10 * DAY + 1).isEmpty());
            assertThat(running.instant("old_value", NOW - MINUTE + 1)).hasSize(1);
            assertThat(hasLive(running)).isTrue();
        }
    }

    @Test
    void whatCannotBeLoadedIsRefused() throws Exception {
        Prometheus.program();
        Path data = Files.createDirectories(folder.resolve("data"));
        assertThat(backfill(2)).contains("give a file of OpenMetrics text and the data folder");
        assertThat(backfill(2, folder.resolve("none").toString(), data.toString()))
                .contains("give a file of OpenMetrics text and the data folder");
        assertThat(backfill(1, history("empty.om").toString(), data.toString())).isNotEmpty();
        Path broken = Files.writeString(folder.resolve("broken.om"), "no metrics\n");
        assertThat(backfill(1, broken.toString(), data.toString())).isNotEmpty();
        assertThat(data).isEmptyDirectory();
    }
}
