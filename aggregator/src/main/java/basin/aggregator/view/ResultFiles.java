package basin.aggregator.view;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.present.Csv;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.Json;
import basin.study.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Results as JSON and CSV files: the table and all points. The same view gives identical bytes. */
public final class ResultFiles {
    /** CSV writers by file name without extension. */
    public static final Map<String, Function<StudyView, String>> CSV = Map.of(
            "table", ResultFiles::tableCsv,
            "ranking", ResultFiles::rankingCsv,
            "points", ResultFiles::pointsCsv,
            "arms", ResultFiles::armsCsv);

    private ResultFiles() {}

    /**
     * Writes {@code view.json}, {@code table.json}, {@code table.csv}, {@code ranking.json},
     * {@code ranking.csv}, {@code points.json}, {@code points.csv} and {@code table.txt} into an
     * existing folder, and {@code arms.csv} and {@code arms.json} if the study has several arms.
     *
     * @throws IOException if a file cannot be written
     */
    public static void write(StudyView view, Path folder) throws IOException {
        WholeFile.write(folder.resolve("view.json"), Json.canonical(view));
        WholeFile.write(folder.resolve("table.json"), Json.canonical(view.rows()));
        WholeFile.write(folder.resolve("table.csv"), tableCsv(view));
        WholeFile.write(folder.resolve("ranking.json"), Json.canonical(view.rankings()));
        WholeFile.write(folder.resolve("ranking.csv"), rankingCsv(view));
        WholeFile.write(folder.resolve("points.json"), Json.canonical(view.runs()));
        WholeFile.write(folder.resolve("points.csv"), pointsCsv(view));
        if (!view.arms().isEmpty()) {
            WholeFile.write(folder.resolve("arms.csv"), armsCsv(view));
            WholeFile.write(folder.resolve("arms.json"), Json.canonical(view.arms()));
        }
        WholeFile.write(folder.resolve("table.txt"), ResultTable.of(view));
    }

    private static <T> Csv<T> within(Csv<T> csv, Function<T, Optional<Interval>> interval) {
        return csv.with("low", row -> interval.apply(row).map(Interval::low))
                .with("high", row -> interval.apply(row).map(Interval::high))
                .with("confidence", row -> interval.apply(row).map(Interval::confidence));
    }

    /** Returns the table of correlations with one line per row. */
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
                .with("conditioned_on", row -> String.join(" ", row.conditionedOn()))
                .with("registration", StudyView.RowView::registration)
                .with(
                        "claim_sha256",
                        row -> view.claim()
                                .filter(claim -> row.registration().equals(StudyView.REGISTERED))
                                .map(StudyView.Claim::sha256))
                .text(view.rows());
    }

    /** Returns the differences between arms with one line per row. */
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

    /** A line of the rankings: a measure, or a difference of two measures. */
    private record Ranked(
            MeasureRanking ranking,
            Optional<MeasureRanking.RankedMeasure> one,
            Optional<MeasureRanking.Difference> difference) {
        static Stream<Ranked> of(MeasureRanking ranking) {
            return Stream.concat(
                    ranking.ranked().stream().map(one -> new Ranked(ranking, Optional.of(one), Optional.empty())),
                    ranking.differences().stream().map(two -> new Ranked(ranking, Optional.empty(), Optional.of(two))));
        }

        private <T> Optional<T> finding(Function<Finding, Optional<T>> part) {
            return one.map(MeasureRanking.RankedMeasure::finding).flatMap(part);
        }

        Optional<Interval> interval() {
            return finding(Finding::interval).or(() -> difference.flatMap(MeasureRanking.Difference::interval));
        }

        Finding.Status status() {
            return finding(found -> Optional.of(found.status()))
                    .orElse(interval().isPresent() ? Finding.Status.ESTIMATE : Finding.Status.NOT_IDENTIFIABLE);
        }

        String note() {
            return (finding(found -> Optional.of(found.note())).orElse("") + " " + ranking.note()).strip();
        }
    }

    /**
     * Returns the rankings of measures with one line per measure and per difference of two
     * measures. All of them are exploratory.
     */
    public static String rankingCsv(StudyView view) {
        Csv<Ranked> csv = Csv.<Ranked>of()
                .with("task", line -> line.ranking().task())
                .with("protocol", line -> line.ranking().protocol())
                .with("level_nats", line -> line.ranking().level())
                .with("within", line -> String.join(" ", line.ranking().within()))
                .with(
                        "measure",
                        line -> line.one()
                                .map(MeasureRanking.RankedMeasure::measure)
                                .or(() -> line.difference().map(MeasureRanking.Difference::measure)))
                .with("other", line -> line.difference().map(MeasureRanking.Difference::other))
                .with("status", Ranked::status)
                .with(
                        "value",
                        line -> line.finding(Finding::value)
                                .or(() -> line.difference().map(MeasureRanking.Difference::value)));
        return within(csv, Ranked::interval)
                .with("p_adjusted", line -> line.difference().flatMap(MeasureRanking.Difference::p))
                .with("q_all_rankings", line -> line.difference().flatMap(MeasureRanking.Difference::q))
                .with("runs", line -> line.ranking().runs())
                .with("strata", line -> line.ranking().strata())
                .with("provisional", line -> line.ranking().provisional())
                .with(
                        "best",
                        line -> line.one().map(one -> line.ranking().best().equals(Optional.of(one.measure()))))
                .with("note", Ranked::note)
                .with("revision", line -> view.revision().digest())
                .text(view.rankings().stream().flatMap(Ranked::of).toList());
    }

    private static Csv<Point> columns(Csv<Point> csv, String... names) {
        Csv<Point> all = csv;
        for (String name : names) {
            all = all.with(name, Point.column(name));
        }
        return all;
    }

    /** Returns all points in long form with one line per measurement of a checkpoint. */
    public static String pointsCsv(StudyView view) {
        Csv<Point> csv = columns(Csv.of(), "run", "label", "size", "learning_rate", "algorithm", "seed", "step")
                .with("excess_nats", Point.column("excess"));
        csv = columns(csv, "excess_stderr", "matched_levels", "last")
                .with("kind", point -> point.either(flat -> "flatness", down -> "accuracy"))
                .with("name", point -> point.either(StudyView.Flatness::quantity, StudyView.Downstream::task));
        csv = columns(csv, "protocol")
                .with("value", point -> point.estimate().map(Estimate::value))
                .with("stderr", point -> point.estimate().map(Estimate::standardError))
                .with("low", point -> point.estimate().map(Estimate::low))
                .with("high", point -> point.estimate().map(Estimate::high))
                .with("n", point -> point.either(StudyView.Flatness::pairs, StudyView.Downstream::repetitions));
        csv = columns(csv, "untrained", "untrained_stderr", "majority_baseline", "bayes_accuracy")
                .with("unit", point -> point.either(StudyView.Flatness::unit, down -> "share"))
                .with("measurement_seed", point -> point.either(StudyView.Flatness::seed, StudyView.Downstream::seed));
        return columns(csv, "estimator").text(Point.measurements(view));
    }
}
