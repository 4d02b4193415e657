package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Json;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas for editors and the reference of all fields are those of the code. */
class SchemaFilesTest {
    private static final Path STUDIES = Path.of("../studies");
    private static final Path FILES = Path.of("src/test/resources/basin/study/file");
    private static final Path REFERENCE = Path.of("../docs/fields.md");

    private static Map<String, JsonNode> schemas() {
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        schemas.put("study.schema.json", FileSchema.study());
        schemas.put("question.schema.json", FileSchema.question());
        schemas.put("manifest.schema.json", FileSchema.manifest());
        return schemas;
    }

    private static String text(JsonNode schema) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return new JsonMapper().writer(printer).writeValueAsString(schema) + "\n";
    }

    private static Schema schema(String name) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Json.mapper().readTree(Files.readString(STUDIES.resolve(name))));
    }

    private static JsonNode yaml(Path file) throws IOException {
        return YamlTree.parse(Files.readString(file), file.toString()).root();
    }

    /** With {@code -Dbasin.schemas=write} they are written instead. */
    @Test
    void thoseInTheRepositoryAreThoseOfTheCode() throws IOException {
        boolean write = "write".equals(System.getProperty("basin.schemas"));
        for (Map.Entry<String, JsonNode> schema : schemas().entrySet()) {
            Path file = STUDIES.resolve(schema.getKey());
            if (write) {
                Files.writeString(file, text(schema.getValue()));
            }
            assertThat(Files.readString(file))
                    .as("mvn -pl infra/study verify -Dtest=SchemaFilesTest -Dbasin.schemas=write writes it")
                    .isEqualTo(text(schema.getValue()));
        }
        if (write) {
            Files.writeString(REFERENCE, FieldReference.page());
        }
        assertThat(Files.readString(REFERENCE))
                .as("mvn -pl infra/study verify -Dtest=SchemaFilesTest -Dbasin.schemas=write writes it")
                .isEqualTo(FieldReference.page());
    }

    static List<Path> studies() throws IOException {
        return DefaultsTest.studies();
    }

    @ParameterizedTest
    @MethodSource("studies")
    void theSchemaAcceptsEveryStudy(Path study) throws IOException {
        assertThat(schema("study.schema.json").validate(yaml(study))).isEmpty();
        JsonNode whole = YamlTree.parse(StudyFile.whole(study), "whole").root();
        assertThat(schema("study.schema.json").validate(whole)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("studies")
    void shippedStudiesNameTheirSchema(Path study) throws IOException {
        if (!study.startsWith(FILES)) {
            assertThat(Files.readString(study)).startsWith("# yaml-language-server: $schema=study.schema.json\n");
        }
    }

    @Test
    void theSchemaRefusesSevenMistakes() throws IOException {
        assertThat(schema("study.schema.json").validate(yaml(FILES.resolve("seven.yaml"))))
                .extracting(error -> error.getInstanceLocation() + " " + error.getKeyword())
                .contains(
                        " required",
                        "/language additionalProperties",
                        "/learningRates/1 exclusiveMinimum",
                        "/training/steps type",
                        "/training/schedule enum");
    }

    @Test
    void theSchemasOfQuestionsAndManifestsAcceptWhatIsShipped() throws IOException {
        try (Stream<Path> questions = Files.list(STUDIES.resolve("questions"))) {
            for (Path question : questions.toList()) {
                assertThat(schema("question.schema.json").validate(yaml(question)))
                        .isEmpty();
                assertThat(Files.readString(question))
                        .startsWith("# yaml-language-server: $schema=../question.schema.json\n");
            }
        }
        JsonNode manifest = YamlTree.parse("""
            study: mine
            text: held-out.txt
            steps: 200
            sizes: [{name: small, width: 64, layers: 4, heads: 4}]
            runs: [{name: run-a, size: small, learningRate: 0.001}]
            """, "basin.yaml").root();
        assertThat(schema("manifest.schema.json").validate(manifest)).isEmpty();
    }

    @Test
    void everyFieldHasItsWordsAndEveryWordItsField() {
        check(FileSchema.study(), Fields.STUDY);
        check(FileSchema.question(), Fields.QUESTION);
        check(FileSchema.manifest(), Fields.MANIFEST);
    }

    private static void check(JsonNode schema, Fields fields) {
        List<String> paths = new ArrayList<>();
        collect(schema, "", fields, paths);
        schema.path("$defs").forEach(form -> collect(form, "algorithms", fields, paths));
        assertThat(fields.all()).allSatisfy(field -> {
            assertThat(paths).as("the schema's fields").contains(field.path());
            assertThat(field.about()).isNotBlank().doesNotEndWith(".");
            assertThat(field.hasDefault()
                            || field.absent().isPresent()
                            || field.example().isPresent())
                    .as(field.path() + " has a default, an example or a meaning where it is absent")
                    .isTrue();
        });
    }

    private static void collect(JsonNode schema, String path, Fields fields, List<String> paths) {
        if (!schema.isObject()) {
            return;
        }
        schema.path("properties").properties().forEach(field -> {
            String own = Fields.child(path, field.getKey());
            boolean inForm = field.getKey().equals("kind") && path.endsWith(")");
            boolean named = own.matches("flatness\\.expandTo\\..*|algorithms\\(adversarial\\)\\.task\\..*");
            if (!inForm && !named) {
                assertThat(fields.find(own)).as("words of " + own).isPresent();
                assertThat(field.getValue().path("description").asText())
                        .as(own)
                        .isNotBlank();
                paths.add(fields.find(own).orElseThrow().path());
            }
            collect(field.getValue(), own, fields, paths);
        });
        schema.path("allOf")
                .forEach(form -> collect(
                        form.path("then"),
                        path + "(" + form.at("/if/properties/kind/const").asText() + ")",
                        fields,
                        paths));
        for (String part : List.of("items", "then", "else")) {
            collect(schema.path(part), path, fields, paths);
        }
    }

    @Test
    void nothingOfOtherProgramsRunsIsOffered() throws IOException {
        assertThat(text(FileSchema.study()))
                .doesNotContain("ingested", "\"other\"", "\"scores\"", "\"scored\"", "\"column\"");
    }
}
