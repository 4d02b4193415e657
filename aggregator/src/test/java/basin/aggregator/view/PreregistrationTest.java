package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.SyntheticStudy;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.fold.Fold;
import basin.aggregator.present.Numbers;
import basin.record.Event;
import basin.record.Finding;
import basin.study.Ids;
import basin.study.Json;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import basin.study.file.QuestionFile;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Tests of the verdict on a registered claim against the same row of the same study without a
 * claim.
 */
class PreregistrationTest {
    private static final StudyView PLAIN = view(SyntheticStudy.quick());

    private static StudySpec claiming(StudyView.RowView row, String expects) throws IOException {
        String more = row.level().map(level -> "match: " + level + ", ").orElse("");
        String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
        return StudyFile.parse(
                text.replace(
                        "seed: 401}",
                        "seed: 401, claim: {task: " + row.task() + ", protocol: " + row.protocol() + ", measure: "
                                + row.measure() + ", statistic: " + row.statistic() + ", " + more + "expects: "
                                + expects
                                + "}}"),
                "claiming");
    }

    private static Fold fold(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(event -> {
            var _ = fold.add(event);
        });
        return fold;
    }

    private static StudyView view(StudySpec spec) {
        return Views.of(
                fold(SyntheticStudy.complete(spec, 1)).study(Ids.study(spec)).orElseThrow());
    }

    private static StudyView.RowView row(Predicate<Finding> which) {
        return PLAIN.rows().stream()
                .filter(row ->
                        row.statistic().equals("kendall") || row.statistic().equals("pearson"))
                .filter(row -> row.conditionedOn().isEmpty() && !row.compared().contains("within"))
                .filter(row -> row.finding().interval().isPresent()
                        && row.finding().p().isPresent())
                .filter(row -> which.test(row.finding()))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isPositive(Finding finding) {
        return finding.interval().orElseThrow().low() > 0 && finding.p().orElseThrow() <= .05;
    }

    private static boolean isOpen(Finding finding) {
        return finding.interval().orElseThrow().low() < 0
                && finding.interval().orElseThrow().high() > 0;
    }

    @Test
    void withoutAClaimAllIsExploratory() {
        assertThat(PLAIN.claim()).isEmpty();
        assertThat(PLAIN.rows()).allMatch(row -> row.registration().equals("exploratory"));
        assertThat(ResultTable.of(PLAIN)).contains("No claim was registered: all of this is exploratory.");
        assertThat(new String(Json.canonical(PLAIN), StandardCharsets.UTF_8)).doesNotContain("\"claim\"");
    }

    @Test
    void intervalAndPJudgeIt() throws IOException {
        StudyView.RowView positive = row(PreregistrationTest::isPositive);
        StudyView.RowView open = row(PreregistrationTest::isOpen);
        judged(positive, "positive", "holds", "It holds: ");
        judged(positive, "negative", "contradicted", "It is contradicted: ");
        judged(open, "positive", "inconclusive", "Inconclusive: ");
    }

    private static void judged(StudyView.RowView plain, String expects, String verdict, String words)
            throws IOException {
        StudySpec spec = claiming(plain, expects);
        StudyView view = view(spec);
        StudyView.Claim claim = view.claim().orElseThrow();
        assertThat(claim.verdict()).isEqualTo(verdict);
        assertThat(claim.sentence())
                .startsWith("Registered claim: " + claim.statement() + " " + words)
                .contains(Numbers.named("p", plain.finding().p().orElseThrow()) + ", "
                        + plain.finding().runs() + " runs");
        assertThat(view.headline()).isEqualTo(claim.sentence());
        StudyView.RowView first = view.rows().getFirst();
        assertThat(first.registration()).isEqualTo("registered");
        assertThat(first.primary()).isTrue();
        assertThat(first.row()).isEqualTo(plain.row());
        assertThat(first.finding()).isEqualTo(plain.finding());
        assertThat(view.rows().stream().skip(1))
                .allMatch(row -> row.registration().equals("exploratory") && !row.primary());
        // The claim changes no other row of the table.
        assertThat(view.rows().stream().skip(1).map(StudyView.RowView::finding))
                .containsExactlyElementsOf(PLAIN.rows().stream()
                        .filter(row -> !row.row().equals(plain.row()))
                        .map(StudyView.RowView::finding)
                        .toList());
        String hash = spec.analysis().claim().orElseThrow().sha256();
        assertThat(ResultTable.of(view)).contains("Registered claim (SHA-256 " + hash + "): " + verdict + ".");
        List<String> lines = DataTables.of("correlations").csv(view).lines().toList();
        assertThat(lines.get(1)).endsWith(",registered," + hash);
        assertThat(lines.stream().skip(2)).allMatch(line -> line.endsWith(",exploratory,"));
    }

    @Test
    void itIsNotJudgedBeforeAllIsMeasured() throws IOException {
        StudySpec spec = claiming(row(PreregistrationTest::isPositive), "positive");
        StudyView view = Views.of(fold(SyntheticStudy.until(spec, 1, 9, false))
                .study(Ids.study(spec))
                .orElseThrow());
        assertThat(view.claim().orElseThrow().verdict()).isEqualTo("not judged yet");
        assertThat(view.more()).contains("Provisional: 9 of 12 runs have ended.");
    }

    @Test
    void anotherQuestionNeitherChangesNorJudgesIt() throws IOException {
        StudySpec spec = claiming(row(PreregistrationTest::isPositive), "positive");
        Fold fold = fold(SyntheticStudy.complete(spec, 1));
        for (String yaml : List.of("", "band: " + spec.analysis().band())) {
            QuestionSpec question = QuestionFile.parse(yaml, "question");
            StudyView view = Views.of(
                    Reanalysis.of(fold, Ids.study(spec), question, Set.of()).orElseThrow(), question);
            StudyView.Claim claim = view.claim().orElseThrow();
            assertThat(claim.registered()).isEqualTo(spec.analysis().claim().orElseThrow());
            if (yaml.isEmpty()) {
                assertThat(view).isEqualTo(view(spec));
            } else {
                assertThat(claim.verdict()).isEqualTo("not asked here");
                assertThat(view.rows()).allMatch(row -> row.registration().equals("exploratory"));
                assertThat(view.headline()).doesNotContain("Registered");
            }
        }
    }
}
