package basin.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.study.Refusal;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Tests a service's routes and its shutdown. */
class ServiceShellTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void healthFollowsTheReadinessChecks() throws Exception {
        AtomicBoolean caughtUp = new AtomicBoolean();
        try (ServiceShell shell = shell(0)) {
            assertThat(get(shell, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(shell, "/health/ready").statusCode()).isEqualTo(200);

            shell.require("log", caughtUp::get);
            HttpResponse<String> notYet = get(shell, "/health/ready");
            assertThat(notYet.statusCode()).isEqualTo(503);
            assertThat(notYet.body()).contains("\"status\":\"DOWN\"").contains("\"log\":false");
            assertThat(get(shell, "/health/live").statusCode()).isEqualTo(200);

            caughtUp.set(true);
            assertThat(get(shell, "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoeverReadsMetricsSeesAllOfAChangeOrNone() throws Exception {
        try (ServiceShell shell = shell(0)) {
            List<CompletableFuture<HttpResponse<String>>> requested = new ArrayList<>();
            shell.changeMetrics(() -> {
                Counter.builder("first").register(shell.metrics());
                requested.add(client.sendAsync(
                        HttpRequest.newBuilder(shell.address().resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
                Counter.builder("second").register(shell.metrics());
            });
            assertThat(requested.getFirst().join().body())
                    .contains("first_total")
                    .contains("second_total");
        }
    }

    @Test
    void metricsHaveHelpTypeAndUnit() throws Exception {
        try (ServiceShell shell = shell(0)) {
            ServiceMetrics metrics = new ServiceMetrics(shell.metrics());
            metrics.countEvent("basin.loss", EventOutcome.TAKEN);
            metrics.countEvent("basin.loss", EventOutcome.CONFLICT);

            HttpResponse<String> scraped = get(shell, "/metrics");
            assertThat(scraped.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(scraped.body())
                    .contains("# HELP basin_events_total Events read, by what became of them")
                    .contains("# TYPE basin_events_total counter")
                    .contains("basin_events_total{outcome=\"taken\",topic=\"basin.loss\"} 1.0")
                    .contains("basin_conflicts_events_total{topic=\"basin.loss\"} 1.0")
                    .contains("basin_build_info{")
                    .contains("jvm_memory_used_bytes")
                    .contains("jvm_gc_");
        }
    }

    @Test
    void servicesOfOneProcessCountTheirOwnRequests() throws Exception {
        String counted = "vertx_http_server_requests_total{code=\"200\"";
        try (ServiceShell first = shell(0)) {
            try (ServiceShell second = shell(0)) {
                assertThat(get(second, "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(second, "/metrics").body()).contains(counted);
                assertThat(get(first, "/metrics").body()).doesNotContain(counted);
            }
            assertThat(get(first, "/health/live").statusCode()).isEqualTo(200);
            assertThat(get(first, "/metrics").body()).contains(counted);
        }
    }

    @Test
    void openMetricsAreGivenToWhomAsks() throws Exception {
        try (ServiceShell shell = shell(0)) {
            HttpResponse<String> scraped = client.send(
                    HttpRequest.newBuilder(shell.address().resolve("/metrics"))
                            .header("Accept", "application/openmetrics-text; version=1.0.0")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(scraped.headers().firstValue("content-type").orElse(""))
                    .startsWith("application/openmetrics-text");
            assertThat(scraped.body()).endsWith("# EOF\n");
        }
    }

    @Test
    void aServiceAddsItsOwnRoutesAndItsPartsCloseLastFirst() throws Exception {
        List<String> closed = new ArrayList<>();
        ServiceShell shell = ServiceShell.start(
                ServiceConfig.onLoopback("test", 0),
                router -> router.get("/hello").respond(context -> context.end("hello")));
        AutoCloseable _ = shell.owns(() -> closed.add("first"));
        AutoCloseable _ = shell.owns(() -> closed.add("second"));
        assertThat(get(shell, "/hello").body()).isEqualTo("hello");
        URI address = shell.address();
        assertThat(address.getHost()).isEqualTo("127.0.0.1");

        shell.close();
        assertThat(closed).containsExactly("second", "first");
        try (ServerSocket free = new ServerSocket(address.getPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void aBodyIsRefusedUnread() throws Exception {
        try (ServiceShell shell = shell(0)) {
            for (HttpRequest.BodyPublisher body : List.of(
                    HttpRequest.BodyPublishers.ofByteArray(new byte[10]),
                    // Of unknown length, sent in chunks.
                    HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArray(new byte[10])))) {
                assertThat(send(shell, "POST", body)).isEqualTo(405);
            }
            assertThat(send(shell, "GET", HttpRequest.BodyPublishers.ofByteArray(new byte[10])))
                    .isEqualTo(413);
            assertThat(get(shell, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    private static String answer(Socket socket, String request) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return new String(begin, StandardCharsets.US_ASCII);
    }

    private static Socket connected(ServiceShell shell) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), shell.address().getPort());
    }

    @Test
    void aRequestThatTheRouterCannotReadIsTheClientsMistake() throws Exception {
        try (ServiceShell shell = shell(0)) {
            for (String request : List.of(
                    "GET /health/live HTTP/1.1\r\n\r\n",
                    "GET /health/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /% HTTP/1.1\r\nHost: a\r\n\r\n")) {
                try (Socket socket = connected(shell)) {
                    assertThat(answer(socket, request)).as(request).endsWith(" 400");
                }
            }
            try (Socket socket = connected(shell)) {
                assertThat(answer(socket, "GET /health/l%69ve HTTP/1.1\r\nHost: a\r\n\r\n"))
                        .endsWith(" 200");
            }
        }
    }

    @Test
    void aConnectionThatIsOneTooManyIsClosed() throws Exception {
        String request = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";
        List<Socket> open = new ArrayList<>();
        try (ServiceShell shell = shell(0)) {
            for (int i = 0; i < ServiceShell.MAX_CONNECTIONS; i++) {
                open.add(connected(shell));
            }
            // All of them are counted once the last is answered.
            for (Socket each : open) {
                assertThat(answer(each, request)).endsWith(" 200");
            }
            try (Socket more = connected(shell)) {
                more.setSoTimeout(60_000);
                assertThat(more.getInputStream().read()).isEqualTo(-1);
            }
            // Another may come when one has gone.
            open.removeFirst().close();
            boolean answered = false;
            while (!answered) {
                try (Socket again = connected(shell)) {
                    answered = answer(again, request).endsWith(" 200");
                } catch (SocketException stillOneTooMany) {
                    // The server has not seen yet that one has gone.
                }
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    @Test
    void anOccupiedPortIsOneSentence() throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> shell(occupied.getLocalPort()))
                    .withMessage("port " + occupied.getLocalPort() + " on 127.0.0.1 is occupied; give another.");
        }
    }

    @Test
    void aConfigurationThatCannotBeIsOneSentence() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceConfig.onLoopback("test", 70_000))
                .withMessage("port is 70000; use 0 (any that is free) to 65535.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceConfig.onLoopback("Flatness Probe", 0))
                .withMessageContaining("name is 'Flatness Probe'");
    }

    private int send(ServiceShell shell, String method, HttpRequest.BodyPublisher body) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(shell.address().resolve("/metrics"))
                                .version(HttpClient.Version.HTTP_1_1)
                                .method(method, body)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    private static ServiceShell shell(int port) {
        return ServiceShell.start(ServiceConfig.onLoopback("test", port), router -> {});
    }

    private HttpResponse<String> get(ServiceShell shell, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(shell.address().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
