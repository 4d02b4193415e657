package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Prometheus' own judgement of its configuration, and the tests that make each alert fire and keep
 * quiet.
 */
class PrometheusRulesTest {
    private static final Path FOLDER = Checkout.path("infra/compose/prometheus");

    @Test
    void prometheusTakesConfigurationAndRules() throws Exception {
        promtool("check", List.of("config", "prometheus.yaml"));
        List<String> rules = new ArrayList<>(List.of("rules"));
        rules.addAll(files("rules"));
        promtool("check", rules);
    }

    @Test
    void rulesDoWhatTheirTestsSay() throws Exception {
        List<String> tests = new ArrayList<>(List.of("rules"));
        tests.addAll(files("tests"));
        promtool("test", tests);
    }

    @Test
    void everyAlertIsMadeToFireAndToKeepQuiet() {
        String tests = Checkout.text("infra/compose/prometheus/tests/alerts.yaml");
        Matcher alerts =
                Pattern.compile("- alert: (\\w+)").matcher(Checkout.text("infra/compose/prometheus/rules/alerts.yaml"));
        int count = 0;
        while (alerts.find()) {
            String name = alerts.group(1);
            assertThat(tests)
                    .as("%s fires", name)
                    .containsPattern("alertname: " + name + "\\n +eval_time: \\w+\\n +exp_alerts:\\n +- exp_labels");
            assertThat(tests)
                    .as("%s keeps quiet", name)
                    .containsPattern("alertname: " + name + ", eval_time: \\w+, exp_alerts: \\[]");
            count++;
        }
        assertThat(count).isGreaterThanOrEqualTo(5);
    }

    @Test
    void everyServiceIsScrapedOnItsPort() {
        String config = Checkout.text("infra/compose/prometheus/prometheus.yaml");
        for (String service : List.of("aggregator", "trainer", "flatness-probe", "evaluator")) {
            List<String> test =
                    Compose.list(Compose.map(Compose.read().service(service).get("healthcheck"))
                            .get("test"));
            assertThat(config).contains("{names: [" + service + "], type: A, port: " + test.getLast() + ",");
        }
    }

    private static List<String> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.map(file -> folder + "/" + file.getFileName()).sorted().toList();
        }
    }

    private static void promtool(String verb, List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(Needed.program("promtool").toString(), verb));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
