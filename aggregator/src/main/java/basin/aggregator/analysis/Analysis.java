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
    private final CorrelationInference inference;
    private final List<Row> rows = new ArrayList<>();

    private Analysis(StudyState study, AnalysisSpec spec, boolean provisional, Choice choice) {
        this.study = study;
        this.spec = spec;
        this.provisional = provisional;
        this.choice = choice;
        ResamplingPlan plan = new ResamplingPlan(spec.seed(), spec.permutations(), spec.resamples(), spec.confidence());
        this.inference = CorrelationInference.with(provisional ? plan.withoutP() : plan);
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
        Analysis analysis = new Analysis(study, spec, provisional, choice);
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                analysis.table(task.name(), protocol.name());
            }
        }
        return List.copyOf(analysis.rows);
    }

    private void table(String task, String protocol) {
        Selection last = Selection.last(study, task, protocol);
        plain(Comparison.RAW, task, protocol, last);
        for (double level : spec.match()) {
            Selection matched = Selection.matched(study, task, protocol, level, spec.band());
            plain(Comparison.MATCHED, task, protocol, matched);
            if (choice.has(Association.KENDALL)) {
                stratified(Comparison.MATCHED_WITHIN_RATE, task, protocol, matched, Analysis::rate);
                stratified(Comparison.MATCHED_WITHIN_SIZE, task, protocol, matched, Analysis::size);
            }
        }
        for (Quantity quantity : choice.has(Association.SPEARMAN) ? choice.quantities() : List.<Quantity>of()) {
            CorrelationRow asked =
                    row(Comparison.PARTIAL_GIVEN_LOSS, Optional.empty(), quantity.id(), task, protocol, "spearman");
            List<RunPoint> points = withLoss(last.points(), quantity);
            put(asked, points.size(), () -> inference.partial(name(asked), points), last);
        }
        if (choice.has(Association.SPEARMAN)) {
            everything(task, protocol);
        }
    }

    private void plain(Comparison comparison, String task, String protocol, Selection selection) {
        for (Association association : choice.associations()) {
            String statistic = association.name().toLowerCase(Locale.ROOT);
            for (String measure : choice.measures()) {
                CorrelationRow asked = row(comparison, selection.level(), measure, task, protocol, statistic);
                List<RunPoint> own = points(selection.points(), measure, point -> "all");
                put(asked, own.size(), () -> inference.correlate(association, name(asked), own), selection);
            }
            if (association == Association.SPEARMAN && choice.comparesWithLoss()) {
                CorrelationRow asked = row(comparison, selection.level(), DIFFERENCE, task, protocol, statistic);
                List<RivalPoint> rivals = rivals(selection.points());
                put(asked, rivals.size(), () -> inference.difference(association, name(asked), rivals), selection);
            }
        }
    }

    private void stratified(
            Comparison comparison, String task, String protocol, Selection selection, Function<Point, String> stratum) {
        for (String measure : choice.measures()) {
            CorrelationRow asked = row(comparison, selection.level(), measure, task, protocol, "kendall");
            List<RunPoint> own = points(selection.points(), measure, stratum);
            put(asked, own.size(), () -> inference.stratifiedTau(name(asked), own), selection);
        }
    }

    /** Over all checkpoints of all runs: what one would see without holding the loss. */
    private void everything(String task, String protocol) {
        for (String measure : choice.measures()) {
            CorrelationRow asked =
                    row(Comparison.ALL_CHECKPOINTS, Optional.empty(), measure, task, protocol, "spearman");
            List<List<double[]>> runs = new ArrayList<>();
            int checkpoints = 0;
            for (RunState run : study.runs()) {
                List<double[]> own = new ArrayList<>();
                for (CheckpointState checkpoint : run.checkpoints()) {
                    Points.point(run, checkpoint, task, protocol)
                            .ifPresent(point ->
                                    value(point, measure).ifPresent(x -> own.add(new double[] {x, point.outcome()})));
                }
                if (!own.isEmpty()) {
                    runs.add(own);
                    checkpoints += own.size();
                }
            }
            String note = checkpoints + " checkpoints, which are not independent within a run: a description.";
            Optional<ClusterBootstrap.Description> described = runs.size() < spec.leastRuns()
                    ? Optional.empty()
                    : ClusterBootstrap.describe(
                            runs,
                            Math.max(100, spec.resamples() / 4),
                            spec.confidence(),
                            Long.parseUnsignedLong(
                                    Ids.of(spec.seed(), name(asked)).substring(0, 16), 16));
            rows.add(new Row(
                    asked,
                    described
                            .map(one -> new Finding(
                                    Finding.Status.ESTIMATE,
                                    Optional.of(one.rho()),
                                    one.interval(),
                                    Optional.empty(),
                                    runs.size(),
                                    study.runs().size(),
                                    provisional,
                                    "percentile bootstrap over runs",
                                    note))
                            .orElseGet(() -> notYet(runs.size(), spec.leastRuns(), note))));
        }
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
            CorrelationRow asked, int runs, java.util.function.Supplier<Inference> inferred, Selection selection) {
        boolean acrossSizes = asked.comparison() != Comparison.MATCHED_WITHIN_SIZE
                && !asked.measure().equals(LOSS)
                && study.spec().sizes().size() > 1;
        String note = java.util.stream.Stream.of(selection.leftOut(asked.measure()), acrossSizes ? ACROSS_SIZES : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        Finding finding =
                runs < spec.leastRuns() ? notYet(runs, spec.leastRuns(), note) : finding(inferred.get(), runs, note);
        rows.add(new Row(asked, finding));
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
