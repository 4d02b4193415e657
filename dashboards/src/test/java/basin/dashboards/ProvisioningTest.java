package basin.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the files that Grafana reads at its start, field by field. */
class ProvisioningTest {

    @Test
    void theDataSourceIsPrometheusUnderItsFixedUid() throws Exception {
        JsonNode file = Generated.provisioning("datasources/prometheus.yaml");
        assertThat(file.path("apiVersion").asInt()).isEqualTo(1);
        assertThat(file.path("datasources")).hasSize(1);
        JsonNode source = file.path("datasources").get(0);
        assertThat(source.path("uid").asText()).isEqualTo(Boards.SOURCE_UID);
        assertThat(source.path("type").asText()).isEqualTo("prometheus");
        assertThat(source.path("access").asText()).isEqualTo("proxy");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(source.path("isDefault").asBoolean()).isTrue();
        assertThat(source.path("editable").asBoolean(true)).isFalse();
    }

    @Test
    void dashboardsComeFromFilesIntoAFolderOfTheirOwn() throws Exception {
        JsonNode file = Generated.provisioning("dashboards/basin.yaml");
        assertThat(file.path("apiVersion").asInt()).isEqualTo(1);
        assertThat(file.path("providers")).hasSize(1);
        JsonNode provider = file.path("providers").get(0);
        assertThat(provider.path("type").asText()).isEqualTo("file");
        assertThat(provider.path("folderUid").asText()).isEqualTo("basin");
        assertThat(provider.path("allowUiUpdates").asBoolean(true)).isFalse();
        assertThat(provider.at("/options/path").asText()).isEqualTo("/etc/grafana/dashboards");
    }

    @Test
    void alertRulesAskTheSourceAndCompareWhatItAnswers() throws Exception {
        JsonNode file = Generated.provisioning("alerting/rules.yaml");
        assertThat(file.path("apiVersion").asInt()).isEqualTo(1);
        List<String> uids = new ArrayList<>();
        for (JsonNode group : file.path("groups")) {
            assertThat(group.path("folder").asText()).isEqualTo("Basin");
            assertThat(group.path("interval").asText()).matches("\\d+0s");
            for (JsonNode rule : group.path("rules")) {
                uids.add(rule.path("uid").asText());
                assertThat(rule.path("title").asText()).isNotBlank();
                assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
                assertThat(rule.path("condition").asText()).isEqualTo("B");
                assertThat(rule.path("data")).hasSize(2);
                JsonNode requested = rule.path("data").get(0);
                assertThat(requested.path("datasourceUid").asText()).isEqualTo(Boards.SOURCE_UID);
                assertThat(requested.at("/model/expr").asText()).isNotBlank();
                assertThat(requested.path("refId")).isEqualTo(requested.at("/model/refId"));
                JsonNode compared = rule.path("data").get(1);
                assertThat(compared.path("datasourceUid").asText()).isEqualTo("__expr__");
                assertThat(compared.at("/model/expression").asText()).isEqualTo("A");
                assertThat(compared.at("/model/type").asText()).isEqualTo("threshold");
            }
        }
        assertThat(uids).containsExactly("basin-rule-fires", "basin-prometheus-silent");
    }

    @Test
    void silenceOfPrometheusIsAnAlertAndSilenceOfItsRulesIsNot() throws Exception {
        JsonNode rules = Generated.provisioning("alerting/rules.yaml").at("/groups/0/rules");
        assertThat(rules.get(0).path("noDataState").asText()).isEqualTo("OK");
        assertThat(rules.get(1).path("noDataState").asText()).isEqualTo("Alerting");
        assertThat(rules.get(1).path("execErrState").asText()).isEqualTo("Alerting");
    }
}
