package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.analysis.Row;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.record.Finding;
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
    /**
     * Returns the measure that sentences call flatness without a symbol: the first of the usual
     * ones.
     */
    static String usual(List<Row> rows) {
        return first(QuestionSpec.MEASURES, rows, CorrelationRow::measure);
    }

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
        String measure = usual(rows);
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
        String more = finding.status() == Finding.Status.ESTIMATE || finding.provisional()
                ? more(finding, ended)
                : finding.note();
        return new Headline(sentence(study, primary.get(), measure), more, primary.map(Row::requested));
    }

    /**
     * Returns the answer that a row gives, in a sentence with its numbers; without an estimate, how
     * many runs can be compared.
     *
     * @param usual measure that is called flatness without its symbol
     */
    static String sentence(StudyState study, Row row, String usual) {
        Finding finding = row.finding();
        String models = models(study, row.requested());
        if (finding.status() != Finding.Status.ESTIMATE) {
            return (finding.status() == Finding.Status.NOT_YET ? "No answer yet: " : "No answer: ") + finding.runs()
                    + " of " + Numbers.plural(finding.declared(), "run") + " can be compared among " + models + ".";
        }
        String measure = row.requested().measure();
        String answer = verdict(measure, finding);
        boolean up = isAbove(finding);
        boolean down = isBelow(finding);
        String task = row.requested().task();
        String told = " (" + numbers(row.requested().statistic(), finding) + ").";
        if (measure.equals(Analysis.DIFFERENCE)) {
            String predicts =
                    up ? "better than" : down ? "worse than" : "neither clearly better nor clearly worse than";
            return answer + " Among " + models + ", flatness predicts accuracy on " + task + " " + predicts
                    + " the loss" + told;
        }
        boolean byLoss = measure.equals(Analysis.LOSS);
        String what =
                byLoss ? "lower loss" : "flatness" + (measure.equals(usual) ? "" : " (" + Words.symbol(measure) + ")");
        String predicts = up
                ? " predicts higher accuracy on "
                : down ? " predicts lower accuracy on " : " does not clearly predict accuracy on ";
        return answer + " Among " + models + ", " + what + predicts + task + told;
    }

    /** Returns the models that a row compares, and what is held. */
    private static String models(StudyState study, CorrelationRow row) {
        String loss = row.level()
                .map(level -> Words.matched(
                        study.spec().language().against(),
                        level,
                        study.spec().analysis().band()))
                .orElse("");
        String last = row.level().isPresent() ? "models with " + loss : "last checkpoints";
        return switch (row.comparison()) {
            case RAW, MATCHED -> last;
            case MATCHED_WITHIN_RATE -> "models of the same learning rate with " + loss;
            case MATCHED_WITHIN_SIZE -> "models of the same size with " + loss;
            case MATCHED_WITHIN ->
                "models of the same "
                        + row.conditionedOn().stream().map(Headline::held).collect(Collectors.joining(" and "))
                        + " with "
                        + loss;
            case PARTIAL_GIVEN_LOSS -> last + " with the loss held";
            case PARTIAL_GIVEN ->
                last + (row.level().isPresent() ? " and the " : " with the ")
                        + row.conditionedOn().stream().map(Headline::held).collect(Collectors.joining(", ")) + " held";
            case ALL_CHECKPOINTS -> "all checkpoints of all runs, at any loss";
            case RAW_WITH_ADVERSARIES, MATCHED_WITH_ADVERSARIES -> last + ", those trained against a task included";
        };
    }

    /** Returns a covariate or stratum in words; a size is called by its name here. */
    private static String held(String covariate) {
        return covariate.equals("size") ? "size" : Words.ALL.covariates().getOrDefault(covariate, covariate);
    }

    /**
     * Returns the numbers of a finding: those of {@link #sentence}, or why there are none.
     */
    static String numbers(CorrelationRow row, Finding finding) {
        return finding.status() == Finding.Status.ESTIMATE
                ? numbers(row.statistic(), finding)
                : Words.capital(CorrelationTable.status(finding)) + ": " + finding.runs() + " of "
                        + Numbers.plural(finding.declared(), "run");
    }

    /** Returns what a finding says of a measure, in a few words without numbers. */
    static String verdict(String measure, Finding finding) {
        if (finding.status() != Finding.Status.ESTIMATE) {
            return finding.status() == Finding.Status.NOT_YET ? "No answer yet." : "No answer.";
        }
        if (!isAbove(finding) && !isBelow(finding)) {
            return "Inconclusive.";
        }
        return switch (measure) {
            case Analysis.DIFFERENCE -> isAbove(finding) ? "Flatness predicts better." : "The loss predicts better.";
            case Analysis.LOSS -> "Models of lower loss do " + (isAbove(finding) ? "better." : "worse.");
            default -> "Flatter models do " + (isAbove(finding) ? "better." : "worse.");
        };
    }

    private static boolean isAbove(Finding finding) {
        return finding.interval().filter(interval -> interval.low() > 0).isPresent();
    }

    private static boolean isBelow(Finding finding) {
        return finding.interval().filter(interval -> interval.high() < 0).isPresent();
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
