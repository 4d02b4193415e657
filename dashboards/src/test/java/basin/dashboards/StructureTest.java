package basin.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that the dashboard files are up to date and have a form that Grafana can show. */
class StructureTest {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_]+)");
    private static final Set<String> BUILT_IN = Set.of("__interval", "__rate_interval", "__range");
    private static final Set<String> UNITS =
            new HashSet<>(Arrays.stream(Unit.values()).map(Unit::id).toList());

    /** With {@code -Dbasin.dashboards=write} the files are written instead. */
    @TestFactory
    Stream<DynamicTest> filesAreWhatTheCodeMakes() {
        return Boards.all().stream()
                .map(board -> DynamicTest.dynamicTest(board.name(), () -> {
                    if ("write".equals(System.getProperty("basin.dashboards"))) {
                        Files.writeString(Generated.file(board), board.json());
                    }
                    assertThat(Files.readString(Generated.file(board)))
                            .as("mvn -pl dashboards verify -Dtest=StructureTest -Dbasin.dashboards=write writes it")
                            .isEqualTo(board.json());
                }));
    }

    @Test
    void noFileIsLeftOver() throws Exception {
        try (Stream<java.nio.file.Path> files = Files.list(Generated.DASHBOARDS)) {
            assertThat(files.toList())
                    .containsExactlyInAnyOrderElementsOf(
                            Boards.all().stream().map(Generated::file).toList());
        }
    }

    @Test
    void uidsAreFixedAndDifferent() throws Exception {
        List<String> uids = new ArrayList<>();
        for (Dashboard board : Boards.all()) {
            JsonNode file = Generated.board(board);
            uids.add(file.path("uid").asText());
            assertThat(file.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(file.path("id").isNull()).isTrue();
        }
        assertThat(uids).containsExactly("basin-study", "basin-pipeline", "basin-services");
    }

    @TestFactory
    Stream<DynamicTest> panelsHaveIdsPlacesUnitsAndDescriptions() {
        return Boards.all().stream()
                .map(board -> DynamicTest.dynamicTest(board.name(), () -> panels(Generated.board(board))));
    }

    private static void panels(JsonNode board) {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> cells = new HashSet<>();
        for (JsonNode panel : Generated.panels(board)) {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(ids.add(panel.path("id").asInt()))
                    .as("another id for %s", title)
                    .isTrue();
            place(panel.path("gridPos"), title, cells);
            if (!Generated.row(panel)) {
                assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                        .as("unit of %s", title)
                        .isIn(UNITS);
                assertThat(panel.path("description").asText())
                        .as("%s says what is better", title)
                        .matches("(?s).*([Bb]etter|[Aa]bove 0|should not rise|worse|would lose).*");
                assertThat(panel.path("targets")).as("queries of %s", title).isNotEmpty();
            }
        }
    }

    private static void place(JsonNode place, String title, Set<List<Integer>> cells) {
        int right = place.path("x").asInt() + place.path("w").asInt();
        assertThat(right).as("right edge of %s", title).isBetween(1, 24);
        assertThat(place.path("h").asInt()).as("height of %s", title).isPositive();
        for (int x = place.path("x").asInt(); x < right; x++) {
            for (int y = place.path("y").asInt();
                    y < place.path("y").asInt() + place.path("h").asInt();
                    y++) {
                assertThat(cells.add(List.of(x, y)))
                        .as("%s alone at %d, %d", title, x, y)
                        .isTrue();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everythingAsksTheProvisionedSource() {
        return Boards.all().stream()
                .map(board -> DynamicTest.dynamicTest(board.name(), () -> {
                    JsonNode file = Generated.board(board);
                    assertThat(file.findValues("datasource"))
                            .isNotEmpty()
                            .allMatch(source -> source.path("uid").asText().equals("basin-prometheus"));
                    for (JsonNode panel : Generated.panels(file)) {
                        if (!Generated.row(panel)) {
                            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("basin-prometheus");
                        }
                        for (JsonNode target : panel.path("targets")) {
                            assertThat(target.at("/datasource/uid").asText()).isEqualTo("basin-prometheus");
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> variablesThatAreUsedExistAndThoseThatExistAreUsed() {
        return Boards.all().stream()
                .map(board -> DynamicTest.dynamicTest(board.name(), () -> {
                    Set<String> used = new TreeSet<>();
                    board.expressions().forEach(expression -> used.addAll(names(expression)));
                    List<String> known = new ArrayList<>();
                    for (Variable variable : board.variables()) {
                        assertThat(known)
                                .as("chosen before %s", variable.name())
                                .containsAll(names(variable.query()));
                        used.addAll(names(variable.query()));
                        known.add(variable.name());
                    }
                    used.removeAll(BUILT_IN);
                    assertThat(known).containsExactlyInAnyOrderElementsOf(used);
                }));
    }

    private static List<String> names(String expression) {
        return VARIABLE.matcher(expression)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void whereACorrelationIsShownSoIsItsN() {
        List<Panel> shown = Boards.all().stream()
                .flatMap(board -> board.panels().stream())
                .filter(panel -> asks(panel, "basin_correlation_"))
                .toList();
        assertThat(shown)
                .hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(panel -> assertThat(asks(panel, "basin_correlation_runs"))
                        .as("n in %s", panel.title())
                        .isTrue());
    }

    private static boolean asks(Panel panel, String metric) {
        return panel.queries().stream().anyMatch(query -> query.expression().contains(metric));
    }

    @Test
    void theStudyBoardLinksEveryValueToThePage() throws Exception {
        JsonNode board = Generated.board(Boards.all().getFirst());
        for (JsonNode panel : Generated.panels(board)) {
            if (!Generated.row(panel)) {
                assertThat(panel.at("/fieldConfig/defaults/links/0/url").asText())
                        .as("link of %s", panel.path("title").asText())
                        .startsWith("http://127.0.0.1:8642/#study=${study}&points=${level}");
            }
        }
    }

    @Test
    void scatterChartsJoinTheirPointsByRun() throws Exception {
        JsonNode board = Generated.board(Boards.all().getFirst());
        List<JsonNode> charts = Generated.panels(board).stream()
                .filter(panel -> panel.path("type").asText().equals("xychart"))
                .toList();
        assertThat(charts).hasSize(2).allSatisfy(chart -> {
            assertThat(chart.at("/transformations/0/id").asText()).isEqualTo("joinByField");
            assertThat(chart.at("/transformations/0/options/byField").asText()).isEqualTo("at");
            for (JsonNode target : chart.path("targets")) {
                assertThat(target.path("expr").asText())
                        .endsWith("\"at\", \" \", \"run\", \"end\")"
                                + (target.path("refId").asText().equals("B") ? ")" : ""));
            }
            assertThat(chart.at("/options/series/0/x/matcher/options").asText()).isEqualTo("Value #A");
            assertThat(chart.at("/options/series/0/y/matcher/options").asText()).isEqualTo("Value #B");
        });
    }

    @Test
    void scatterChartsDrawStandardErrors() throws Exception {
        JsonNode board = Generated.board(Boards.all().getFirst());
        assertThat(Generated.panels(board).stream()
                        .filter(panel -> panel.path("type").asText().equals("xychart")))
                .hasSize(2)
                .allSatisfy(chart -> assertThat(chart.path("targets"))
                        .allSatisfy(target ->
                                assertThat(target.path("expr").asText()).contains("_stderr_")));
    }
}
