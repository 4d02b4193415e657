package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.PageServer;
import basin.aggregator.SyntheticStudy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tests that CSV, Arrow and metadata hold the same rows, each once, under the defined columns. */
class DataTablesTest {
    private static final StudyView DONE = PageServer.view(SyntheticStudy.complete(SyntheticStudy.quick(), 1));
    private static final StudyView RUNNING = PageServer.view(SyntheticStudy.until(SyntheticStudy.quick(), 1, 7, true));
    private static final DataOrigin ORIGIN = new DataOrigin("band: 0.05 # a \"question\"", "narrow");

    @TempDir
    private static Path folder;

    /** A table as text: header, then rows. A missing value is an empty text. */
    private record Read(List<String> header, List<List<String>> rows) {}

    @TestFactory
    Stream<DynamicTest> arrowHoldsTheRowsOfTheCsv() throws IOException {
        ResultFiles.write(DONE, ORIGIN, folder);
        return DataTables.ALL.stream()
                .map(table -> DynamicTest.dynamicTest(table.name(), () -> {
                    Read csv = csv(folder.resolve(table.name() + ".csv"));
                    Read arrow = arrow(table, folder.resolve(table.name() + ".arrow"));
                    assertThat(csv.rows()).isNotEmpty();
                    assertThat(arrow.header()).isEqualTo(csv.header());
                    assertThat(arrow.rows()).containsExactlyElementsOf(csv.rows());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyRowIsThereOnceAndOnlyWhatMayBeMissingIsMissing() {
        return DataTables.ALL.stream()
                .map(table -> DynamicTest.dynamicTest(table.name(), () -> {
                    check(table, DONE);
                    check(table, RUNNING);
                }));
    }

    private static <R> void check(DataTable<R> table, StudyView view) {
        List<String> names = table.columns().stream().map(DataColumn::name).toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .containsAll(table.key())
                .allMatch(name -> name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"))
                .noneMatch(name -> name.matches(".*(_se$|standard_error|excess).*"));
        Set<List<Object>> keys = new HashSet<>();
        for (R row : table.rows().apply(view)) {
            List<Object> key = new ArrayList<>();
            for (DataColumn<R> column : table.columns()) {
                Object value = column.value().apply(row).map(Object.class::cast).orElse("");
                assertThat(value.equals("") && column.absent().isEmpty())
                        .as("%s.%s is missing", table.name(), column.name())
                        .isFalse();
                if (table.key().contains(column.name())) {
                    key.add(value);
                }
            }
            assertThat(keys.add(key))
                    .as("another row %s of %s", key, table.name())
                    .isTrue();
        }
    }

    @Test
    void metadataSaysWhereTheFilesComeFrom() throws IOException {
        ResultFiles.write(DONE, ORIGIN, folder);
        JsonNode about = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("metadata.json")));
        assertThat(about.path("studyId").asText()).isEqualTo(DONE.studyId());
        assertThat(about.path("revisionDigest").asText())
                .isEqualTo(DONE.revision().digest());
        assertThat(about.path("question").asText()).isEqualTo(ORIGIN.question());
        assertThat(about.path("programVersion").asText()).isNotEmpty();
        assertThat(about.path("tables")).hasSameSizeAs(DataTables.ALL);
        for (JsonNode table : about.path("tables")) {
            Read csv = csv(folder.resolve(table.path("table").asText() + ".csv"));
            assertThat(table.path("rows").asInt()).isEqualTo(csv.rows().size());
            assertThat(table.path("columns").findValuesAsText("name")).isEqualTo(csv.header());
        }
        JsonNode view = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("view.json")));
        assertThat(view.path("studyId").asText()).isEqualTo(DONE.studyId());
        assertThat(view.path("units").path("losses.loss").asText()).isEqualTo("nats");
        assertThat(view.at("/runs/0/losses/0/loss/stderr").isNumber()).isTrue();
    }

    @Test
    void valuesOfEnumerationsAreInLowerCaseWithHyphens() throws IOException {
        ResultFiles.write(DONE, ORIGIN, folder);
        String csv = Files.readString(folder.resolve("correlations.csv"));
        assertThat(csv).contains("matched-within-size,", ",estimate,").doesNotContain("MATCHED", "ESTIMATE");
        assertThat(Files.readString(folder.resolve("view.json")))
                .contains("\"matched-within-size\"", "\"estimate\"")
                .doesNotContain("MATCHED", "ESTIMATE", "standardError");
    }

    @Test
    void lossesAreTheCurvesOfTheView() {
        List<String> lines = DataTables.of("losses").csv(DONE).lines().toList();
        assertThat(lines)
                .hasSize(1
                        + DONE.runs().stream()
                                .mapToInt(run -> run.losses().size())
                                .sum());
        StudyView.Run run = DONE.runs().getFirst();
        StudyView.Loss loss = run.losses().getFirst();
        assertThat(lines.get(1))
                .startsWith(run.runId() + "," + loss.step() + "," + loss.loss().value() + ","
                        + loss.loss().standardError() + ",")
                .contains(",excess,");
    }

    private static Read csv(Path file) throws IOException {
        try (var lines = new CsvMapper()
                .enable(CsvParser.Feature.WRAP_AS_ARRAY)
                .readerFor(String[].class)
                .<String[]>readValues(file.toFile())) {
            List<List<String>> all =
                    lines.readAll().stream().map(Arrays::asList).toList();
            return new Read(all.getFirst(), all.subList(1, all.size()));
        }
    }

    private static Read arrow(DataTable<?> table, Path file) throws IOException {
        try (RootAllocator memory = new RootAllocator();
                FileChannel channel = FileChannel.open(file);
                ArrowFileReader reader = new ArrowFileReader(channel, memory)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            assertThat(root.getSchema().getCustomMetadata())
                    .containsEntry("basin.study", DONE.studyId())
                    .containsEntry("basin.question", ORIGIN.question())
                    .containsEntry("basin.generation", "narrow")
                    .containsKeys("basin.version", "basin.revision.digest", "basin.question.sha256");
            for (DataColumn<?> column : table.columns()) {
                Map<String, String> about =
                        root.getSchema().findField(column.name()).getMetadata();
                assertThat(about).containsEntry("description", column.about());
                assertThat(about.getOrDefault("unit", "")).isEqualTo(column.unit());
            }
            List<List<String>> rows = new ArrayList<>();
            while (reader.loadNextBatch()) {
                for (int row = 0; row < root.getRowCount(); row++) {
                    int place = row;
                    rows.add(root.getFieldVectors().stream()
                            .map(vector -> vector.isNull(place) ? "" : String.valueOf(vector.getObject(place)))
                            .toList());
                }
            }
            return new Read(
                    root.getSchema().getFields().stream().map(Field::getName).toList(), rows);
        }
    }
}
