package basin.aggregator.report;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.FactorEffect;
import basin.aggregator.analysis.FactorEffects;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.statistics.PairedMean;
import basin.aggregator.view.ArmTable;
import basin.aggregator.view.ResultTable;
import basin.aggregator.view.StudyView;
import basin.events.CorrelationRow.Comparison;
import basin.events.Finding;
import basin.events.Measured;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a study found, as a section of a Markdown page with pictures beside it: every factor, every task, every correlation. Pure: the same
 * answer gives the same bytes.
 */
public final class ResultsSection {
    private static final int FEWEST_FOR_P = 2;

    private final StudyView view;
    private final List<FactorEffect> factors;
    private final String folder;
    private final Part part;
    private final Map<String, String> pictures = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    /** How much of it is told. */
    public enum Part {
        /** Everything. */
        ALL,
        /** Everything but correlations at other levels and by Pearson, for a page that has other things to say. */
        SUMMARY,
        /** The ways of training beside one another, alone. */
        ARMS
    }

    /** A level as the view has it, or none. */
    private record Focus(Optional<Double> level, String task, String protocol) {}

    /**
     * A section and its pictures.
     *
     * @param markdown of the section, without its markers
     * @param pictures SVG by file name
     */
    public record Made(String markdown, Map<String, String> pictures) {
        public Made {
            pictures = Map.copyOf(pictures);
        }
    }

    private ResultsSection(StudyView view, List<FactorEffect> factors, String folder, Part part) {
        this.view = view;
        this.factors = factors;
        this.folder = folder;
        this.part = part;
    }

    /**
     * Writes the section.
     *
     * @param part how much of it
     * @param folder of the pictures as the page refers to it, such as {@code pictures}
     * @param command that gives the same section, line by line
     */
    public static Made of(Answer answer, Part part, String folder, String command) {
        ResultsSection made = new ResultsSection(
                answer.view(),
                FactorEffects.of(
                        answer.asked().state(), answer.asked().state().spec().analysis()),
                folder,
                part);
        made.write(command);
        return new Made(made.text.toString(), made.pictures);
    }

    private void write(String command) {
        Focus focus = focus();
        if (part == Part.ARMS) {
            line(about());
            line("");
            command(command);
            algorithms(focus);
            return;
        }
        line("**" + view.headline() + "**" + (view.more().isEmpty() ? "" : " " + view.more()));
        line("");
        line(about());
        line("");
        command(command);
        focus.level().ifPresent(at -> points(focus, String.valueOf(at), "at equal loss, " + nats(at)));
        points(focus, PointFigures.LAST, "last checkpoints");
        algorithms(focus);
        focus.level().ifPresent(at -> durations(at, focus));
        sizes(focus);
        correlations(focus);
        rankings(focus);
        runs();
    }

    private void command(String command) {
        line("```sh");
        line(command);
        line("```");
        line("");
    }

    /** What the headline speaks of. */
    private Focus focus() {
        Optional<StudyView.RowView> primary =
                view.rows().stream().filter(StudyView.RowView::primary).findFirst();
        return new Focus(
                primary.flatMap(StudyView.RowView::level)
                        .or(() -> view.levels().stream().min(Double::compare)),
                primary.map(StudyView.RowView::task).orElse(view.tasks().getFirst()),
                primary.map(StudyView.RowView::protocol).orElse(view.protocols().getFirst()));
    }

    private String about() {
        long trained = view.runs().stream().filter(run -> run.parameters() > 0).count();
        return String.format(
                Locale.ROOT,
                "Study `%s`: %d runs (%d with weights), %d sizes; %s%s. %s Intervals at %.0f %%, seed %d; revision %d,"
                        + " digest `%s`.",
                view.studyId(),
                view.runs().size(),
                trained,
                view.sizes().size(),
                view.loss().quantity() + " by " + view.loss().estimator(),
                view.optimum()
                        .map(one -> String.format(
                                Locale.ROOT,
                                ", optimum %.4f ± %.4f nats (standard error)",
                                one.value(),
                                one.standardError()))
                        .orElse(""),
                ResultTable.registration(view),
                100 * view.confidence(),
                view.seed(),
                view.revision().events(),
                view.revision().digest());
    }

