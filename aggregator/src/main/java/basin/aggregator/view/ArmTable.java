package basin.aggregator.view;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.ArmRow;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Arms beside the arm of reference, in words and as a table. Pure functions. */
public final class ArmTable {
    private ArmTable() {}

    /** A sentence that says what the differences are. */
    public static String caption(StudyView view) {
        return view.arms().isEmpty()
                ? ""
                : "Mean of arm less " + view.arms().getFirst().reference()
                        + " over pairs alike in size, seed and start. Of traces the difference of ln. Intervals at "
                        + Numbers.percent(view.confidence()) + ".";
    }

    /** Where arms are compared, in words. */
    public static String compared(StudyView view, ArmRow row) {
        return switch (row.at()) {
            case LAST -> "last checkpoints";
            case MATCHED ->
                "at equal loss, " + view.loss().level() + " "
                        + row.level().map(Numbers::level).orElse("");
            case BRANCH -> "at equal loss, a band below the checkpoint that both start from";
        };
    }

    /** A measure in words. */
    public static String title(StudyView view, String measure, String task, String protocol) {
        return switch (measure) {
            case ArmAnalysis.ACCURACY -> "accuracy, " + task + ", " + protocol;
            case ArmAnalysis.EXCESS -> view.loss().quantity() + ", nats";
            case ArmAnalysis.STEPS -> "steps";
            case ArmAnalysis.GRADIENTS -> "gradients of a batch";
            default -> "ln " + Words.symbol(measure);
        };
    }

    /** As {@link #title(StudyView, String, String, String)}. */
    public static String title(StudyView view, ArmRow row) {
        return title(view, row.measure(), row.task(), row.protocol());
    }

    /** A mean difference with its interval. */
    public static String difference(double value, double error, double low, double high) {
        return Numbers.difference(value, error) + " "
                + Numbers.brackets(Numbers.difference(low, error), Numbers.difference(high, error));
    }

    /** The difference of a row that has one; its error's digits where it has an interval. */
    public static String difference(ArmRow row) {
        double value = row.value().orElseThrow();
        double error = row.standardError().orElse(0.0);
        return row.interval()
                .map(one -> difference(value, error, one.low(), one.high()))
                .orElseGet(() -> Numbers.difference(value, error));
    }

    /** A line a row, of all rows or of those that have a number. */
    public static Block.Table table(StudyView view, List<ArmRow> rows) {
        return new Block.Table(
                "",
                List.of("arm", "compared", "measure", "arm less reference", "n", "p", "remark"),
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

    /** The rows that have a pair, under their heading; nothing where none has. */
    static Stream<Block> reported(StudyView view) {
        List<ArmRow> reported =
                view.arms().stream().filter(row -> row.value().isPresent()).toList();
        return reported.isEmpty()
                ? Stream.of()
                : Stream.of(
                        new Block.Heading(
                                2, "Arms beside " + reported.getFirst().reference()),
                        table(view, reported),
                        new Block.Paragraph(caption(view)));
    }

    /** The rows of one place that have a number, in the order of the table. */
    public static List<ArmRow> at(StudyView view, ArmRow.At at, Optional<Double> level) {
        return view.arms().stream()
                .filter(row -> row.at() == at
                        && row.level().equals(level)
                        && row.value().isPresent())
                .toList();
    }
}
