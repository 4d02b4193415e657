package basin.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.fold.Fold;
import basin.aggregator.present.Columns;
import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.Views;
import basin.cli.EmulatedTerminal;
import basin.record.Event;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that the progress of a study of 49 runs with long labels fits terminals of any size, by an
 * emulated terminal where Python has one.
 */
class TerminalTest {
    private static final StudySpec SMALL = StudyFile.read(Path.of("../studies/small.yaml"));
    private static final String PAGE = "http://127.0.0.1:8642";

    /** A view of the study while some runs have ended and two are being trained. */
    private record Moment(StudyView view, Progress progress) {
        static Moment at(int finished) {
            Fold fold = new Fold();
            for (Event event : SyntheticStudy.until(SMALL, 3, finished, true)) {
                Fold.Outcome _ = fold.add(event);
            }
            StudyView view = Views.points(fold.study(Ids.study(SMALL)).orElseThrow(), Set.of(), new InferenceCache())
                    .view();
            return new Moment(
                    view,
                    new Progress(
                            view.studyId(),
                            view.revision().events(),
                            0,
                            finished / 49.0,
                            OptionalLong.of(4000),
                            view.runs().stream()
                                    .map(run -> new Progress.Run(
                                            run.runId(), (double) run.step() / run.steps(), OptionalLong.of(140)))
                                    .toList(),
                            new Progress.Pipeline(List.of(), 0, 0, 0, 0, 0)));
        }
    }

    private static final List<Moment> MOMENTS =
            List.of(Moment.at(0), Moment.at(1), Moment.at(3), Moment.at(20), Moment.at(47));

    /** What is written to a terminal, cut where its size or the moment changes. */
    private static final class Recording {
        private final StringWriter written = new StringWriter();
        private final List<Map<String, Object>> steps = new ArrayList<>();
        private TerminalSize size;
        private final Terminal terminal;

        Recording(TerminalSize size) {
            this.size = size;
            this.terminal = new Terminal(new PrintWriter(written), true, () -> this.size);
        }

        void show(Moment moment) {
            terminal.show(moment.view, moment.progress, PAGE);
            cut();
        }

        void line(String text) {
            terminal.line(text);
            cut();
        }

        private void cut() {
            // A terminal's line discipline returns the carriage at every line feed.
            String text = written.toString().replaceAll("(?<!\r)\n", "\r\n");
            steps.add(Map.of("columns", size.columns(), "rows", size.rows(), "text", text));
            written.getBuffer().setLength(0);
        }
    }

    @Test
    void theStudyIsTheOneThatFloodedTerminals() {
        assertThat(MOMENTS.getFirst().view.runs()).hasSize(49);
        assertThat(MOMENTS.getFirst().view.runs().stream().mapToInt(run -> Columns.width(run.label())))
                .anyMatch(width -> width > 50);
    }

    @ParameterizedTest
    @CsvSource({"80, 24", "40, 10", "200, 50", "120, 40", "20, 6", "9, 3", "1, 1"})
    void neverMoreLinesOrColumnsThanThereAre(int columns, int rows) {
        LiveView live = new LiveView();
        for (Moment moment : MOMENTS) {
            List<String> lines = live.lines(moment.view, moment.progress, PAGE, columns, rows);
            assertThat(lines).hasSizeLessThanOrEqualTo(Math.max(1, rows));
            assertThat(lines).allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
            if (rows < 49) {
                assertThat(lines).hasSize(Math.max(1, rows));
            }
        }
    }