    private void points(Focus focus, String level, String where) {
        String title = "Task " + focus.task() + ", " + focus.protocol() + ", " + where;
        PointFigures figures = PointFigures.of(view, title, focus.task(), focus.protocol(), level);
        if (figures.losses().isEmpty()) {
            return;
        }
        line("**" + title + ".** Runs of " + sizeNames() + ".");
        line("");
        String name = view.name() + "-" + (level.equals(PointFigures.LAST) ? "last" : "equal");
        String pair = (figures.flatness().isEmpty()
                        ? ""
                        : picture(
                                        name + "-flatness",
                                        figures.flatness(),
                                        "Flatness against accuracy: " + figures.flatnessCaption())
                                + " ")
                + picture(name + "-loss", figures.losses(), "Loss against accuracy: " + figures.lossCaption());
        line(pair);
        line("");
        line(
                figures.flatness().isEmpty()
                        ? figures.lossCaption() + "."
                        : figures.flatnessCaption() + ". Loss: " + figures.lossCaption() + ".");
        line("");
    }

    private String sizeNames() {
        String[] forms = {"● ", "■ ", "▲ ", "◆ "};
        List<String> names = new ArrayList<>();
        for (int i = 0; i < view.sizes().size(); i++) {
            names.add(forms[i % forms.length] + view.sizes().get(i).name());
        }
        return String.join(", ", names);
    }

    private String picture(String name, String figure, String alternative) {
        String file = name + ".svg";
        pictures.put(file, Svg.alone(figure));
        return "<img src=\"" + folder + "/" + file + "\" width=\"49%\" alt=\"" + Html.escape(alternative) + "\">";
    }

    /**
     * A difference as a cell.
     *
     * @param lead whether its row stands in a summary's table; the others are behind it
     */
    private record Cell(String column, String row, String text, boolean lead) {}

    /** Traces of the study's own measures, accuracies on the task of the headline, loss and cost. */
    private boolean leads(String measure, String task, String estimator, Focus focus) {
        return switch (measure) {
            case ArmAnalysis.ACCURACY -> task.equals(focus.task());
            case ArmAnalysis.EXCESS, ArmAnalysis.STEPS, ArmAnalysis.GRADIENTS -> true;
            default ->
                estimator.isEmpty()
                        ? view.measures().contains(measure)
                        : measure.equals(view.measures().getFirst());
        };
    }

    private void algorithms(Focus focus) {
        List<ArmRow> own = focus.level()
                .map(at -> ArmTable.at(view, ArmRow.At.MATCHED, Optional.of(at)))
                .orElse(List.of());
        List<ArmRow> rows = own.isEmpty() ? ArmTable.at(view, ArmRow.At.LAST, Optional.empty()) : own;
        if (rows.isEmpty()) {
            return;
        }
        String reference = rows.getFirst().reference();
        line("#### Ways of training, " + ArmTable.compared(view, rows.getFirst()));
        line("");
        line("Arm less `" + reference
                + "`, mean over pairs of runs alike in size and seed, with its interval, pairs and"
                + " sign-flip p; of traces the difference of ln. An arm that is not here has no pair at this level.");
        line("");
        String measure = view.measures().isEmpty()
                ? rows.getFirst().measure()
                : view.measures().getFirst();
        List<ArmRow> traces =
                rows.stream().filter(row -> row.measure().equals(measure)).toList();
        List<ArmRow> accuracies = rows.stream()
                .filter(row -> row.measure().equals(ArmAnalysis.ACCURACY)
                        && row.task().equals(focus.task())
                        && row.protocol().equals(focus.protocol()))
                .toList();
        List<String> figures = new ArrayList<>();
        if (!traces.isEmpty()) {
            figures.add(picture(
                    view.name() + "-arms-trace",
                    ArmFigure.dots("ln " + HtmlReport.symbol(measure), traces),
                    "ln " + HtmlReport.symbol(measure) + ", arm less " + reference));
        }
        if (!accuracies.isEmpty()) {
            figures.add(picture(
                    view.name() + "-arms-accuracy",
                    ArmFigure.dots("accuracy", accuracies),
                    "Accuracy, arm less " + reference));
        }
        line(String.join(" ", figures));
        line("");
        line("Left ln " + HtmlReport.symbol(measure) + ", right the accuracy on " + focus.task() + " by "
                + focus.protocol() + ".");
        line("");
        table(rows.stream()
                .map(row -> new Cell(
                        row.arm(),
                        rowTitle(row.measure(), row.task(), row.protocol(), ""),
                        cell(
                                row.measure(),
                                row.value().orElseThrow(),
                                row.interval().map(one -> new double[] {one.low(), one.high()}),
                                row.pairs(),
                                row.p()),
                        leads(row.measure(), row.task(), "", focus)))
                .toList());
    }

