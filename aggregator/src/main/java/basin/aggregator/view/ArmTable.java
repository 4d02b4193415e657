package basin.aggregator.view;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.ArmRow;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Arms beside the arm of reference, in words for terminal and report, and as text for a terminal. Pure. */
public final class ArmTable {
    private ArmTable() {}

    /** One sentence that says what the differences are. */
    public static String caption(StudyView view) {
        return view.arms().isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "Mean of arm less %s over pairs alike in size, seed and start; of traces the difference of ln;"
                                + " intervals at %.0f %%.",
                        view.arms().getFirst().reference(),
                        100 * view.confidence());
    }

    /** Where arms are compared, in words. */
    public static String compared(StudyView view, ArmRow row) {
        return switch (row.at()) {
            case LAST -> "last checkpoints";
            case MATCHED ->
                "at equal loss, " + view.loss().level() + " "
                        + row.level().map(Views::level).orElse("");
            case BRANCH -> "at equal loss, a band below the checkpoint that both start from";
        };
    }

    /** A measure in words. */
    public static String title(StudyView view, ArmRow row) {
        return switch (row.measure()) {
            case ArmAnalysis.ACCURACY -> "accuracy, " + row.task() + ", " + row.protocol();
            case ArmAnalysis.EXCESS -> view.loss().quantity() + ", nats";
            case ArmAnalysis.STEPS -> "steps";
            case ArmAnalysis.GRADIENTS -> "gradients of a batch";
            default -> "ln " + row.measure();
        };
    }

    /** A difference with as many digits as its unit needs. */
    public static String number(ArmRow row, double value) {
        boolean whole = row.measure().equals(ArmAnalysis.STEPS) || row.measure().equals(ArmAnalysis.GRADIENTS);
        return String.format(Locale.ROOT, whole ? "%+.0f" : "%+.4f", value);
    }

    /** A line an arm, place and measure that has a pair; empty where nothing has. */
    static String text(StudyView view) {
        List<ArmRow> told =
                view.arms().stream().filter(row -> row.value().isPresent()).toList();
        if (told.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\nArms beside ")
                .append(told.getFirst().reference())
                .append('\n');
        String before = "";
        for (ArmRow row : told) {
            String place = row.arm() + ", " + compared(view, row);
            if (!place.equals(before)) {
                text.append("  ").append(place).append('\n');
                before = place;
            }
            text.append(String.format(
                    Locale.ROOT,
                    "    %-40s %-44s n %d%s%s%n",
                    title(view, row),
                    value(row),
                    row.pairs(),
                    p(row),
                    asterisk(row)));
        }
        text.append("  ").append(caption(view)).append('\n');
        String alone = told.stream().filter(row -> row.pairs() == 1).findFirst().isPresent()
                ? "  * One pair: the interval holds the errors of the measurements alone, not how pairs differ.\n"
                : "";
        return text + alone;
    }

    private static String value(ArmRow row) {
        return number(row, row.value().orElseThrow())
                + row.interval()
                        .map(one -> " [" + number(row, one.low()) + ", " + number(row, one.high()) + "]")
                        .orElse("");
    }

    private static String p(ArmRow row) {
        return row.p().map(one -> String.format(Locale.ROOT, " p %.2g", one)).orElse("");
    }

    private static String asterisk(ArmRow row) {
        return (row.pairs() == 1 ? " *" : "") + (row.provisional() ? "?" : "");
    }

    /** The rows as CSV (RFC 4180), a header first. */
    public static String csv(StudyView view) {
        StringBuilder lines = new StringBuilder(ResultFiles.line(
                        "arm",
                        "reference",
                        "at",
                        "level_nats",
                        "measure",
                        "task",
                        "protocol",
                        "unit",
                        "value",
                        "stderr",
                        "low",
                        "high",
                        "confidence",
                        "p",
                        "pairs",
                        "possible",
                        "provisional",
                        "method",
                        "note",
                        "revision"))
                .append("\r\n");
        return lines.append(view.arms().stream()
                        .map(row -> line(row, view) + "\r\n")
                        .collect(Collectors.joining()))
                .toString();
    }

    private static String line(ArmRow row, StudyView view) {
        return ResultFiles.line(
                row.arm(),
                row.reference(),
                row.at(),
                row.level(),
                row.measure(),
                row.task(),
                row.protocol(),
                row.unit(),
                row.value(),
                row.standardError(),
                row.interval().map(one -> one.low()),
                row.interval().map(one -> one.high()),
                row.interval().map(one -> one.confidence()),
                row.p(),
                row.pairs(),
                row.possible(),
                row.provisional(),
                row.method(),
                row.note(),
                view.revision().digest());
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
