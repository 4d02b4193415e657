package basin.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.study.Refusal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the settings of a service process and the refusal of each mistake. */
class ServiceSettingsTest {
    private static final String BOOTSTRAP = "BASIN_KAFKA_BOOTSTRAP";

    @Test
    void whatIsNotGivenHasItsDefault() {
        ServiceSettings settings = ServiceSettings.read("trainer", 8643, Map.of(BOOTSTRAP, "kafka:9092,[::1]:9093"));
        assertThat(settings.http()).isEqualTo(new ServiceConfig("trainer", "127.0.0.1", 8643));
        assertThat(settings.endpoint().bootstrapServers()).isEqualTo("kafka:9092,[::1]:9093");
        assertThat(settings.slots()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.logFormat()).isEqualTo("text");
        assertThat(settings.grafana()).isEmpty();
    }

    @Test
    void theEnvironmentWinsOverTheFile(@TempDir Path folder) throws Exception {
        Path client = Files.writeString(folder.resolve("client.properties"), "security.protocol=SSL\n");
        Path file = Files.writeString(
                folder.resolve("basin.properties"),
                "kafka.bootstrap=file:9092\nkafka.client.config=" + client
                        + "\nslots=3\nhttp.port=1\nlog.format=json\ngrafana.url=http://127.0.0.1:3000\n");
        ServiceSettings settings = ServiceSettings.read(
                "aggregator", 8642, Map.of("BASIN_CONFIG", file.toString(), BOOTSTRAP, "environment:9092"));
        assertThat(settings.endpoint().bootstrapServers()).isEqualTo("environment:9092");
        assertThat(settings.endpoint().clientProperties()).containsEntry("security.protocol", "SSL");
        assertThat(settings.slots()).isEqualTo(3);
        assertThat(settings.http().port()).isEqualTo(1);
        assertThat(settings.logFormat()).isEqualTo("json");
        assertThat(settings.grafana()).contains(URI.create("http://127.0.0.1:3000"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BASIN_KAFKA_BOOTSTRAP | kafka | BASIN_KAFKA_BOOTSTRAP is 'kafka': give one or more host:port",
                "BASIN_KAFKA_CLIENT_CONFIG | /no/such | BASIN_KAFKA_CLIENT_CONFIG is '/no/such', which cannot be read",
                "BASIN_CONFIG | /no/such | BASIN_CONFIG is '/no/such', which cannot be read",
                "BASIN_HTTP_PORT | 70000 | BASIN_HTTP_PORT is '70000': give a whole number",
                "BASIN_SLOTS | none | BASIN_SLOTS is 'none': give a whole number from 1",
                "BASIN_LOG_FORMAT | xml | BASIN_LOG_FORMAT is 'xml': give text or json.",
                "BASIN_GRAFANA_URL | javascript:alert(1) | BASIN_GRAFANA_URL is 'javascript:alert(1)': give an address",
            })
    void whatCannotBeIsOneSentence(String variable, String value, String expected) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(BOOTSTRAP, "kafka:9092"));
        environment.put(variable, value);
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceSettings.read("evaluator", 0, environment))
                .withMessageStartingWith(expected)
                .withMessageEndingWith(".");
    }

    @Test
    void withoutKafkaThereIsNoService() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceSettings.read("evaluator", 0, Map.of()))
                .withMessageStartingWith("BASIN_KAFKA_BOOTSTRAP is not set: give");
    }

    @Test
    void aFileWithAnUnknownKeyIsRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("basin.properties"), "kafka.bootstrp=kafka:9092\n");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceSettings.read("evaluator", 0, Map.of("BASIN_CONFIG", file.toString())))
                .withMessageContaining("'kafka.bootstrp', which is no setting: use ");
        Files.writeString(file, "kafka.bootstrap=a:9092\nkafka.bootstrap=b:9092\n");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> ServiceSettings.read("evaluator", 0, Map.of("BASIN_CONFIG", file.toString())))
                .withMessage("BASIN_CONFIG is '" + file + "': 'kafka.bootstrap' is given twice: remove one.");
    }
}
