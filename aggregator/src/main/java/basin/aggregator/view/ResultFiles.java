package basin.aggregator.view;

import basin.aggregator.analysis.MeasureRanking;
import basin.events.Finding;
import basin.events.Json;
import basin.events.Measured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as files: the table and all points, as JSON and as CSV (RFC 4180). The same view gives the same bytes. */
public final class ResultFiles {
    private ResultFiles() {}

    /**
     * Writes {@code view.json}, {@code table.json}, {@code table.csv}, {@code ranking.json}, {@code ranking.csv}, {@code points.json}, {@code
     * points.csv} and {@code table.txt} into a folder that exists, and {@code arms.csv} and {@code arms.json} where the study has several arms.
     */
    public static void write(StudyView view, Path folder) throws IOException {
        Files.write(folder.resolve("view.json"), Json.canonical(view));
        Files.write(folder.resolve("table.json"), Json.canonical(view.rows()));
        Files.writeString(folder.resolve("table.csv"), tableCsv(view), StandardCharsets.UTF_8);
        Files.write(folder.resolve("ranking.json"), Json.canonical(view.rankings()));
        Files.writeString(folder.resolve("ranking.csv"), rankingCsv(view), StandardCharsets.UTF_8);
        Files.write(folder.resolve("points.json"), Json.canonical(view.runs()));
        Files.writeString(folder.resolve("points.csv"), pointsCsv(view), StandardCharsets.UTF_8);
        if (!view.arms().isEmpty()) {
            Files.writeString(folder.resolve("arms.csv"), ArmTable.csv(view), StandardCharsets.UTF_8);
            Files.write(folder.resolve("arms.json"), Json.canonical(view.arms()));
        }
        Files.writeString(folder.resolve("table.txt"), ResultTable.of(view), StandardCharsets.UTF_8);
    }

    /** The table of correlations, a line a row. */
    public static String tableCsv(StudyView view) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "comparison,level_nats,measure,task,protocol,statistic,status,value,low,high,confidence,p,runs,declared,"
                    + "provisional,primary,method,note,revision,held,registration,claim_sha256");
        for (StudyView.RowView row : view.rows()) {
            Finding finding = row.finding();
            lines.add(line(
                    row.comparison(),
                    row.level(),
                    row.measure(),
                    row.task(),
                    row.protocol(),
                    row.statistic(),
                    finding.status(),
                    finding.value(),
                    finding.interval().map(interval -> interval.low()),
                    finding.interval().map(interval -> interval.high()),
                    finding.interval().map(interval -> interval.confidence()),
                    finding.p(),
                    finding.runs(),
                    finding.declared(),
                    finding.provisional(),
                    row.primary(),
                    finding.method(),
                    finding.note(),
                    view.revision().digest(),
                    String.join(" ", row.held()),
                    row.registration(),
                    row.registration().equals(StudyView.REGISTERED)
                            ? view.claim().map(StudyView.Claim::sha256)
                            : ""));
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    /** The rankings of measures: a line a measure, and a line a difference of two; all of it is exploratory. */
    public static String rankingCsv(StudyView view) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "task,protocol,level_nats,within,measure,other,status,value,low,high,confidence,p_adjusted,q_all_rankings,"
                    + "runs,strata,provisional,best,note,revision");
        for (MeasureRanking ranking : view.rankings()) {
            for (MeasureRanking.RankedMeasure one : ranking.ranked()) {
                Finding finding = one.finding();
                lines.add(line(
                        ranking.task(),
                        ranking.protocol(),
                        ranking.level(),
                        String.join(" ", ranking.within()),
                        one.measure(),
                        "",
                        finding.status(),
                        finding.value(),
                        finding.interval().map(interval -> interval.low()),
                        finding.interval().map(interval -> interval.high()),
                        finding.interval().map(interval -> interval.confidence()),
                        "",
                        "",
                        ranking.runs(),
                        ranking.strata(),
                        ranking.provisional(),
                        ranking.best().equals(Optional.of(one.measure())),
                        (finding.note() + " " + ranking.note()).strip(),
                        view.revision().digest()));
            }
            for (MeasureRanking.Difference one : ranking.differences()) {
                lines.add(line(
                        ranking.task(),
                        ranking.protocol(),
                        ranking.level(),
                        String.join(" ", ranking.within()),
                        one.measure(),
                        one.other(),
                        one.interval().isPresent() ? Finding.Status.ESTIMATE : Finding.Status.NOT_IDENTIFIABLE,
                        one.value(),
                        one.interval().map(interval -> interval.low()),
                        one.interval().map(interval -> interval.high()),
                        one.interval().map(interval -> interval.confidence()),
                        one.p(),
                        one.q(),
                        ranking.runs(),
                        ranking.strata(),
                        ranking.provisional(),
                        "",
                        ranking.note(),
                        view.revision().digest()));
            }
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    /** All points: a line a checkpoint and measurement, in one long form. */
    public static String pointsCsv(StudyView view) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "run,label,size,rate,algorithm,seed,step,excess_nats,excess_stderr,matched_levels,last,kind,name,protocol,"
                    + "value,stderr,low,high,n,untrained,untrained_stderr,floor,ceiling,unit,measurement_seed,estimator");
        for (StudyView.Run run : view.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                String matched =
                        checkpoint.matched().stream().map(String::valueOf).collect(Collectors.joining(" "));
                List<Object> about = List.of(
                        run.runId(),
                        run.label(),
                        run.size(),
                        run.rate(),
                        run.algorithm(),
                        run.seed(),
                        checkpoint.step(),
                        checkpoint.excess().value(),
                        checkpoint.excess().standardError(),
                        matched,
                        checkpoint.last());
                for (StudyView.Flatness flat : checkpoint.flatness()) {
                    lines.add(line(Stream.concat(
                                    about.stream(),
                                    Stream.of(
                                            "flatness",
                                            flat.quantity(),
                                            "",
                                            flat.value(),
                                            flat.standardError(),
                                            flat.interval().low(),
                                            flat.interval().high(),
                                            flat.pairs(),
                                            "",
                                            "",
                                            "",
                                            "",
                                            flat.unit(),
                                            flat.seed(),
                                            flat.estimator()))
                            .toArray()));
                }
                for (StudyView.Downstream down : checkpoint.downstream()) {
                    lines.add(line(Stream.concat(
                                    about.stream(),
                                    Stream.of(
                                            "accuracy",
                                            down.task(),
                                            down.protocol(),
                                            down.accuracy().value(),
                                            down.accuracy().standardError(),
                                            "",
                                            "",
                                            down.repetitions(),
                                            down.untrained().value(),
                                            down.untrained().standardError(),
                                            down.floor(),
                                            down.ceiling()
                                                    .<Object>map(Measured::value)
                                                    .orElse(""),
                                            "share",
                                            down.seed(),
                                            ""))
                            .toArray()));
                }
            }
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    static String line(Object... cells) {
        return Stream.of(cells).map(ResultFiles::cell).collect(Collectors.joining(","));
    }

    private static String cell(Object value) {
        Object shown = value instanceof Optional<?> optional
                ? optional.map(Object.class::cast).orElse("")
                : value;
        String text = String.valueOf(shown);
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
