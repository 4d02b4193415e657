package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.study.Json;
import basin.study.NumericFields;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that every reporting command prints one JSON document, on request and nothing else, that
 * its published schema accepts.
 */
class JsonOutputTest {
    /** The record of a small study that came with Basin. */
    private static final String RECORD =
            Path.of("src/main/rehearsal").toAbsolutePath().toString();

    @TempDir
    private Path folder;

    private static JsonNode read(String command, String... more) {
        return Documents.valid(command, typed(command, more));
    }

    private static Typed typed(String command, String... more) {
        String[] typed = new String[more.length + 4];
        typed[0] = command;
        System.arraycopy(more, 0, typed, 1, more.length);
        typed[more.length + 1] = "--data";
        typed[more.length + 2] = RECORD;
        typed[more.length + 3] = "--json";
        return basin(typed);
    }

    @Test
    void theSchemasArePublished() throws IOException {
        assertThat(Documents.published())
                .as("mvn -pl infra/cli verify -Dtest=JsonOutputTest -Dbasin.schemas=write writes them")
                .isEqualTo(Documents.schemas());
    }

    @Test
    void everyFieldIsDescribed() throws IOException {
        for (Map.Entry<String, String> file : Documents.schemas().entrySet()) {
            JsonNode schema = Json.mapper().readTree(file.getValue());
            assertThat(schema.path("description").asText()).as(file.getKey()).isNotEmpty();
            for (JsonNode properties : schema.findValues("properties")) {
                properties
                        .properties()
                        .forEach(field -> assertThat(
                                        field.getValue().findPath("description").asText())
                                .as(file.getKey() + " " + field.getKey())
                                .isNotEmpty());
            }
        }
    }

    @Test
    void everyNumericFieldNamesItsUnit() throws IOException {
        for (Map.Entry<String, String> file : Documents.schemas().entrySet()) {
            assertThat(NumericFields.withoutUnit(Json.mapper().readTree(file.getValue())))
                    .as(file.getKey())
                    .isEmpty();
        }
    }

    @Test
    void aSchemaRefusesADocumentThatLacksAField() throws IOException {
        for (Map.Entry<String, String> file : Documents.schemas().entrySet()) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(Json.mapper().readTree(file.getValue()))
                            .validate(Json.mapper().createObjectNode()))
                    .as(file.getKey())
                    .isNotEmpty();
        }
    }

    @Test
    void studiesOfARecord() {
        JsonNode all = read("status");
        JsonNode study = all.path("studies").path(0);
        assertThat(study.path("study").path("state").asText()).isEqualTo("done");
        assertThat(study.path("study").path("revision").path("digest").asText()).hasSize(16);
        assertThat(study.path("ended").asInt()).isEqualTo(study.path("runs").asInt());
        String name = study.path("study").path("name").asText();
        assertThat(read("status", name)).isEqualTo(all);
        String run = study.path("each").path(0).path("runId").asText();
        JsonNode traced = read("trace", run);
        assertThat(traced.path("records")).isNotEmpty();
        assertThat(traced.path("records").path(0).path("topic").asText()).startsWith("basin.");
        JsonNode checked = read("doctor");
        assertThat(checked.path("checks").findValuesAsText("verdict")).isSubsetOf("ok", "wrong", "unchecked");
        assertThat(checked.path("healthy").asBoolean())
                .isEqualTo(!checked.path("checks").findValuesAsText("verdict").contains("wrong"));
        assertThat(read("dead-letters", "list").path("deadLetters")).isEmpty();
    }

    @Test
    void answersFromARecord() {
        JsonNode picked = read("pick");
        assertThat(picked.path("candidates")).isNotEmpty();
        assertThat(picked.path("study").path("revision").path("events").asLong())
                .isPositive();
        JsonNode ranking = read("rank");
        assertThat(ranking.path("ranked").findValuesAsText("measure")).contains("hessian.trace", "loss");
        JsonNode answer = read("replay", "--out", folder.resolve("answer").toString());
        assertThat(answer.path("correlations")).isNotEmpty();
        assertThat(answer.path("correlations").findValuesAsText("comparison")).contains("matched-within-size");
        JsonNode results = read("results", "--out", folder.resolve("page.md").toString());
        assertThat(results.path("correlations")).isEqualTo(answer.path("correlations"));
        assertThat(answer.path("lossKind").asText()).isEqualTo("excess");
        assertThat(results.path("files").path(0).asText()).endsWith("page.md");
        assertThat(typed("replay", "--out", folder.resolve("again").toString()).error())
                .as("progress goes to standard error")
                .contains("records read");
    }

    @Test
    void aRefusalLeavesStandardOutputEmpty() {
        Typed typed = typed("pick", "--by", "loss");
        typed.refused("--by is 'loss'");
        assertThat(typed.out()).isEmpty();
    }

    @Test
    void studiesThatComeWithBasin() {
        JsonNode studies =
                Documents.valid("studies", basin("studies", "--json")).path("studies");
        assertThat(studies)
                .filteredOn(study -> study.path("name").asText().equals("small"))
                .singleElement()
                .extracting(small -> small.path("runs").asInt())
                .isEqualTo(49);
        assertThat(basin("studies").out()).contains("small: ", "49 runs (");
        JsonNode plan = Documents.valid("plan", basin("plan", "quick", "--json"));
        assertThat(plan.path("parts")).isNotEmpty();
        assertThat(plan.path("devices").path(0).path("seconds").asDouble()).isPositive();
    }

    @Test
    void topicsOfAFolder() {
        String data = folder.resolve("data").toString();
        JsonNode topics = Documents.valid("topics", basin("topics", "--data", data, "--json"));
        assertThat(topics.path("topics").findValuesAsText("name")).contains("basin.study", "basin.work.probe");
    }

    @Test
    void theFlatnessOfAFolder() throws IOException {
        Pcfg language = Grammars.tree(2, 3, 2, 6, 1);
        EncoderShape shape = new EncoderShape(6, 4, 8, 1, 2, 12);
        Path model = Files.createDirectory(folder.resolve("model"));
        EncoderFolder.write(model, shape, Initialisation.of(shape, 0.3, 5), language);
        JsonNode report = Documents.valid("probe", basin("probe", model.toString(), "--json"));
        assertThat(report.path("readings").findValuesAsText("quantity")).contains("hessian.trace");
        JsonNode reading = report.path("readings").path(0);
        assertThat(reading.path("value").path("low").asDouble())
                .isLessThan(reading.path("value").path("value").asDouble());
        assertThat(reading.path("perParameter").asDouble() * shape.parameterCount())
                .isCloseTo(reading.path("value").path("value").asDouble(), withPercentage(1e-9));
        assertThat(report.path("loss").path("stderr").asDouble()).isPositive();
        assertThat(report.path("model").path("files").findValuesAsText("name"))
                .containsExactly("config.json", "model.safetensors");
        assertThat(report.path("sample").path("sentences").asLong()).isEqualTo(40 * 16);
    }
}
