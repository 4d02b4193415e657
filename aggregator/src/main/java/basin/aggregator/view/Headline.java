package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.analysis.Row;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.AnalysisSpec;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The answer in a sentence that is computed from the results.
 *
 * @param sentence conclusion of the primary row
 * @param more what is still missing, what would allow a conclusion, or a note on the comparison
 * @param primary row that the headline describes: the row of the registered claim. Without a claim:
 *     the first task and protocol, the trace of the full Hessian and Kendall's τ at the matched
 *     level with the most runs (the lowest of several), within size if there are several sizes,
 *     because their traces have different parameterisations. If a question excludes these, the
 *     first available measure and the first available of Kendall, Spearman and Pearson
 */
record Headline(String sentence, String more, Optional<CorrelationRow> primary) {

    static Headline of(StudyState study, List<Row> rows, Optional<StudyView.Claim> claim) {
        AnalysisSpec analysis = study.spec().analysis();
        String ended = "Provisional: " + study.ended() + " of " + study.runs().size() + " runs have ended.";
        Optional<Row> registered = analysis.claim()
                .flatMap(own -> rows.stream()
                        .filter(row -> row.requested().equals(own.row()))
                        .findFirst());
        if (registered.isPresent() && claim.isPresent() && !study.runs().isEmpty()) {
            Finding finding = registered.get().finding();
            return new Headline(claim.get().sentence(), more(finding, ended), registered.map(Row::requested));
        }
        String statistic =
                first(Association.OFFERED.stream().map(Association::id).toList(), rows, CorrelationRow::statistic);
        String measure = first(QuestionSpec.MEASURES, rows, CorrelationRow::measure);
        boolean withinSize =
                statistic.equals(Association.KENDALL.id()) && study.spec().comparesWithinSize();
        Comparison comparison = withinSize ? Comparison.MATCHED_WITHIN_SIZE : Comparison.MATCHED;
        StudySpec spec = study.spec();
        Optional<Row> primary = rows.stream()
                .filter(row -> row.requested().comparison() == comparison)
                .filter(row -> row.requested().measure().equals(measure))
                .filter(row -> row.requested().statistic().equals(statistic))
                .filter(row ->
                        row.requested().task().equals(spec.tasks().getFirst().name()))
                .filter(row -> row.requested()
                        .protocol()
                        .equals(spec.protocols().getFirst().name()))
                .max(Comparator.<Row>comparingInt(row -> row.finding().runs())
                        .thenComparingDouble(row -> -row.requested().level().orElse(0.0)));
        if (study.runs().isEmpty()) {
            return new Headline(
                    "Nothing has been measured yet.", "The study's runs are being declared.", Optional.empty());
        }
        if (primary.isEmpty()) {
            return new Headline(
                    spec.tasks().isEmpty()
                            ? "This study has no task, so there is no accuracy to compare."
                            : "This study compares no runs at matched loss.",
                    "",
                    Optional.empty());
        }
        Finding finding = primary.get().finding();
        double level = primary.get().requested().level().orElse(0.0);
        String loss = Words.matched(study.spec().language().against(), level, analysis.band());
        Optional<CorrelationRow> row = primary.map(Row::requested);
        if (finding.status() != Finding.Status.ESTIMATE) {
            return new Headline(
                    (finding.provisional() ? "No answer yet: " : "No answer: ") + finding.runs() + " of "
                            + Numbers.plural(finding.declared(), "run") + " can be compared at " + loss + ".",
                    finding.provisional() ? ended : finding.note(),
                    row);
        }
        return new Headline(reported(study, analysis, primary.get(), loss, withinSize), more(finding, ended), row);
    }

    private static String reported(
            StudyState study, AnalysisSpec analysis, Row primary, String loss, boolean withinSize) {
        Finding finding = primary.finding();
        Interval interval = finding.interval().orElse(new Interval(-1, 1, analysis.confidence()));
        boolean byLoss = primary.requested().measure().equals(Analysis.LOSS);
        String what = byLoss ? "lower loss" : "flatness";
        String models = byLoss ? "Models of lower loss" : "Flatter models";
        String answer = interval.low() > 0
                ? models + " do better."
                : interval.high() < 0 ? models + " do worse." : "Inconclusive.";
        String predicts = interval.low() > 0
                ? " predicts higher accuracy on "
                : interval.high() < 0 ? " predicts lower accuracy on " : " does not clearly predict accuracy on ";
        return answer + " Among models " + (withinSize ? "of the same size " : "") + "with " + loss + ", " + what
                + predicts + study.spec().tasks().getFirst().name() + " ("
                + numbers(primary.requested().statistic(), finding) + ").";
    }

    /** Returns an estimate with its interval, p-value and runs. */
    static String numbers(String statistic, Finding finding) {
        return Words.named(statistic) + " = "
                + Numbers.correlation(finding.value().orElse(0.0))
                + finding.interval()
                        .map(interval -> ", " + Numbers.percent(interval.confidence()) + " CI "
                                + Numbers.correlations(interval.low(), interval.high()))
                        .orElse("")
                + finding.p().map(p -> ", " + Numbers.named("p", p)).orElse("") + ", "
                + Numbers.plural(finding.runs(), "run");
    }

    private static String first(List<String> preferred, List<Row> rows, Function<CorrelationRow, String> part) {
        return preferred.stream()
                .filter(one -> rows.stream().map(Row::requested).map(part).anyMatch(one::equals))
                .findFirst()
                .orElse("");
    }

    private static String more(Finding finding, String ended) {
        boolean holdsZero = finding.interval()
                .map(interval -> interval.low() <= 0 && interval.high() >= 0)
                .orElse(true);
        String narrows =
                holdsZero ? "More runs, or a loss level that more runs reach, would narrow this interval." : "";
        String across = finding.note();
        return Stream.of(finding.provisional() ? ended : "", narrows, across)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
