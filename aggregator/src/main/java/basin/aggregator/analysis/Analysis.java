package basin.aggregator.analysis;

import basin.aggregator.analysis.Points.Point;
import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.Association;
import basin.aggregator.statistics.CorrelationInference;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.ResamplingPlan;
import basin.aggregator.statistics.RivalPoint;
import basin.aggregator.statistics.RunPoint;
import basin.events.CorrelationRow;
import basin.events.CorrelationRow.Comparison;
import basin.events.Finding;
import basin.events.Ids;
import basin.events.Interval;
import basin.events.Quantity;
import basin.events.spec.AnalysisSpec;
import basin.events.spec.EstimatorSpec;
import basin.events.spec.ProtocolSpec;
import basin.events.spec.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Correlations over runs, one point a run: a pure function of a study's state and the question put to it. Thread-safe.
 */
public final class Analysis {
    /** The measure named {@code loss}: −excess loss. */
    public static final String LOSS = "loss";
    /** The measure named {@code difference}: what flatness tells beyond loss. */
    public static final String DIFFERENCE = "difference";
    /** Flatness measures in the table, the primary one first. */
    public static final List<Quantity> MEASURES =
            List.of(Quantity.HESSIAN_TRACE, Quantity.FISHER_TRACE, Quantity.ADAPTIVE_TRACE);

    private static final String ACROSS_SIZES =
            "Raw traces of networks of different sizes are not in one parameterisation.";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final Choice choice;
    private final Remembered remembered;
    private final boolean pointsOnly;
    private final CorrelationInference withoutP;
    private final CorrelationInference withP;
    private final List<Row> rows = new ArrayList<>();
    private boolean whole = true;

    private Analysis(
            StudyState study,
            AnalysisSpec spec,
            boolean provisional,
            Choice choice,
            Remembered remembered,
            boolean pointsOnly) {
        this.study = study;
        this.spec = spec;
        this.provisional = provisional;
        this.choice = choice;
        this.remembered = remembered;
        this.pointsOnly = pointsOnly;
        ResamplingPlan plan = new ResamplingPlan(spec.seed(), spec.permutations(), spec.resamples(), spec.confidence());
        // The table shows one interval a row.
        this.withoutP = CorrelationInference.with(plan.withoutP()).withoutSensitivity();
        this.withP = CorrelationInference.with(plan).withoutSensitivity();
    }

    /** The study's table, by its own question. */
    public static List<Row> of(StudyState study) {
        return of(study, study.spec().analysis());
    }

    /** The study's table, by another question. */
    public static List<Row> of(StudyState study, AnalysisSpec spec) {
        return of(study, spec, !study.completeness().complete(), Choice.ALL);
    }

    /**
     * Some rows of the study's table, by another question.
     *
     * @param provisional whether runs or measurements are still to come, so that there are no p-values yet
     * @param choice the rows
     */
    public static List<Row> of(StudyState study, AnalysisSpec spec, boolean provisional, Choice choice) {
        return new Analysis(study, spec, provisional, choice, new Remembered(), false)
                .table()
                .rows();
    }

    /**
     * The study's table, by its own question; what is remembered is not computed again, and what is computed is remembered.
     *
     * @param provisional whether runs or measurements are still to come, so that there are no p-values yet
     * @param remembered of this study
     */
    public static List<Row> of(StudyState study, boolean provisional, Remembered remembered) {
        return new Analysis(study, study.spec().analysis(), provisional, Choice.ALL, remembered, false)
                .table()
                .rows();
    }

    /**
     * The same table without what takes long and is not remembered: every correlation and every n is that of the whole table. Where
     * nothing was resampled yet for a row's present points, it has no p-value, and its interval is the last that is remembered or none; its
     * note says which.
     *
     * @param provisional as in {@link #of(StudyState, boolean, Remembered)}
     * @param remembered of this study
     */
    public static Table points(StudyState study, boolean provisional, Remembered remembered) {
        return new Analysis(study, study.spec().analysis(), provisional, Choice.ALL, remembered, true).table();
    }

