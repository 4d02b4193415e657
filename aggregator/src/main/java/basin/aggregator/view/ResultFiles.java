package basin.aggregator.view;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.present.Csv;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as files: the table and all points, as JSON and as CSV. The same view gives the same bytes. */
public final class ResultFiles {
    /** How each table is written as CSV, by the name of its file without the ending. */
    public static final Map<String, Function<StudyView, String>> CSV = Map.of(
            "table", ResultFiles::tableCsv,
            "ranking", ResultFiles::rankingCsv,
            "points", ResultFiles::pointsCsv,
            "arms", ResultFiles::armsCsv);

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
            Files.writeString(folder.resolve("arms.csv"), armsCsv(view), StandardCharsets.UTF_8);
            Files.write(folder.resolve("arms.json"), Json.canonical(view.arms()));
        }
        Files.writeString(folder.resolve("table.txt"), ResultTable.of(view), StandardCharsets.UTF_8);
    }

    private static <T> Csv<T> within(Csv<T> csv, Function<T, Optional<Interval>> interval) {
        return csv.with("low", row -> interval.apply(row).map(Interval::low))
                .with("high", row -> interval.apply(row).map(Interval::high))
                .with("confidence", row -> interval.apply(row).map(Interval::confidence));
    }

    /** The table of correlations, a line a row. */
    public static String tableCsv(StudyView view) {
        Csv<StudyView.RowView> csv = Csv.<StudyView.RowView>of()
                .with("comparison", StudyView.RowView::comparison)
                .with("level_nats", StudyView.RowView::level)
                .with("measure", StudyView.RowView::measure)
                .with("task", StudyView.RowView::task)
                .with("protocol", StudyView.RowView::protocol)
                .with("statistic", StudyView.RowView::statistic)
                .with("status", row -> row.finding().status())
                .with("value", row -> row.finding().value());
        return within(csv, row -> row.finding().interval())
                .with("p", row -> row.finding().p())
                .with("runs", row -> row.finding().runs())
                .with("declared", row -> row.finding().declared())
                .with("provisional", row -> row.finding().provisional())
                .with("primary", StudyView.RowView::primary)
                .with("method", row -> row.finding().method())
                .with("note", row -> row.finding().note())
                .with("revision", row -> view.revision().digest())
                .with("held", row -> String.join(" ", row.held()))
                .with("registration", StudyView.RowView::registration)
                .with(
                        "claim_sha256",
                        row -> view.claim()
                                .filter(claim -> row.registration().equals(StudyView.REGISTERED))
                                .map(StudyView.Claim::sha256))
                .text(view.rows());
    }

    /** Differences between arms, a line a row. */
    public static String armsCsv(StudyView view) {
        Csv<ArmRow> csv = Csv.<ArmRow>of()
                .with("arm", ArmRow::arm)
                .with("reference", ArmRow::reference)
                .with("at", ArmRow::at)
                .with("level_nats", ArmRow::level)
                .with("measure", ArmRow::measure)
                .with("task", ArmRow::task)
                .with("protocol", ArmRow::protocol)
                .with("unit", ArmRow::unit)
                .with("value", ArmRow::value)
                .with("stderr", ArmRow::standardError);
        return within(csv, ArmRow::interval)
                .with("p", ArmRow::p)
                .with("pairs", ArmRow::pairs)
                .with("possible", ArmRow::possible)
                .with("provisional", ArmRow::provisional)
                .with("method", ArmRow::method)
                .with("note", ArmRow::note)
                .with("revision", row -> view.revision().digest())
                .text(view.arms());
    }

    /** A line of the rankings: a measure, or a difference of two. */
    private record Ranked(
            MeasureRanking ranking,
            String measure,
            String other,
            Finding.Status status,
            Optional<Double> value,
            Optional<Interval> interval,
            Optional<Double> p,
            Optional<Double> q,
            String best,
            String note) {
        static Stream<Ranked> of(MeasureRanking ranking) {
            return Stream.concat(
                    ranking.ranked().stream()
                            .map(one -> new Ranked(
                                    ranking,
                                    one.measure(),
                                    "",
                                    one.finding().status(),
                                    one.finding().value(),
                                    one.finding().interval(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    String.valueOf(ranking.best().equals(Optional.of(one.measure()))),
                                    (one.finding().note() + " " + ranking.note()).strip())),
                    ranking.differences().stream()
                            .map(one -> new Ranked(
                                    ranking,
                                    one.measure(),
                                    one.other(),
                                    one.interval().isPresent()
                                            ? Finding.Status.ESTIMATE
                                            : Finding.Status.NOT_IDENTIFIABLE,
                                    Optional.of(one.value()),
                                    one.interval(),
                                    one.p(),
                                    one.q(),
                                    "",
                                    ranking.note())));
        }
    }

    /** The rankings of measures: a line a measure, and a line a difference of two; all of it is exploratory. */
    public static String rankingCsv(StudyView view) {
        Csv<Ranked> csv = Csv.<Ranked>of()
                .with("task", line -> line.ranking().task())
                .with("protocol", line -> line.ranking().protocol())
                .with("level_nats", line -> line.ranking().level())
                .with("within", line -> String.join(" ", line.ranking().within()))
                .with("measure", Ranked::measure)
                .with("other", Ranked::other)
                .with("status", Ranked::status)
                .with("value", Ranked::value);
        return within(csv, Ranked::interval)
                .with("p_adjusted", Ranked::p)
                .with("q_all_rankings", Ranked::q)
                .with("runs", line -> line.ranking().runs())
                .with("strata", line -> line.ranking().strata())
                .with("provisional", line -> line.ranking().provisional())
                .with("best", Ranked::best)
                .with("note", Ranked::note)
                .with("revision", line -> view.revision().digest())
                .text(view.rankings().stream().flatMap(Ranked::of).toList());
    }

    /** A measurement of a checkpoint: of its flatness or of its accuracy. */
    private record Point(
            StudyView.Run run,
            StudyView.Checkpoint checkpoint,
            Optional<StudyView.Flatness> flat,
            Optional<StudyView.Downstream> down) {
        static Stream<Point> of(StudyView.Run run, StudyView.Checkpoint checkpoint) {
            return Stream.concat(
                    checkpoint.flatness().stream()
                            .map(one -> new Point(run, checkpoint, Optional.of(one), Optional.empty())),
                    checkpoint.downstream().stream()
                            .map(one -> new Point(run, checkpoint, Optional.empty(), Optional.of(one))));
        }

        Optional<Estimate> estimate() {
            return flat.map(StudyView.Flatness::estimate).or(() -> down.map(StudyView.Downstream::accuracy));
        }

        /** What either kind says. */
        Optional<Object> either(
                Function<StudyView.Flatness, Object> ofFlat, Function<StudyView.Downstream, Object> ofDown) {
            return flat.map(ofFlat).or(() -> down.map(ofDown));
        }
    }

    /** All points: a line a checkpoint and measurement, in one long form. */
    public static String pointsCsv(StudyView view) {
        return Csv.<Point>of()
                .with("run", point -> point.run().runId())
                .with("label", point -> point.run().label())
                .with("size", point -> point.run().size())
                .with("rate", point -> point.run().rate())
                .with("algorithm", point -> point.run().algorithm())
                .with("seed", point -> point.run().seed())
                .with("step", point -> point.checkpoint().step())
                .with("excess_nats", point -> point.checkpoint().excess().value())
                .with("excess_stderr", point -> point.checkpoint().excess().standardError())
                .with(
                        "matched_levels",
                        point -> point.checkpoint().matched().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" ")))
                .with("last", point -> point.checkpoint().last())
                .with("kind", point -> point.either(flat -> "flatness", down -> "accuracy"))
                .with("name", point -> point.either(StudyView.Flatness::quantity, StudyView.Downstream::task))
                .with("protocol", point -> point.down().map(StudyView.Downstream::protocol))
                .with("value", point -> point.estimate().map(Estimate::value))
                .with("stderr", point -> point.estimate().map(Estimate::standardError))
                .with("low", point -> point.estimate().map(Estimate::low))
                .with("high", point -> point.estimate().map(Estimate::high))
                .with("n", point -> point.either(StudyView.Flatness::pairs, StudyView.Downstream::repetitions))
                .with(
                        "untrained",
                        point -> point.down().map(down -> down.untrained().value()))
                .with(
                        "untrained_stderr",
                        point -> point.down().map(down -> down.untrained().standardError()))
                .with("floor", point -> point.down().map(StudyView.Downstream::floor))
                .with(
                        "ceiling",
                        point -> point.down()
                                .flatMap(StudyView.Downstream::ceiling)
                                .map(Estimate::value))
                .with("unit", point -> point.either(StudyView.Flatness::unit, down -> "share"))
                .with("measurement_seed", point -> point.either(StudyView.Flatness::seed, StudyView.Downstream::seed))
                .with("estimator", point -> point.flat().map(StudyView.Flatness::estimator))
                .text(view.runs().stream()
                        .flatMap(run -> run.checkpoints().stream().flatMap(checkpoint -> Point.of(run, checkpoint)))
                        .toList());
    }
}
