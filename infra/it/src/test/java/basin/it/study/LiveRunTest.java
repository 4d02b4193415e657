package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.EmulatedTerminal;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a study fits the terminal in which it runs, by a pseudo-terminal. */
@Tag("long")
class LiveRunTest {
    private static final int RESULT_LINES = 25;
    private static final String SUMMARY = " %  runs ended";

    @TempDir
    private Path data;

    private static List<String> all(JsonNode shown) {
        List<String> lines = new ArrayList<>(EmulatedTerminal.lines(shown.path("top")));
        lines.addAll(EmulatedTerminal.lines(shown.path("lines")));
        return lines;
    }

    /** Checks that no screen had a line of a run, or the summary, twice. */
    private static void assertNothingWasLeftBehind(JsonNode shown) {
        assertThat(EmulatedTerminal.lines(shown.path("doubled")))
                .noneMatch(line -> line.contains("░") || line.contains("█") || line.contains(SUMMARY));
        assertThat(all(shown)).filteredOn(line -> line.contains(SUMMARY)).hasSize(1);
    }

    @Test
    void anInterruptedStudyHasNotScrolled() throws Exception {
        EmulatedTerminal.need();
        JsonNode shown = EmulatedTerminal.run(SUMMARY, List.of("80x24", "5:INT"), StudyProcess.command(data));
        assertThat(shown.path("status").asInt()).as("%s", shown).isEqualTo(130);
        assertNothingWasLeftBehind(shown);
        assertThat(shown.path("used").asInt()).as("%s", shown).isLessThanOrEqualTo(24);
        assertThat(shown.path("scrolled").asInt()).isZero();
    }

    @Test
    void aResizedStudyEndsInItsAnswer() throws Exception {
        EmulatedTerminal.need();
        JsonNode shown = EmulatedTerminal.run(
                SUMMARY, List.of("80x24", "3:60x15", "6:120x40", "9:100x30"), StudyProcess.command(data));
        assertThat(shown.path("status").asInt()).as("%s", shown).isZero();
        assertNothingWasLeftBehind(shown);
        List<String> lines = all(shown).stream().map(String::stripTrailing).toList();
        int end = 1
                + lines.indexOf(lines.stream()
                        .filter(line -> line.contains(SUMMARY))
                        .findFirst()
                        .orElseThrow());
        String answer = String.join("\n", lines.subList(end, lines.size())).strip();
        assertThat(answer).contains("τ", "All tables and figures: ");
        assertThat(answer.lines()).hasSizeLessThanOrEqualTo(RESULT_LINES);
        assertThat(answer.lines()).allMatch(line -> line.length() <= 100);
    }
}