    private void durations(double level, Focus focus) {
        List<FactorEffect> rows = factors.stream()
                .filter(row -> row.factor() == FactorEffect.Factor.DURATION)
                .filter(row -> row.level().equals(Optional.of(level)))
                .filter(row -> row.mean().isPresent())
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        line("#### Training on, from " + nats(level) + " to the last step");
        line("");
        line("A run's last checkpoint less its own first one at the level, mean over runs; `all` are all runs that were"
                + " trained to the pre-training loss alone.");
        line("");
        table(rows.stream().map(row -> factorCell(row, row.of(), focus)).toList());
    }

    private void sizes(Focus focus) {
        Optional<Double> level = focus.level();
        List<FactorEffect> rows = factors.stream()
                .filter(row -> row.factor() == FactorEffect.Factor.SIZE)
                .filter(row -> row.level().isEmpty() || row.level().equals(level))
                .filter(row -> row.mean().isPresent())
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        line("#### Sizes, less " + rows.getFirst().reference());
        line("");
        line("Mean over pairs of runs alike in way of training and seed. Traces of different sizes are not in one"
                + " parameterisation; rows that name an architecture are of the same networks embedded in"
                + " it without a change of their functions.");
        line("");
        table(rows.stream()
                .map(row -> factorCell(
                        row, row.of() + ", " + row.level().map(this::nats).orElse("last checkpoints"), focus))
                .toList());
    }

    private String nats(double level) {
        return view.loss().level() + " " + HtmlReport.number(level) + " nats";
    }

    private Cell factorCell(FactorEffect row, String column, Focus focus) {
        PairedMean mean = row.mean().orElseThrow();
        return new Cell(
                column,
                rowTitle(row.measure(), row.task(), row.protocol(), row.estimator()),
                cell(
                        row.measure(),
                        mean.mean(),
                        Optional.of(new double[] {
                            mean.interval().low(), mean.interval().high()
                        }),
                        mean.pairs(),
                        mean.p().map(p -> p.value())),
                leads(row.measure(), row.task(), row.estimator(), focus));
    }

    private String rowTitle(String measure, String task, String protocol, String estimator) {
        return switch (measure) {
            case ArmAnalysis.ACCURACY -> "accuracy, " + task + ", " + protocol;
            case ArmAnalysis.EXCESS -> view.loss().quantity() + ", nats";
            case ArmAnalysis.STEPS -> "steps";
            case ArmAnalysis.GRADIENTS -> "gradients of a batch";
            default -> "ln " + HtmlReport.symbol(measure) + (estimator.isEmpty() ? "" : " (" + estimator + ")");
        };
    }

    private static String cell(
            String measure, double value, Optional<double[]> interval, int pairs, Optional<Double> p) {
        String format = switch (measure) {
            case ArmAnalysis.STEPS, ArmAnalysis.GRADIENTS -> "%+.0f";
            case ArmAnalysis.EXCESS -> "%+.4f";
            case ArmAnalysis.ACCURACY -> "%+.3f";
            default -> "%+.2f";
        };
        return signed(format, value)
                + interval.map(ends -> " [" + signed(format, ends[0]) + ", " + signed(format, ends[1]) + "]")
                        .orElse("")
                + " n " + pairs
                + p.filter(own -> pairs >= FEWEST_FOR_P)
                        .map(own -> " p " + HtmlReport.probability(own))
                        .orElse("");
    }