    private Table table() {
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                table(task.name(), protocol.name());
            }
        }
        return new Table(rows, whole);
    }

    private void table(String task, String protocol) {
        Selection last = Selection.last(study, task, protocol, false);
        plain(Comparison.RAW, task, protocol, last);
        if (hasAdversaries()) {
            plain(Comparison.RAW_WITH_ADVERSARIES, task, protocol, Selection.last(study, task, protocol, true));
        }
        for (double level : spec.match()) {
            Selection matched = Selection.matched(study, task, protocol, level, spec.band(), false);
            plain(Comparison.MATCHED, task, protocol, matched);
            if (hasAdversaries()) {
                plain(
                        Comparison.MATCHED_WITH_ADVERSARIES,
                        task,
                        protocol,
                        Selection.matched(study, task, protocol, level, spec.band(), true));
            }
            if (choice.has(Association.KENDALL)) {
                stratified(Comparison.MATCHED_WITHIN_RATE, task, protocol, matched, Analysis::rate);
                stratified(Comparison.MATCHED_WITHIN_SIZE, task, protocol, matched, Analysis::size);
            }
        }
        for (Quantity quantity : choice.has(Association.SPEARMAN) ? choice.quantities() : List.<Quantity>of()) {
            CorrelationRow asked =
                    row(Comparison.PARTIAL_GIVEN_LOSS, Optional.empty(), quantity.id(), task, protocol, "spearman");
            List<RunPoint> points = withLoss(last.points(), quantity);
            put(asked, points, inference -> inference.partial(name(asked), points), last);
        }
        if (choice.has(Association.SPEARMAN)) {
            everything(task, protocol);
        }
    }

    private boolean hasAdversaries() {
        return study.spec().algorithms().stream()
                .anyMatch(arm -> arm.algorithm().looksAtATask());
    }

    private void plain(Comparison comparison, String task, String protocol, Selection selection) {
        for (Association association : choice.associations()) {
            String statistic = association.name().toLowerCase(Locale.ROOT);
            for (String measure : choice.measures()) {
                CorrelationRow asked = row(comparison, selection.level(), measure, task, protocol, statistic);
                List<RunPoint> own = points(selection.points(), measure, point -> "all");
                put(asked, own, inference -> inference.correlate(association, name(asked), own), selection);
            }
            if (association == Association.SPEARMAN && choice.comparesWithLoss()) {
                CorrelationRow asked = row(comparison, selection.level(), DIFFERENCE, task, protocol, statistic);
                List<RivalPoint> rivals = rivals(selection.points());
                put(asked, rivals, inference -> inference.difference(association, name(asked), rivals), selection);
            }
        }
    }

    private void stratified(
            Comparison comparison, String task, String protocol, Selection selection, Function<Point, String> stratum) {
        for (String measure : choice.measures()) {
            CorrelationRow asked = row(comparison, selection.level(), measure, task, protocol, "kendall");
            List<RunPoint> own = points(selection.points(), measure, stratum);
            put(asked, own, inference -> inference.stratifiedTau(name(asked), own), selection);
        }
    }

    /** Over all checkpoints of all runs: what one would see without holding the loss. */
    private void everything(String task, String protocol) {
        for (String measure : choice.measures()) {
            CorrelationRow asked =
                    row(Comparison.ALL_CHECKPOINTS, Optional.empty(), measure, task, protocol, "spearman");
            List<List<ClusterBootstrap.Pair>> runs = new ArrayList<>();
            int checkpoints = 0;
            for (RunState run : study.runs()) {
                List<ClusterBootstrap.Pair> own = new ArrayList<>();
                for (CheckpointState checkpoint :
                        Selection.isOrdinary(run) ? run.checkpoints() : List.<CheckpointState>of()) {
                    Points.point(run, checkpoint, task, protocol)
                            .ifPresent(point -> value(point, measure)
                                    .ifPresent(x -> own.add(new ClusterBootstrap.Pair(x, point.outcome()))));
                }
                if (!own.isEmpty()) {
                    runs.add(own);
                    checkpoints += own.size();
                }
            }
            String note = checkpoints + " checkpoints, which are not independent within a run: a description.";
            rows.add(new Row(
                    asked,
                    runs.size() < spec.leastRuns()
                            ? notYet(runs.size(), spec.leastRuns(), note)
                            : description(asked, runs, note)));
        }
    }

    private Finding description(CorrelationRow asked, List<List<ClusterBootstrap.Pair>> runs, String note) {
        Optional<Optional<ClusterBootstrap.Description>> known = pointsOnly
                ? remembered.described.known(asked, runs, study.revision())
                : Optional.of(remembered.described.of(asked, runs, study.revision(), () -> describe(asked, runs)));
        if (known.isPresent()) {
            return described(known.get(), runs.size(), note);
        }
        whole = false;
        Optional<Remembered.Told.Entry<Optional<ClusterBootstrap.Description>>> last = remembered.described.last(asked);
        Optional<Interval> interval = last.flatMap(Remembered.Told.Entry::told).flatMap(one -> one.interval());
        String follows = last.isPresent() && interval.isPresent()
                ? " The interval is that of revision " + last.get().as().events() + "; that of this one follows."
                : " The interval follows.";
        return described(
                ClusterBootstrap.estimate(runs).map(one -> new ClusterBootstrap.Description(one.rho(), interval)),
                runs.size(),
                note + follows);
    }

    private Optional<ClusterBootstrap.Description> describe(
            CorrelationRow asked, List<List<ClusterBootstrap.Pair>> runs) {
        return ClusterBootstrap.describe(
                runs,
                Math.max(100, spec.resamples() / 4),
                spec.confidence(),
                Long.parseUnsignedLong(Ids.of(spec.seed(), name(asked)).substring(0, 16), 16));
    }

    private Finding described(Optional<ClusterBootstrap.Description> described, int runs, String note) {
        return described
                .map(one -> new Finding(
                        Finding.Status.ESTIMATE,
                        Optional.of(one.rho()),
                        one.interval(),
                        Optional.empty(),
                        runs,
                        study.runs().size(),
                        provisional,
                        "percentile bootstrap over runs",
                        note))
                .orElseGet(() -> notYet(runs, spec.leastRuns(), note));
    }

    private static CorrelationRow row(
            Comparison comparison,
            Optional<Double> level,
            String measure,
            String task,
            String protocol,
            String statistic) {
        return new CorrelationRow(comparison, level, measure, task, protocol, statistic);
    }

    /** Names the row's random draws. */
    private static String name(CorrelationRow asked) {
        return asked.comparison() + "/" + asked.level().map(String::valueOf).orElse("") + "/" + asked.measure() + "/"
                + asked.task() + "/" + asked.protocol() + "/" + asked.statistic();
    }

    private static Optional<Double> value(Point point, String measure) {
        if (measure.equals(LOSS)) {
            return Optional.of(point.minusLoss());
        }
        var flatness = point.flatness(Quantity.of(measure));
        return flatness.isPresent() ? Optional.of(flatness.getAsDouble()) : Optional.empty();
    }

    private static List<RunPoint> points(List<Point> points, String measure, Function<Point, String> stratum) {
        return points.stream()
                .flatMap(point -> value(point, measure)
                        .map(x -> RunPoint.of(point.run().declared().runId(), x, point.outcome())
                                .in(stratum.apply(point)))
                        .stream())
                .toList();
    }

    private static List<RunPoint> withLoss(List<Point> points, Quantity quantity) {
        return points.stream()
                .filter(point -> point.flatness(quantity).isPresent())
                .map(point -> RunPoint.of(
                                point.run().declared().runId(),
                                point.flatness(quantity).getAsDouble(),
                                point.outcome())
                        .given(point.minusLoss()))
                .toList();
    }

    private static List<RivalPoint> rivals(List<Point> points) {
        return points.stream()
                .filter(point -> point.flatness(MEASURES.getFirst()).isPresent())
                .map(point -> new RivalPoint(
                        point.run().declared().runId(),
                        point.flatness(MEASURES.getFirst()).getAsDouble(),
                        point.minusLoss(),
                        point.outcome()))
                .toList();
    }

    private static String rate(Point point) {
        return String.valueOf(point.run().declared().spec().rate());
    }

    private static String size(Point point) {
        return point.run().declared().spec().size().name();
    }

    private void put(
            CorrelationRow asked,
            List<?> points,
            Function<CorrelationInference, Inference> infer,
            Selection selection) {
        boolean acrossSizes = asked.comparison() != Comparison.MATCHED_WITHIN_SIZE
                && !asked.measure().equals(LOSS)
                && study.spec().sizes().size() > 1;
        String note = java.util.stream.Stream.of(
                        selection.leftOut(asked.measure()), acrossSizes ? parameterisation(asked.measure()) : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        Finding finding = points.size() < spec.leastRuns()
                ? notYet(points.size(), spec.leastRuns(), note)
                : inferred(asked, points, infer, note);
        rows.add(new Row(asked, finding));
    }

    /** In which architecture the traces of different sizes were taken: each in its own, or all in one. */
    private String parameterisation(String measure) {
        Quantity quantity = measure.equals(DIFFERENCE) ? MEASURES.getFirst() : Quantity.of(measure);
        List<EstimatorSpec> entries = study.spec().flatness().stream()
                .filter(entry -> entry.quantities().contains(quantity))
                .toList();
        return entries.isEmpty()
                        || entries.stream().anyMatch(entry -> entry.embed().isEmpty())
                ? ACROSS_SIZES
                : "Traces are those of the networks embedded in one architecture ("
                        + entries.stream().map(EstimatorSpec::title).collect(Collectors.joining("; ")) + ").";
    }

    private Finding inferred(
            CorrelationRow asked, List<?> points, Function<CorrelationInference, Inference> infer, String note) {
        if (!provisional && spec.permutations() > 0) {
            Optional<Inference> known = pointsOnly
                    ? remembered.withP.known(asked, points, study.revision())
                    : Optional.of(remembered.withP.of(asked, points, study.revision(), () -> infer.apply(withP)));
            if (known.isPresent()) {
                return finding(known.get(), points.size(), note);
            }
        }
        Inference quick = remembered.withoutP.of(asked, points, study.revision(), () -> infer.apply(withoutP));
        boolean follows = !provisional && spec.permutations() > 0 && quick instanceof Inference.Estimate;
        whole &= !follows;
        return finding(quick, points.size(), follows ? (note + " The p-value follows.").strip() : note);
    }

    private Finding notYet(int runs, int needed, String note) {
        return empty(
                Finding.Status.NOT_YET,
                runs,
                (runs + " of at least " + needed + " runs that are needed. " + note).strip());
    }

    private Finding finding(Inference inferred, int runs, String note) {
        return switch (inferred) {
            case Inference.Estimate estimate ->
                new Finding(
                        Finding.Status.ESTIMATE,
                        Optional.of(plain(estimate.value())),
                        Optional.of(new Interval(
                                plain(estimate.interval().low()),
                                plain(estimate.interval().high()),
                                estimate.interval().level())),
                        estimate.p().map(p -> p.value()),
                        estimate.runs(),
                        study.runs().size(),
                        provisional,
                        estimate.interval().method().title()
                                + estimate.p()
                                        .map(p -> "; p: " + p.method().title())
                                        .orElse(""),
                        note);
            case Inference.NotYet notYet ->
                empty(Finding.Status.NOT_YET, notYet.runs(), (notYet.reason() + " " + note).strip());
            case Inference.NotIdentifiable not ->
                empty(Finding.Status.NOT_IDENTIFIABLE, not.runs(), (not.reason() + " " + note).strip());
            case Inference.NotApplicable not ->
                empty(Finding.Status.NOT_APPLICABLE, runs, (not.reason() + " " + note).strip());
        };
    }

    /** Without a negative zero, which one reader prints and another does not. */
    private static double plain(double value) {
        return value + 0.0;
    }

    private Finding empty(Finding.Status status, int runs, String note) {
        return new Finding(
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                runs,
                study.runs().size(),
                provisional,
                "",
                note);
    }
}
