package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.record.Finding;
import basin.study.EnumName;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Correlations as tables with one line per comparison and statistic and one column per measure.
 * Pure functions.
 */
public final class CorrelationTable {
    private CorrelationTable() {}

    /** The identifying columns of a line. */
    private record Line(String compared, Optional<Double> level, String statistic, List<String> held) {}

    /**
     * Returns the measures of a study's table in column order: flatness measures, loss, and the
     * difference of primary flatness and loss. A measure that the study never asked for has no
     * column.
     */
    public static List<String> measures(StudyView view) {
        return Stream.concat(view.measures().stream(), Stream.of(Analysis.LOSS, Analysis.DIFFERENCE))
                .filter(measure -> view.rows().stream()
                        .anyMatch(row ->
                                row.measure().equals(measure) && row.finding().status() != Finding.Status.NOT_MEASURED))
                .toList();
    }

    /**
     * Returns a table of rows.
     *
     * @param rows rows of one task and protocol
     * @param measures columns in order
     */
    public static Block.Table of(List<StudyView.RowView> rows, List<String> measures) {
        Map<Line, Map<String, StudyView.RowView>> lines = new LinkedHashMap<>();
        rows.stream()
                .sorted(Comparator.comparing(StudyView.RowView::comparison))
                .forEach(row -> lines.computeIfAbsent(
                                new Line(row.compared(), row.level(), row.statistic(), row.conditionedOn()),
                                nothing -> new LinkedHashMap<>())
                        .put(row.measure(), row));
        return new Block.Table(
                "",
                Stream.concat(Stream.of("compared"), measures.stream().map(Words::symbol))
                        .toList(),
                lines.entrySet().stream()
                        .map(line -> new Block.Row(
                                Stream.concat(
                                                Stream.of(name(line.getKey(), line.getValue())),
                                                measures.stream()
                                                        .map(measure -> Optional.ofNullable(line.getValue()
                                                                        .get(measure))
                                                                .map(row -> cell(row.finding()))
                                                                .orElse("")))
                                        .toList(),
                                line.getValue().values().stream().anyMatch(StudyView.RowView::primary)))
                        .toList());
    }

    private static String name(Line line, Map<String, StudyView.RowView> rows) {
        boolean registered =
                rows.values().stream().anyMatch(row -> row.registration().equals(StudyView.REGISTERED));
        return Words.letter(line.statistic()) + " " + line.compared() + (registered ? " (the registered claim)" : "");
    }

    /**
     * Returns a finding as a cell: value, interval, runs and p-value, or the reason why there is no
     * value.
     */
    public static String cell(Finding finding) {
        if (finding.status() == Finding.Status.NOT_MEASURED) {
            return status(finding);
        }
        return finding.value()
                        .map(value -> Numbers.correlation(value)
                                + finding.interval()
                                        .map(one -> " " + Numbers.correlations(one.low(), one.high()))
                                        .orElse(""))
                        .orElseGet(() -> status(finding) + ",")
                + " n " + finding.runs()
                + finding.p().map(p -> " " + Numbers.named("p", p)).orElse("")
                + (finding.provisional() && finding.value().isPresent() ? " (provisional)" : "");
    }

    /** Returns a finding's status in words: why there is no value. */
    public static String status(Finding finding) {
        return finding.status() == Finding.Status.TOO_FEW_RUNS
                ? "needs ≥ "
                        + finding.needed()
                                .map(runs -> Numbers.plural(runs, "run"))
                                .orElse("more runs")
                : EnumName.of(finding.status()).replace('-', ' ');
    }

    /** Returns a sentence on the part of the table that was preregistered. */
    public static String registration(StudyView view) {
        return view.claim()
                .map(claim -> "Registered claim (SHA-256 " + claim.sha256() + "): " + claim.verdict()
                        + ". All else is exploratory.")
                .orElse("No claim was registered: all of this is exploratory.");
    }
}
