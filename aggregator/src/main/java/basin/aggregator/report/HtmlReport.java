package basin.aggregator.report;

import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.CorrelationTable;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import basin.study.Against;
import basin.study.Comparison;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An answer as one self-contained HTML file: it has no script, needs no network, and its content
 * security policy allows its one style sheet by hash. Pure functions: the same answer gives the
 * same bytes.
 */
public final class HtmlReport {
    private final StudyView view;
    private final Asked requested;

    private HtmlReport(StudyView view, Asked requested) {
        this.view = view;
        this.requested = requested;
    }

    /** Returns the text of the file, to be written as UTF-8. */
    public static String of(StudyView view, Asked requested) {
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s · Basin</title>
            <style>%s</style>
            </head>
            <body>
            <main>
            %s</main>
            </body>
            </html>
            """.formatted(
                        Style.source(),
                        Html.escape(view.name() + ", " + requested.generation()),
                        Style.SHEET,
                        HtmlRenderer.of(blocks(view, requested)));
    }

    /** Returns the content of the report. */
    static List<Block> blocks(StudyView view, Asked requested) {
        return new HtmlReport(view, requested).blocks();
    }

    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(
                "Study " + view.studyId() + (isOwn() ? "" : ", reanalysed: " + requested.generation()), true));
        blocks.add(new Block.Heading(1, view.headline()));
        Stream.of(
                        Stream.of(view.more(), CorrelationTable.registration(view)),
                        view.claim().map(StudyView.Claim::sentence).stream(),
                        requested.remarks().stream())
                .flatMap(said -> said)
                .filter(said -> !said.isEmpty() && !said.equals(view.headline()))
                .forEach(said -> blocks.add(new Block.Paragraph(said)));
        points(blocks);
        blocks.add(new Block.Heading(2, "Correlations"));
        blocks.add(correlations());
        blocks.addAll(ArmSection.of(view));
        blocks.addAll(RankingSection.of(view, view.primary()));
        blocks.addAll(BudgetSection.of(view, levels()));
        runs(blocks);
        question(blocks);
        return blocks;
    }

    private boolean isOwn() {
        return requested.equals(Asked.OWN);
    }

    /** Returns the levels, that of the primary row first, and last checkpoints at the end. */
    private List<Optional<Double>> levels() {
        return Stream.of(
                        view.primary().map(StudyView.RowView::level).stream(),
                        view.levels().stream().map(Optional::of),
                        Stream.of(Optional.<Double>empty()))
                .flatMap(levels -> levels)
                .distinct()
                .toList();
    }

    private void points(List<Block> blocks) {
        blocks.add(new Block.Heading(2, "Flatness beside loss"));
        blocks.add(new Block.Paragraph(Svg.legend(view), true));
        boolean open = true;
        for (String task : view.tasks()) {
            for (String protocol : view.protocols()) {
                for (Optional<Double> level : levels()) {
                    blocks.add(new Block.Details(
                            PointFigures.title(view, task, protocol, level),
                            open,
                            List.of(PointFigures.of(view, task, protocol, level, "points")
                                    .<Block>map(figures -> figures)
                                    .orElseGet(() -> new Block.Paragraph("No run has a point here.", true)))));
                    open = false;
                }
            }
        }
    }

    private Block correlations() {
        return new Block.Table(
                "With accuracy above the untrained network; one point per run; seed " + view.seed() + "; intervals at "
                        + Numbers.percent(view.confidence()) + ". Flatness is −ln of the trace, loss is −"
                        + view.loss().level() + ".",
                List.of(
                        "registration",
                        "task",
                        "protocol",
                        "compared",
                        "statistic",
                        "measure",
                        "value",
                        "interval",
                        "n",
                        "p",
                        "remark"),
                view.rows().stream()
                        .map(row -> new Block.Row(cells(row, row.finding()), row.primary()))
                        .toList());
    }

    private static List<String> cells(StudyView.RowView row, Finding finding) {
        return List.of(
                row.registration(),
                row.task(),
                row.protocol(),
                row.compared(),
                row.statistic(),
                row.measure(),
                finding.value().map(Numbers::correlation).orElse("none"),
                finding.interval()
                        .map(interval -> Numbers.correlations(interval.low(), interval.high()))
                        .orElse(""),
                finding.runs() + " of " + finding.declared(),
                finding.p().map(Numbers::probability).orElse(""),
                ((finding.status() == Finding.Status.ESTIMATE ? "" : CorrelationTable.status(finding) + ". ")
                                + (finding.provisional() ? "provisional. " : "")
                                + (row.comparison() == Comparison.ALL_CHECKPOINTS ? "description. " : "")
                                + finding.note())
                        .strip());
    }

    private void runs(List<Block> blocks) {
        blocks.add(new Block.Heading(2, "Runs"));
        blocks.add(new Block.Paragraph(
                Words.capital(view.loss().quantity()) + " in nats, logarithmic, by step; one scale for all."
                        + (view.loss().kind().equals(Against.OPTIMUM.kind())
                                ? ""
                                : " The best there can be is unknown."),
                true));
        Axis scale = Axis.around(
                view.runs().stream()
                        .flatMap(run -> run.losses().stream())
                        .map(loss -> loss.loss().value())
                        .toList(),
                true,
                0,
                1);
        blocks.add(new Block.Figures(
                view.runs().stream()
                        .map(run -> {
                            String reported = reported(run);
                            return new Block.Figure(
                                    "curve",
                                    Svg.curve(reported, run.losses(), scale, PointFigures.group(view, run)),
                                    reported);
                        })
                        .toList(),
                true));
    }

    private String reported(StudyView.Run run) {
        return run.label() + ": " + run.state()
                + (run.reason().isEmpty() ? "" : ", " + run.reason())
                + (run.losses().isEmpty()
                        ? ""
                        : ", " + view.loss().level() + " "
                                + PointFigures.reported(run.losses().getLast().loss()));
    }

    private void question(List<Block> blocks) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("study", view.studyId() + " (" + view.state() + ")");
        facts.put(
                "revision",
                Numbers.plural(view.revision().events(), "event") + ", digest "
                        + view.revision().digest());
        facts.put("seed", String.valueOf(view.seed()));
        facts.put("levels", view.levels() + " nats, at most " + view.band() + " below");
        facts.put("confidence", Numbers.percent(view.confidence()));
        view.claim()
                .ifPresent(claim -> facts.put("registered claim", claim.statement() + " SHA-256 " + claim.sha256()));
        if (!isOwn()) {
            facts.put("generation", requested.generation());
            if (!requested.measured().isEmpty()) {
                facts.put("measured anew", requested.measured());
            }
            facts.put("analysis file", "SHA-256 " + requested.hash());
        }
        blocks.add(new Block.Heading(2, "What was asked"));
        blocks.add(new Block.Facts(facts));
        if (!isOwn()) {
            blocks.addAll(List.of(
                    new Block.Code(requested.text()),
                    new Block.Heading(2, "How to get this again"),
                    new Block.Paragraph(
                            "The same record and the same analysis file give the same numbers, byte for byte:"),
                    new Block.Code(requested.command())));
        }
        blocks.add(new Block.Paragraph(
                "Beside this file lie the tables as CSV and Arrow with every number, view.json with all of it, and "
                        + (isOwn()
                                ? "the figures as SVG."
                                : "history.om with event times for promtool tsdb create-blocks-from openmetrics."),
                true));
    }
}