    @Test
    void runsThatTrainComeFirstAndThenThoseThatChangedLast() {
        LiveView live = new LiveView();
        for (Moment moment : MOMENTS.subList(0, 3)) {
            List<String> lines = live.lines(moment.view, moment.progress, PAGE, 150, 24);
            List<String> training = moment.view.runs().stream()
                    .filter(run -> run.state().equals("running"))
                    .map(StudyView.Run::label)
                    .toList();
            assertThat(training).isNotEmpty();
            assertThat(lines.getFirst()).contains("small", PAGE);
            for (int i = 0; i < training.size(); i++) {
                assertThat(lines.get(1 + i)).contains(training.get(i), "2 min 20 s", "excess loss");
            }
            assertThat(lines.get(lines.size() - 2)).contains("… and 28 more: ", "waiting");
            assertThat(lines.getLast()).contains(" %  runs ended ", " of 49, measurements ", "1 h 6 min left");
        }
        // Between the second and the third moment, the third run ended; the second failed before.
        Moment now = MOMENTS.get(2);
        int training = (int) now.view.runs().stream()
                .filter(run -> run.state().equals("running"))
                .count();
        assertThat(live.lines(now.view, now.progress, PAGE, 150, 24).get(1 + training))
                .contains(now.view.runs().get(2).label(), "done");
    }

    @Test
    void aFailureIsShownWithItsReasonAndCostsOthersNoRoom() {
        List<String> lines = new LiveView().lines(MOMENTS.get(3).view, MOMENTS.get(3).progress, PAGE, 150, 60);
        assertThat(lines).hasSize(1 + 49 + 1);
        assertThat(lines).anyMatch(line -> line.contains("failed") && line.contains("Its loss is no longer a number."));
    }

