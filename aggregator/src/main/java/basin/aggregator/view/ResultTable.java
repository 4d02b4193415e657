package basin.aggregator.view;

import basin.events.CorrelationRow.Comparison;
import basin.events.Finding;
import basin.events.spec.QuestionSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The table of correlations as text for a terminal: the headline, then a line a comparison. */
public final class ResultTable {
    private ResultTable() {}

    /** The table of a study; for each task and protocol the comparisons, flatness beside loss and their difference. */
    public static String of(StudyView view) {
        StringBuilder text = new StringBuilder();
        text.append(view.headline()).append('\n');
        if (!view.more().isEmpty()) {
            text.append(view.more()).append('\n');
        }
        text.append(registration(view)).append('\n');
        view.rows().stream()
                .filter(row -> row.registration().equals(StudyView.REGISTERED))
                .forEach(row -> text.append(String.format(
                        "  %-44s %s, task %s, %s: %s%n",
                        symbol(row.statistic()) + " " + row.compared(),
                        row.measure(),
                        row.task(),
                        row.protocol(),
                        cell(Optional.of(row)))));
        for (String task : view.tasks()) {
            for (String protocol : view.protocols()) {
                section(text, view, task, protocol);
            }
        }
        text.append(ArmTable.text(view));
        text.append('\n')
                .append("Correlations of −ln of the trace, and of −"
                        + view.loss().quantity() + ", with accuracy above the untrained network;")
                .append('\n')
                .append(String.format(
                        Locale.ROOT,
                        "one point a run; intervals at %.0f %%; seed %d; revision %d (%s).%n",
                        100 * view.confidence(),
                        view.seed(),
                        view.revision().events(),
                        view.revision().digest()));
        return text.toString();
    }

    /** What of the table was registered beforehand. */
    public static String registration(StudyView view) {
        return view.claim()
                .map(claim -> "Registered claim (SHA-256 " + claim.sha256() + "): " + claim.verdict()
                        + ". All else is exploratory.")
                .orElse("No claim was registered: all of this is exploratory.");
    }

    private static void section(StringBuilder text, StudyView view, String task, String protocol) {
        List<StudyView.RowView> own = view.rows().stream()
                .filter(row -> row.task().equals(task) && row.protocol().equals(protocol))
                .toList();
        if (own.stream().noneMatch(row -> row.finding().runs() > 0)) {
            return;
        }
        text.append('\n')
                .append("Task ")
                .append(task)
                .append(", ")
                .append(protocol)
                .append(" (exploratory)")
                .append('\n');
        String lead = QuestionSpec.MEASURES.stream()
                .filter(measure -> own.stream().anyMatch(row -> row.measure().equals(measure)))
                .findFirst()
                .orElse("");
        text.append(String.format("  %-44s %-30s %-30s %-30s%n", "", title(lead), "adaptive trace", "loss"));
        for (Comparison comparison : Comparison.values()) {
            own.stream()
                    .filter(row -> row.comparison() == comparison)
                    .filter(row -> row.measure().equals(lead))
                    .filter(row -> !row.statistic().equals("pearson"))
                    .forEach(row -> line(text, own, row));
        }
    }

    private static String title(String measure) {
        return switch (measure) {
            case "hessian.trace" -> "tr H";
            case "fisher.trace" -> "tr F";
            default -> "";
        };
    }

    private static void line(StringBuilder text, List<StudyView.RowView> rows, StudyView.RowView row) {
        text.append(String.format(
                "  %-44s %-30s %-30s %-30s%n",
                symbol(row.statistic()) + " " + row.compared(),
                title(row.measure()).isEmpty() ? "" : cell(Optional.of(row)),
                cell(beside(rows, row, "adaptive.trace")),
                cell(beside(rows, row, "loss"))));
    }

    private static Optional<StudyView.RowView> beside(
            List<StudyView.RowView> rows, StudyView.RowView row, String measure) {
        return rows.stream()
                .filter(other -> other.comparison() == row.comparison()
                        && other.level().equals(row.level())
                        && other.statistic().equals(row.statistic())
                        && other.held().equals(row.held())
                        && other.measure().equals(measure))
                .findFirst();
    }

    /** The letter of a statistic: τ, ρ or r. */
    public static String symbol(String statistic) {
        return switch (statistic) {
            case "kendall" -> "τ";
            case "spearman" -> "ρ";
            default -> "r";
        };
    }

    private static String cell(Optional<StudyView.RowView> row) {
        if (row.isEmpty()) {
            return "";
        }
        Finding finding = row.get().finding();
        if (finding.value().isEmpty()) {
            return switch (finding.status()) {
                case NOT_YET -> "not yet, n " + finding.runs();
                case NOT_IDENTIFIABLE -> "not identifiable, n " + finding.runs();
                case NOT_APPLICABLE, ESTIMATE -> "not applicable";
            };
        }
        String interval = finding.interval()
                .map(one -> String.format(Locale.ROOT, " [%+.2f, %+.2f]", one.low(), one.high()))
                .orElse("");
        String p = finding.p()
                .map(one -> String.format(Locale.ROOT, " p %.2g", one))
                .orElse("");
        return String.format(Locale.ROOT, "%+.2f%s n %d%s", finding.value().get(), interval, finding.runs(), p)
                + (finding.provisional() ? "?" : "");
    }
}