    private static String signed(String format, double value) {
        return String.format(Locale.ROOT, format, value).replace('-', '−');
    }

    private void table(List<Cell> cells) {
        List<Cell> behind = part == Part.ALL
                ? List.of()
                : cells.stream().filter(cell -> !cell.lead()).toList();
        rows(part == Part.ALL ? cells : cells.stream().filter(Cell::lead).toList());
        if (!behind.isEmpty()) {
            line("<details><summary>Other tasks and measures</summary>");
            line("");
            rows(behind);
            line("</details>");
            line("");
        }
    }

    /** Rows and columns in the order in which they come. */
    private void rows(List<Cell> cells) {
        Set<String> columns = new LinkedHashSet<>();
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (Cell one : cells) {
            columns.add(one.column());
            rows.computeIfAbsent(one.row(), nothing -> new LinkedHashMap<>()).put(one.column(), one.text());
        }
        row(Stream.concat(Stream.of(""), columns.stream()).toList());
        line("|" + "---|".repeat(columns.size() + 1));
        rows.forEach((name, own) ->
                row(Stream.concat(Stream.of(name), columns.stream().map(column -> own.getOrDefault(column, "none")))
                        .toList()));
        line("");
    }

    private void correlations(Focus focus) {
        line("#### Correlations with accuracy above the untrained network");
        line("");
        line("One point a run. Flatness is −ln of the trace, loss is −"
                + view.loss().level()
                + "; positive: flatter, or lower loss, goes with better. *Difference*: the first measure's ρ less the"
                + " loss's. ρ Spearman, τ Kendall, r Pearson; interval, n and permutation p."
                + (part == Part.SUMMARY ? " Other levels and Pearson's r are left out here." : ""));
        line("");
        List<String> measures = Stream.concat(view.measures().stream(), Stream.of("loss", "difference"))
                .toList();
        correlation(focus, measures);
        for (String other : view.tasks()) {
            for (String by : view.protocols()) {
                if (!(other.equals(focus.task()) && by.equals(focus.protocol()))) {
                    line("<details><summary>Task " + other + ", " + by + "</summary>");
                    line("");
                    correlation(new Focus(focus.level(), other, by), measures);
                    line("</details>");
                    line("");
                }
            }
        }
    }

    private boolean told(StudyView.RowView row, Focus focus) {
        boolean here = row.level().isEmpty() || row.level().equals(focus.level());
        return part == Part.ALL || (here && !row.statistic().equals("pearson"));
    }

    /** A line of the table of correlations. */
    private record Asked(
            Comparison comparison, String compared, Optional<Double> level, String statistic, List<String> held) {
        static Asked of(StudyView.RowView row) {
            return new Asked(row.comparison(), row.compared(), row.level(), row.statistic(), row.held());
        }
    }

    private void correlation(Focus focus, List<String> measures) {
        Map<Asked, Map<String, StudyView.RowView>> rows = new LinkedHashMap<>();
        view.rows().stream()
                .filter(row ->
                        row.task().equals(focus.task()) && row.protocol().equals(focus.protocol()) && told(row, focus))
                .sorted(Comparator.comparing(StudyView.RowView::comparison))
                .forEach(row -> rows.computeIfAbsent(Asked.of(row), nothing -> new LinkedHashMap<>())
                        .put(row.measure(), row));
        line("Task " + focus.task() + ", " + focus.protocol() + ":");
        line("");
        row(Stream.concat(Stream.of("compared"), measures.stream().map(HtmlReport::symbol))
                .toList());
        line("|" + "---|".repeat(measures.size() + 1));
        rows.forEach((asked, own) -> row(Stream.concat(
                        Stream.of(ResultTable.symbol(asked.statistic()) + " " + asked.compared()
                                + (own.values().stream()
                                                .anyMatch(one ->
                                                        one.registration().equals(StudyView.REGISTERED))
                                        ? " (the registered claim)"
                                        : "")),
                        measures.stream()
                                .map(measure -> Optional.ofNullable(own.get(measure))
                                        .map(one -> found(one.finding()))
                                        .orElse("")))
                .toList()));
        line("");
    }