    @Test
    void labelsKeepTheirEnds() {
        String label = "d32 · 0.005 · average(decay=0.99) · constant rate · seed 2";
        assertThat(Columns.shorten(label, 30)).startsWith("d32 · 0.005").endsWith("rate · seed 2");
        assertThat(Columns.width(Columns.shorten(label, 30))).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"80, 24", "40, 10", "200, 50"})
    void nothingScrollsOffAnEmulatedTerminal(int columns, int rows) throws Exception {
        EmulatedTerminal.need();
        Recording recording = new Recording(new TerminalSize(columns, rows));
        recording.line("Study small: 49 runs (3 sizes, 9 arms, 2 seeds).");
        for (int again = 0; again < 3; again++) {
            MOMENTS.forEach(recording::show);
        }
        int drawn = 0;
        for (JsonNode screen : emulated(recording)) {
            assertThat(screen.path("scrolled").asInt()).isZero();
            List<String> lines = text(screen);
            assertThat(lines).hasSize(rows);
            if (drawn++ > 0) {
                assertThat(used(lines)).isBetween(rows - 2, rows - 1);
                assertThat(lines.getFirst()).startsWith("Study small: 49 runs".substring(0, Math.min(20, columns)));
                assertThat(lines)
                        .filteredOn(line -> line.contains(" %  runs ended"))
                        .hasSize(1);
                assertThat(lines.get(used(lines) - 1)).contains(" %  runs ended");
                assertOncePerRun(lines);
            }
        }
        assertThat(drawn).isEqualTo(16);
    }

    @Test
    void itIsRedrawnWhereTheTerminalIsResized() throws Exception {
        EmulatedTerminal.need();
        Recording recording = new Recording(new TerminalSize(80, 24));
        List<TerminalSize> sizes = List.of(
                new TerminalSize(80, 24),
                new TerminalSize(40, 10),
                new TerminalSize(200, 50),
                new TerminalSize(100, 12),
                new TerminalSize(80, 24));
        for (TerminalSize size : sizes) {
            recording.size = size;
            MOMENTS.forEach(recording::show);
        }
        int step = 0;
        for (JsonNode screen : emulated(recording)) {
            TerminalSize size = sizes.get(step++ / MOMENTS.size());
            List<String> lines = text(screen);
            assertThat(screen.path("scrolled").asInt()).isZero();
            assertThat(lines).hasSize(size.rows());
            assertThat(used(lines)).isLessThanOrEqualTo(Math.min(size.rows() - 2, 51));
            assertThat(lines)
                    .filteredOn(line -> line.contains(" %  runs ended"))
                    .hasSize(1);
            assertThat(lines.getFirst()).contains("small");
            assertOncePerRun(lines);
        }
        assertThat(step).isEqualTo(sizes.size() * MOMENTS.size());
    }

    @Test
    void aLongLabelOfWideCharactersFitsToo() {
        String wide = "模型 · 0.01 · 種 é́ 😀";
        assertThat(Columns.width(wide)).isEqualTo(4 + 3 + 4 + 3 + 2 + 1 + 1 + 1 + 2);
        for (int columns = 0; columns < 30; columns++) {
            assertThat(Columns.width(Columns.cut(wide, columns))).isLessThanOrEqualTo(columns);
            assertThat(Columns.width(Columns.shorten(wide, columns))).isLessThanOrEqualTo(columns);
        }
    }

    @Test
    void withoutATerminalThereAreFewLines() {
        StringWriter written = new StringWriter();
        Terminal plain = new Terminal(new PrintWriter(written), false, () -> TerminalSize.USUAL);
        for (int percent = 0; percent <= 100; percent++) {
            Moment moment = MOMENTS.get(percent * (MOMENTS.size() - 1) / 100);
            plain.show(
                    moment.view,
                    new Progress(
                            moment.progress.studyId(),
                            0,
                            0,
                            percent / 100.0,
                            OptionalLong.empty(),
                            moment.progress.runs(),
                            moment.progress.pipeline()),
                    PAGE);
        }
        List<String> lines = written.toString().lines().toList();
        assertThat(written.toString()).doesNotContain("\u001b");
        assertThat(lines).hasSizeBetween(1 + 20, 1 + 21);
        assertThat(lines)
                .filteredOn(line -> line.contains(" failed: Its loss is no longer a number."))
                .hasSize(1);
        assertThat(lines.getLast()).startsWith("100 %  runs ended ");
    }

    @Test
    void aFileInThePlaceOfStandardErrorIsNoTerminal(@TempDir Path folder) throws IOException {
        for (String terminal : List.of("/dev/pts/3", "/dev/tty1", "/dev/console")) {
            assertThat(Terminal.isTerminal(linkTo(folder, terminal)))
                    .as(terminal)
                    .isTrue();
        }
        for (String other : List.of("/tmp/log", "pipe:[17]", "/dev/null", "socket:[4]")) {
            assertThat(Terminal.isTerminal(linkTo(folder, other))).as(other).isFalse();
        }
        assertThat(Terminal.isTerminal(folder.resolve("absent"))).isTrue();
    }

    private static Path linkTo(Path folder, String target) throws IOException {
        Path link = folder.resolve("descriptor");
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, Path.of(target));
    }

    @Test
    void theSizeIsReadFromRowsAndColumns() {
        assertThat(TerminalSize.parsed("24 80\n")).contains(new TerminalSize(80, 24));
        assertThat(TerminalSize.parsed("0 0\n")).isEmpty();
        assertThat(TerminalSize.parsed("null null")).isEmpty();
        assertThat(TerminalSize.parsed("stty: standard input")).isEmpty();
        assertThat(TerminalSize.now().columns()).isPositive();
    }

    private static int used(List<String> lines) {
        int used = 0;
        for (int i = 0; i < lines.size(); i++) {
            used = lines.get(i).isEmpty() ? used : i + 1;
        }
        return used;
    }

    /** Checks that no line of a run was left from an earlier drawing. */
    private static void assertOncePerRun(List<String> lines) {
        List<String> bars = lines.stream()
                .filter(line -> line.contains("░") || line.contains("█"))
                .toList();
        assertThat(new HashSet<>(bars)).hasSameSizeAs(bars);
    }

    private static List<String> text(JsonNode screen) {
        return EmulatedTerminal.lines(screen.path("lines"));
    }

    private static JsonNode emulated(Recording recording) throws IOException, InterruptedException {
        return EmulatedTerminal.screens(recording.steps);
    }
}
