package basin.record.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.record.Event;
import basin.record.EventCodec;
import basin.record.MalformedEventException;
import basin.record.SampleEvents;
import basin.study.Json;
import basin.study.NumericFields;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schemas are those of the code, and accept the events of every version. */
class SchemasTest {
    private static final Path PUBLISHED = Path.of("schemas");
    private static final Path RELEASED = PUBLISHED.resolve("v1");
    private static final List<Path> GOLDEN = List.of(
            Path.of("src/test/resources/basin/record/events-v1.jsonl"),
            Path.of("src/test/resources/basin/record/events-v1-added.jsonl"));

    private static Schema schema(Path file) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Json.mapper().readTree(Files.readString(file)));
    }

    private static Schema schemaOf(Path folder, JsonNode event) throws IOException {
        return schema(folder.resolve(event.path("type").asText() + ".json"));
    }

    static List<String> everyEvent() throws IOException {
        List<String> events = new ArrayList<>();
        for (Path golden : GOLDEN) {
            events.addAll(Files.readAllLines(golden));
        }
        for (Event event : SampleEvents.all()) {
            events.add(new String(EventCodec.encode(event), StandardCharsets.UTF_8));
        }
        return events;
    }

    /** With {@code -Dbasin.schemas=write} they are written instead. */
    @Test
    void thoseInTheRepositoryAreThoseOfTheCode() throws IOException {
        Map<String, String> made = SchemaFiles.all();
        if ("write".equals(System.getProperty("basin.schemas"))) {
            Files.createDirectories(PUBLISHED);
            for (Map.Entry<String, String> file : made.entrySet()) {
                Files.writeString(PUBLISHED.resolve(file.getKey()), file.getValue());
            }
        }
        Map<String, String> published = new TreeMap<>();
        try (Stream<Path> files = Files.list(PUBLISHED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                published.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(published)
                .as("mvn -pl infra/record verify -Dtest=SchemasTest -Dbasin.schemas=write writes them")
                .isEqualTo(made);
    }

    @ParameterizedTest
    @MethodSource("everyEvent")
    void everyEventIsRightByItsSchema(String line) throws IOException {
        JsonNode event = Json.mapper().readTree(line);
        assertThat(schemaOf(PUBLISHED, event).validate(event)).isEmpty();
        if (isAsReleased(line)) {
            assertThat(schemaOf(RELEASED, event).validate(event)).isEmpty();
        }
        ObjectNode more = event.deepCopy();
        more.put("aFieldOfTomorrow", 1);
        assertThat(schemaOf(PUBLISHED, event).validate(more)).isEmpty();
    }

    /**
     * Readers of the first release set aside later additions: types, quantities, languages and
     * tasks.
     */
    private static boolean isAsReleased(String line) throws IOException {
        return Files.readAllLines(GOLDEN.getFirst()).contains(line);
    }

    /**
     * The schema and the program refuse the same: every field of every event omitted, set to null,
     * or set to another type.
     */
    @ParameterizedTest
    @MethodSource("everyEvent")
    void whatTheSchemaRefusesTheProgramRefuses(String line) throws IOException {
        JsonNode event = Json.mapper().readTree(line);
        Schema schema = schemaOf(PUBLISHED, event);
        for (ObjectNode spoilt : spoilt((ObjectNode) event)) {
            boolean refused = !schema.validate(spoilt).isEmpty();
            if (refused) {
                assertThatThrownBy(() -> EventCodec.decode(Json.canonical(spoilt)))
                        .as("%s", spoilt)
                        .isInstanceOf(MalformedEventException.class);
            }
        }
        assertThat(spoilt((ObjectNode) event).stream()
                        .filter(spoilt -> !schema.validate(spoilt).isEmpty()))
                .as("that a field is missing is always noticed")
                .hasSizeGreaterThanOrEqualTo(event.size());
    }

    private static List<ObjectNode> spoilt(ObjectNode event) {
        List<ObjectNode> spoilt = new ArrayList<>();
        event.fieldNames().forEachRemaining(field -> {
            ObjectNode without = event.deepCopy();
            without.remove(field);
            spoilt.add(without);
            ObjectNode other = event.deepCopy();
            other.putArray(field).addObject();
            spoilt.add(other);
        });
        return spoilt;
    }

    @Test
    void everyTypeHasWordsForEveryField() throws IOException {
        for (Map.Entry<String, JsonNode> schema : SchemaFiles.schemas().entrySet()) {
            assertThat(schema.getValue().path("description").asText())
                    .as(schema.getKey())
                    .isNotEmpty();
            assertThat(schema.getValue().path("properties").size())
                    .isEqualTo(schema.getValue().path("required").size());
        }
        assertThat(SchemaFiles.topicsOfEvents())
                .containsExactlyInAnyOrderElementsOf(
                        SampleEvents.all().stream().map(Event::topic).distinct().toList());
    }

    @Test
    void everyNumericFieldNamesItsUnit() throws IOException {
        for (Map.Entry<String, JsonNode> schema : SchemaFiles.schemas().entrySet()) {
            assertThat(NumericFields.withoutUnit(schema.getValue()))
                    .as(schema.getKey())
                    .isEmpty();
        }
        JsonNode planted = Json.mapper().readTree("""
            {"properties": {
              "loss": {"type": "number", "description": "the loss"},
              "seeds": {"type": "array", "items": {"type": "integer"}},
              "best": {"description": "its loss, in nats", "anyOf": [{"type": "number"}, {"type": "null"}]},
              "either": {"anyOf": [{"type": ["integer", "null"]}]}}}
            """);
        assertThat(NumericFields.withoutUnit(planted))
                .containsExactly("/loss: the loss", "/seeds: no description", "/either: no description");
    }

    @Test
    void everythingThatTheAsyncApiDocumentNamesIsThere() throws IOException {
        JsonNode document = Json.mapper().readTree(Files.readString(PUBLISHED.resolve(SchemaFiles.ASYNC_API)));
        for (JsonNode reference : document.findValues("$ref")) {
            String to = reference.asText();
            if (to.startsWith("#")) {
                assertThat(document.at(to.substring(1)).isMissingNode()).as(to).isFalse();
            } else {
                assertThat(PUBLISHED.resolve(to)).isRegularFile();
            }
        }
        for (Event event : SampleEvents.all()) {
            assertThat(document.path("channels")
                            .path(event.topic().topicName())
                            .path("messages")
                            .has(event.getClass().getSimpleName()))
                    .isTrue();
        }
    }

    @Test
    void noReleasedSchemaIsBroken() throws IOException {
        try (Stream<Path> files = Files.list(RELEASED)) {
            List<Path> released =
                    files.filter(file -> !file.endsWith(SchemaFiles.ASYNC_API)).toList();
            assertThat(released).hasSizeLessThanOrEqualTo(SchemaFiles.types().size());
            for (Path file : released) {
                assertThat(PUBLISHED.resolve(file.getFileName()))
                        .as("a type that was released is never removed")
                        .isRegularFile();
                assertThat(SchemaChanges.breaking(
                                Json.mapper().readTree(Files.readString(file)),
                                Json.mapper().readTree(Files.readString(PUBLISHED.resolve(file.getFileName())))))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/properties | reason | | reason is removed",
                "/properties/step | type | \"string\" | step may no longer be",
                "/properties/step | maximum | 10 | step narrows its maximum",
                "/properties/reason | pattern | \"^a\" | reason narrows its pattern",
                "/properties/reason | enum | [\"a\"] | reason narrows its values",
                "/required | | \"more\" | newly requires \"more\"",
                "/properties/schema | const | 2 | schema may no longer be [1]",
                "/properties/type | const | \"RunFell\" | type may no longer be",
                "'' | additionalProperties | false | refuses fields that are not known",
            })
    void aChangeThatBreaksIsFound(String at, String field, String value, String expected) throws IOException {
        JsonNode released = Json.mapper().readTree(Files.readString(RELEASED.resolve("RunFailed.json")));
        JsonNode newer = released.deepCopy();
        JsonNode place = newer.at(at);
        if (place instanceof ObjectNode object) {
            if (value == null) {
                object.remove(field);
            } else {
                object.set(field, Json.mapper().readTree(value));
            }
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) place)
                    .add(Json.mapper().readTree(value));
        }
        assertThat(SchemaChanges.breaking(released, newer))
                .hasSize(1)
                .first()
                .asString()
                .contains(expected);
    }

    @Test
    void aChangeDeepInsideOrInOneOfSeveralFormsIsFound() throws IOException {
        JsonNode released = Json.mapper().readTree(Files.readString(RELEASED.resolve("DownstreamMeasured.json")));
        String text = released.toString();
        assertThat(SchemaChanges.breaking(
                        released, Json.mapper().readTree(text.replace("\"CONCATENATED\"", "\"JOINED\""))))
                .isNotEmpty();
        assertThat(SchemaChanges.breaking(
                        released, Json.mapper().readTree(text.replace("\"linear-probe\"", "\"probe\""))))
                .isNotEmpty();
        assertThat(SchemaChanges.breaking(
                        released, Json.mapper().readTree(text.replace("\"standardError\"", "\"error\""))))
                .isNotEmpty();
    }

    @Test
    void aChangeThatAddsIsNone() throws IOException {
        JsonNode released = Json.mapper().readTree(Files.readString(RELEASED.resolve("RunFailed.json")));
        ObjectNode newer = released.deepCopy();
        ((ObjectNode) newer.path("properties")).putObject("more").put("type", "string");
        ((ObjectNode) newer.path("properties").path("step")).put("type", "number");
        newer.put("description", "Other words.");
        assertThat(SchemaChanges.breaking(released, newer)).isEmpty();
        assertThatThrownBy(
                        () -> SchemaChanges.breaking(released, newer.deepCopy().put("dependentRequired", 1)))
                .hasMessageContaining("teach it");
    }
}
