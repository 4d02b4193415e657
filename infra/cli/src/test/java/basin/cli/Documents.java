package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.document.AnswerDocument;
import basin.cli.document.DeadLettersDocument;
import basin.cli.document.DoctorDocument;
import basin.cli.document.PickDocument;
import basin.cli.document.PlanDocument;
import basin.cli.document.ProbeDocument;
import basin.cli.document.ProbesDocument;
import basin.cli.document.RankDocument;
import basin.cli.document.StatusDocument;
import basin.cli.document.StudiesDocument;
import basin.cli.document.TopicsDocument;
import basin.cli.document.TraceDocument;
import basin.study.Json;
import basin.study.RecordComments;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The JSON that commands print, by its published schemas. */
final class Documents {
    static final Path PUBLISHED = Path.of("../docs/schemas");

    /** The type of what each command prints. */
    static final Map<String, Class<? extends Record>> TYPES = Map.ofEntries(
            Map.entry("status", StatusDocument.class),
            Map.entry("studies", StudiesDocument.class),
            Map.entry("plan", PlanDocument.class),
            Map.entry("pick", PickDocument.class),
            Map.entry("rank", RankDocument.class),
            Map.entry("results", AnswerDocument.class),
            Map.entry("replay", AnswerDocument.class),
            Map.entry("probe", ProbeDocument.class),
            Map.entry("probes", ProbesDocument.class),
            Map.entry("doctor", DoctorDocument.class),
            Map.entry("trace", TraceDocument.class),
            Map.entry("dead-letters", DeadLettersDocument.class),
            Map.entry("topics", TopicsDocument.class));

    private Documents() {}

    /** Returns what a command printed, which is one JSON document that its schema accepts. */
    static JsonNode valid(String command, Typed typed) {
        assertThat(typed.out()).as(typed.error()).startsWith("{").endsWith("}" + System.lineSeparator());
        try {
            JsonNode document = Json.mapper().readTree(typed.out());
            JsonNode schema =
                    Json.mapper().readTree(PUBLISHED.resolve(command + ".json").toFile());
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema)
                            .validate(document))
                    .isEmpty();
            assertThat(document.path("program").path("version").asText()).isNotEmpty();
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the text of each schema by the name of its file. */
    static Map<String, String> schemas() throws IOException {
        RecordComments comments = RecordComments.of(
                Path.of("src/main/java/basin/cli/document"),
                Path.of("../study/src/main/java"),
                Path.of("../record/src/main/java"),
                Path.of("../log/src/main/java"));
        SchemaGenerator generator = generator(comments);
        Map<String, String> files = new TreeMap<>();
        for (Map.Entry<String, Class<? extends Record>> type : TYPES.entrySet()) {
            ObjectNode made = generator.generateSchema(type.getValue());
            ObjectNode schema = made.objectNode();
            schema.set("$schema", made.get("$schema"));
            schema.put("$id", "urn:basin:json:" + type.getKey());
            schema.put("title", "basin " + type.getKey().replace("probes", "probe DIR DIR") + " --json");
            schema.setAll(made);
            files.put(
                    type.getKey() + ".json",
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n");
        }
        return files;
    }

    private static SchemaGenerator generator(RecordComments comments) {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        Json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule())
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        builder.forFields()
                // Every field is there; what is not known is null.
                .withRequiredCheck(field -> true)
                .withDescriptionResolver(field -> comments.of(
                                field.getDeclaringType().getErasedType().getCanonicalName(), field.getName())
                        .orElse(null));
        builder.forTypesInGeneral()
                .withDescriptionResolver(scope -> comments.of(
                                String.valueOf(scope.getType().getErasedType().getCanonicalName()))
                        .orElse(null));
        return new SchemaGenerator(builder.build());
    }

    /**
     * Writes the schemas if {@code -Dbasin.schemas=write} is given, and returns those published.
     */
    static Map<String, String> published() throws IOException {
        if ("write".equals(System.getProperty("basin.schemas"))) {
            Files.createDirectories(PUBLISHED);
            for (Map.Entry<String, String> file : schemas().entrySet()) {
                Files.writeString(PUBLISHED.resolve(file.getKey()), file.getValue());
            }
        }
        Map<String, String> published = new TreeMap<>();
        for (String command : TYPES.keySet()) {
            Path file = PUBLISHED.resolve(command + ".json");
            published.put(command + ".json", Files.exists(file) ? Files.readString(file) : "missing");
        }
        return published;
    }
}
