package basin.compose;

import static basin.compose.Compose.list;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every alert leads to its section of the runbook, and every section belongs to an alert. */
class RunbookTest {
    private static final String BOOK = Checkout.text("infra/docs/runbook.md");
    private static final String PLACE = "http://127.0.0.1:3000/public/runbook.txt#:~:text=";
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Test
    void everyAlertHasASectionAndEverySectionAnAlert() throws IOException {
        Map<String, String> links = links();
        TreeSet<String> sections = new TreeSet<>(Pattern.compile("(?m)^## (.+)$")
                .matcher(BOOK)
                .results()
                .map((MatchResult section) -> section.group(1))
                .toList());
        assertThat(links.keySet()).hasSizeGreaterThan(10).isEqualTo(sections);
        links.forEach((alert, link) -> assertThat(URLDecoder.decode(link, StandardCharsets.UTF_8))
                .as("runbook_url of %s", alert)
                .isEqualTo(PLACE + alert));
    }

    @Test
    void everySectionSaysWhatItMeansWhatToLookAtAndWhatToDo() {
        String[] sections = BOOK.split("(?m)^## ", -1);
        for (int i = 1; i < sections.length; i++) {
            assertThat(sections[i]).containsSubsequence("**Means.** ", "**Look at.** ", "**Do.** ");
        }
    }

    @Test
    void grafanaServesIt() {
        Map<String, Object> grafana = Compose.read().service("grafana");
        assertThat(list(grafana.get("volumes")))
                .contains("../docs/runbook.md:/usr/share/grafana/public/runbook.txt:ro");
        assertThat(PLACE).startsWith("http://127.0.0.1:" + Compose.variables().get("GRAFANA_PORT") + "/public/");
    }

    /** Returns the links of all alerts of Prometheus and Grafana, by the alert's name. */
    private static Map<String, String> links() throws IOException {
        Map<String, String> links = new TreeMap<>();
        for (String folder : List.of("infra/compose/prometheus/rules", "dashboards/grafana/provisioning/alerting")) {
            try (Stream<Path> files = Files.list(Checkout.path(folder))) {
                for (Path file : files.toList()) {
                    addLinks(YAML.readTree(Files.readString(file)), links);
                }
            }
        }
        return links;
    }

    private static void addLinks(JsonNode rules, Map<String, String> links) {
        for (JsonNode group : rules.path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                String name = rule.path("alert").asText(rule.path("title").asText());
                if (!name.isEmpty()) {
                    links.put(name, rule.at("/annotations/runbook_url").asText());
                }
            }
        }
    }
}