    private static String found(Finding finding) {
        if (finding.value().isEmpty()) {
            return finding.status().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", n " + finding.runs();
        }
        return signed("%+.2f", finding.value().get())
                + finding.interval()
                        .map(one -> " [" + signed("%+.2f", one.low()) + ", " + signed("%+.2f", one.high()) + "]")
                        .orElse("")
                + " n " + finding.runs()
                + finding.p().map(p -> " p " + HtmlReport.probability(p)).orElse("");
    }

    private void rankings(Focus focus) {
        Optional<MeasureRanking> found = view.rankings().stream()
                .filter(one -> one.task().equals(focus.task())
                        && one.protocol().equals(focus.protocol())
                        && Optional.of(one.level()).equals(focus.level()))
                .findFirst();
        found.ifPresent(ranking -> {
            line("#### Ranking of measures");
            line("");
            line(ranking.sentence() + (ranking.note().isEmpty() ? "" : " " + ranking.note()));
            line("");
            row(List.of("measure", "τ with accuracy", "runs"));
            line("|---|---|---|");
            ranking.ranked()
                    .forEach(one -> row(List.of(
                            HtmlReport.symbol(one.measure()),
                            found(one.finding()),
                            String.valueOf(one.finding().runs()))));
            line("");
        });
    }

    private void runs() {
        line("<details><summary>Every run's last checkpoint</summary>");
        line("");
        line("± is one standard error: of losses over sentences, of traces over pairs, of accuracies over"
                + " repetitions.");
        line("");
        record Column(String task, String protocol) {}
        List<Column> columns = view.tasks().stream()
                .flatMap(task -> view.protocols().stream().map(protocol -> new Column(task, protocol)))
                .toList();
        row(Stream.concat(
                        Stream.of(
                                "run",
                                "step",
                                view.loss().quantity() + ", nats",
                                view.measures().isEmpty()
                                        ? "trace"
                                        : HtmlReport.symbol(view.measures().getFirst()) + ", nats"),
                        columns.stream().map(column -> column.task() + ", " + column.protocol()))
                .toList());
        line("|" + "---|".repeat(columns.size() + 4));
        for (StudyView.Run run : view.runs()) {
            Optional<StudyView.Checkpoint> last = run.checkpoints().stream()
                    .filter(StudyView.Checkpoint::last)
                    .findFirst();
            List<String> cells =
                    new ArrayList<>(List.of(run.label() + (run.state().equals("failed") ? ", failed" : "")));
            if (last.isEmpty()) {
                cells.add(run.reason().isEmpty() ? "took no last step" : run.reason());
            } else {
                cells.add(String.valueOf(last.get().step()));
                cells.add(plusMinus("%.4f", last.get().excess()));
                cells.add(last.get().flatness().stream()
                        .filter(flat -> !view.measures().isEmpty()
                                && flat.quantity().equals(view.measures().getFirst()))
                        .findFirst()
                        .map(flat -> plusMinus("%.1f", new Measured(flat.value(), flat.standardError())))
                        .orElse("none"));
                for (Column column : columns) {
                    cells.add(last.get().downstream().stream()
                            .filter(down -> down.task().equals(column.task())
                                    && down.protocol().equals(column.protocol()))
                            .findFirst()
                            .map(down -> plusMinus("%.3f", down.accuracy()))
                            .orElse("none"));
                }
            }
            row(cells);
        }
        line("");
        line("</details>");
    }

    private static String plusMinus(String format, Measured measured) {
        return String.format(Locale.ROOT, format + " ± " + format, measured.value(), measured.standardError());
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells.stream().map(ResultsSection::cell).toList()) + " |");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    private void line(String own) {
        text.append(own).append('\n');
    }
}
