package basin.aggregator.view;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.ArmRow;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The comparison of arms with the reference arm, in words and as a table. Pure functions. */
public final class ArmTable {
    private ArmTable() {}

    /** Returns a sentence that explains the differences. */
    public static String caption(StudyView view) {
        return view.arms().isEmpty()
                ? ""
                : "Mean of arm minus " + view.arms().getFirst().reference()
                        + " over pairs of the same size, seed and start; for traces, of ln. Intervals at "
                        + Numbers.percent(view.confidence()) + ".";
    }

    /** Returns the point of comparison in words. */
    public static String compared(StudyView view, ArmRow row) {
        return switch (row.at()) {
            case LAST -> "last checkpoints";
            case MATCHED ->
                "at equal loss, " + view.loss().level() + " "
                        + row.level().map(Numbers::level).orElse("");
            case BRANCH -> "at equal loss, a band below the checkpoint that both start from";
        };
    }

    /** Returns a measure in words. */
    public static String title(StudyView view, String measure, String task, String protocol) {
        return switch (measure) {
            case ArmAnalysis.ACCURACY -> "accuracy, " + task + ", " + protocol;
            case ArmAnalysis.LOSS -> view.loss().quantity() + ", nats";
            case ArmAnalysis.STEPS -> "steps";
            case ArmAnalysis.GRADIENTS -> "gradients of a batch";
            default -> "ln " + Words.symbol(measure);
        };
    }

    /** Returns a row's measure in words. */
    public static String title(StudyView view, ArmRow row) {
        return title(view, row.measure(), row.task(), row.protocol());
    }

    /** Returns a mean difference with its interval, rounded according to its standard error. */
    public static String difference(double value, double error, double low, double high) {
        return Numbers.difference(value, error) + " "
                + Numbers.brackets(Numbers.difference(low, error), Numbers.difference(high, error));
    }

    /** Returns the difference of a row that has one, with its interval if it exists. */
    public static String difference(ArmRow row) {
        double value = row.value().orElseThrow();
        double error = row.standardError().orElse(0.0);
        return row.interval()
                .map(one -> difference(value, error, one.low(), one.high()))
                .orElseGet(() -> Numbers.difference(value, error));
    }

    /** Returns a table with one line per row. */
    public static Block.Table table(StudyView view, List<ArmRow> rows) {
        return new Block.Table(
                "",
                List.of("arm", "compared", "measure", "arm minus reference", "n", "p", "remark"),
                rows.stream()
                        .map(row -> new Block.Row(List.of(
                                row.arm(),
                                compared(view, row),
                                title(view, row),
                                row.value().isPresent() ? difference(row) : "none",
                                row.pairs() + " of " + row.possible(),
                                row.p().map(Numbers::probability).orElse(""),
                                ((row.provisional() ? "provisional. " : "") + row.note()).strip())))
                        .toList());
    }

    /** Returns the rows with at least one pair under a heading; empty if there are none. */
    static Stream<Block> reported(StudyView view) {
        List<ArmRow> reported =
                view.arms().stream().filter(row -> row.value().isPresent()).toList();
        return reported.isEmpty()
                ? Stream.of()
                : Stream.of(
                        new Block.Heading(
                                2, "Arms compared with " + reported.getFirst().reference()),
                        table(view, reported),
                        new Block.Paragraph(caption(view)));
    }

    /** Returns the rows with a value at one point of comparison, in the order of the table. */
    public static List<ArmRow> at(StudyView view, ArmRow.At at, Optional<Double> level) {
        return view.arms().stream()
                .filter(row -> row.at() == at
                        && row.level().equals(level)
                        && row.value().isPresent())
                .toList();
    }
}
