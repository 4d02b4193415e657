package basin.aggregator.analysis;

import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.CorrelationInference;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.ResamplingPlan;
import basin.aggregator.statistics.RivalPoint;
import basin.aggregator.statistics.RunPoint;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.AnalysisSpec;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Correlations over runs with one point per run. A pure function of a study's state and a question.
 * Thread-safe.
 */
public final class Analysis {
    /** The measure {@code loss}: −excess loss. */
    public static final String LOSS = "loss";
    /**
     * The measure {@code difference}: the correlation of flatness with the outcome minus that of
     * −loss.
     */
    public static final String DIFFERENCE = "difference";
    /** The table's flatness measures, the primary one first. */
    public static final List<Quantity> MEASURES =
            List.of(Quantity.HESSIAN_TRACE, Quantity.FISHER_TRACE, Quantity.ADAPTIVE_TRACE);

    private static final String ACROSS_SIZES =
            "Raw traces of networks of different sizes are not in one parameterisation.";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final Choice choice;
    private final InferenceCache cache;
    private final boolean pointsOnly;
    private final Findings findings;
    private final CorrelationInference withoutP;
    private final CorrelationInference withP;
    private final List<Row> rows = new ArrayList<>();

    private Analysis(StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.provisional = provisional;
        this.choice = choice;
        this.cache = cache;
        this.pointsOnly = pointsOnly;
        this.findings = new Findings(study.runs().size(), provisional);
        ResamplingPlan plan = ResamplingPlan.of(spec);
        this.withoutP = new CorrelationInference(plan.withoutP());
        this.withP = new CorrelationInference(plan);
    }

    /** Returns the rows of {@link Table#of}. */
    static List<Row> of(
            StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        Analysis made = new Analysis(study, provisional, choice, cache, pointsOnly);
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                made.table(task.name(), protocol.name());
            }
        }
        return made.rows;
    }

    private void table(String task, String protocol) {
        Selection last = Selection.last(study, task, protocol, false);
        plain(Comparison.RAW, last);
        if (hasAdversaries()) {
            plain(Comparison.RAW_WITH_ADVERSARIES, Selection.last(study, task, protocol, true));
        }
        for (double level : spec.match()) {
            Selection matched = Selection.matched(study, task, protocol, level, false);
            plain(Comparison.MATCHED, matched);
            if (hasAdversaries()) {
                plain(Comparison.MATCHED_WITH_ADVERSARIES, Selection.matched(study, task, protocol, level, true));
            }
            if (choice.has(Association.KENDALL)) {
                stratified(Comparison.MATCHED_WITHIN_RATE, List.of("rate"), matched);
                stratified(Comparison.MATCHED_WITHIN_SIZE, List.of("size"), matched);
                choice.within().stream()
                        .filter(strata -> !Choice.isUsual(strata))
                        .forEach(strata -> stratified(Comparison.MATCHED_WITHIN, strata, matched));
            }
            // Loss is controlled in both cases: by its rank if it is a covariate, otherwise by
            // matching.
            if (choice.has(Association.SPEARMAN)) {
                choice.given().stream()
                        .filter(given -> !given.contains(LOSS))
                        .forEach(given -> partial(Comparison.PARTIAL_GIVEN, given, matched));
            }
        }
        if (choice.has(Association.SPEARMAN)) {
            partial(Comparison.PARTIAL_GIVEN_LOSS, List.of(LOSS), last);
            choice.given().stream()
                    .filter(given -> given.contains(LOSS))
                    .forEach(given -> partial(Comparison.PARTIAL_GIVEN, given, last));
            everything(task, protocol);
        }
    }

    private boolean hasAdversaries() {
        return study.spec().algorithms().stream()
                .anyMatch(arm -> arm.algorithm().looksAtATask());
    }

    private static CorrelationRow requested(
            Comparison comparison, Selection selection, String measure, Association by, List<String> held) {
        return new CorrelationRow(
                comparison, selection.level(), measure, selection.task(), selection.protocol(), by.id(), held);
    }

    private void plain(Comparison comparison, Selection selection) {
        for (Association association : choice.associations()) {
            for (String measure : choice.measures()) {
                CorrelationRow requested = requested(comparison, selection, measure, association, List.of());
                List<RunPoint> own = ComparedCheckpoints.inStrata(selection.points(), measure, point -> "all");
                put(requested, own, inference -> inference.correlate(association, name(requested), own), selection);
            }
            if (association == Association.SPEARMAN && choice.comparesWithLoss()) {
                CorrelationRow requested = requested(comparison, selection, DIFFERENCE, association, List.of());
                List<RivalPoint> rivals = ComparedCheckpoints.rivals(selection.points());
                put(
                        requested,
                        rivals,
                        inference -> inference.difference(association, name(requested), rivals),
                        selection);
            }
        }
    }

    private void stratified(Comparison comparison, List<String> strata, Selection selection) {
        List<String> held = comparison == Comparison.MATCHED_WITHIN ? strata : List.of();
        for (String measure : choice.measures()) {
            CorrelationRow requested = requested(comparison, selection, measure, Association.KENDALL, held);
            List<RunPoint> own = ComparedCheckpoints.inStrata(
                    selection.points(), measure, point -> ConditioningVariables.stratum(point, strata));
            put(requested, own, inference -> inference.stratifiedTau(name(requested), own), selection);
        }
    }

    /**
     * Adds partial correlations of the measures that are not themselves covariates, because a
     * measure given itself has no residual.
     */
    private void partial(Comparison comparison, List<String> given, Selection selection) {
        List<String> held = comparison == Comparison.PARTIAL_GIVEN ? given : List.of();
        for (String measure : choice.measures()) {
            if (!given.contains(measure)) {
                CorrelationRow requested = requested(comparison, selection, measure, Association.SPEARMAN, held);
                List<RunPoint> points = ComparedCheckpoints.given(selection.points(), measure, given);
                put(requested, points, inference -> inference.partial(name(requested), points), selection);
            }
        }
    }

    /** Adds correlations over all checkpoints of all runs, without controlling for loss. */
    private void everything(String task, String protocol) {
        for (String measure : choice.measures()) {
            CorrelationRow requested = new CorrelationRow(
                    Comparison.ALL_CHECKPOINTS, Optional.empty(), measure, task, protocol, Association.SPEARMAN.id());
            List<List<ClusterBootstrap.Pair>> runs = study.runs().stream()
                    .filter(Selection::isOrdinary)
                    .map(run -> pairs(run, requested))
                    .filter(own -> !own.isEmpty())
                    .toList();
            String note = runs.stream().mapToInt(List::size).sum()
                    + " checkpoints, which are not independent within a run: a description.";
            rows.add(
                    runs.size() < spec.minRuns()
                            ? tooFew(requested, runs.size(), note)
                            : description(requested, runs, note));
        }
    }

    private static List<ClusterBootstrap.Pair> pairs(RunState run, CorrelationRow requested) {
        return run.checkpoints().stream()
                .flatMap(one -> ComparedCheckpoints.point(run, one, requested.task(), requested.protocol()).stream())
                .flatMap(
                        point -> ComparedCheckpoints.value(point, requested.measure())
                                .map(x -> new ClusterBootstrap.Pair(x, point.outcome()))
                                .stream())
                .toList();
    }

    private Row description(CorrelationRow requested, List<List<ClusterBootstrap.Pair>> runs, String note) {
        Optional<Optional<ClusterBootstrap.Description>> known = pointsOnly
                ? cache.described.known(requested, runs, study.revision())
                : Optional.of(cache.described.of(requested, runs, study.revision(), () -> describe(requested, runs)));
        if (known.isPresent()) {
            return new Row(requested, described(known.get(), runs.size(), note));
        }
        Optional<InferenceCache.Told.Entry<Optional<ClusterBootstrap.Description>>> last =
                cache.described.last(requested);
        Optional<Interval> interval =
                last.flatMap(InferenceCache.Told.Entry::reported).flatMap(one -> one.interval());
        String follows = last.isPresent() && interval.isPresent()
                ? " The interval is that of revision " + last.get().as().events() + "; that of this one follows."
                : " The interval follows.";
        Finding finding = described(
                ClusterBootstrap.estimate(runs).map(one -> new ClusterBootstrap.Description(one.rho(), interval)),
                runs.size(),
                note + follows);
        return new Row(requested, finding, true);
    }

    private Optional<ClusterBootstrap.Description> describe(
            CorrelationRow requested, List<List<ClusterBootstrap.Pair>> runs) {
        return ClusterBootstrap.describe(
                runs,
                Math.max(100, spec.resamples() / 4),
                spec.confidence(),
                Long.parseUnsignedLong(Ids.of(spec.seed(), name(requested)).substring(0, 16), 16));
    }

    private Finding described(Optional<ClusterBootstrap.Description> described, int runs, String note) {
        return described
                .map(one -> findings.estimate(
                        one.rho(), one.interval(), Optional.empty(), runs, "percentile bootstrap over runs", note))
                .orElseGet(() -> findings.tooFew(runs, spec.minRuns(), note));
    }

    /** Returns the name of the row's random draws. */
    private static String name(CorrelationRow requested) {
        return requested.comparison() + "/"
                + requested.level().map(String::valueOf).orElse("") + "/" + requested.measure() + "/"
                + requested.task() + "/" + requested.protocol() + "/" + requested.statistic()
                + (requested.conditionedOn().isEmpty() ? "" : "/" + String.join("+", requested.conditionedOn()));
    }

    private void put(
            CorrelationRow requested,
            List<?> points,
            Function<CorrelationInference, Inference> infer,
            Selection selection) {
        boolean withinSize = requested.comparison() == Comparison.MATCHED_WITHIN_SIZE
                || (requested.comparison() == Comparison.MATCHED_WITHIN
                        && requested.conditionedOn().contains("size"));
        boolean acrossSizes = !withinSize
                && !requested.measure().equals(LOSS)
                && study.spec().sizes().size() > 1;
        String note = Stream.of(
                        selection.leftOut(requested.measure()),
                        acrossSizes ? parameterisation(requested.measure()) : "",
                        requested.comparison() == Comparison.PARTIAL_GIVEN
                                ? ConditioningVariables.constant(selection.points(), requested.conditionedOn())
                                : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
        rows.add(
                points.size() < spec.minRuns()
                        ? tooFew(requested, points.size(), note)
                        : inferred(requested, points, infer, note));
    }

    private Row tooFew(CorrelationRow requested, int runs, String note) {
        return new Row(
                requested,
                runs == 0 && !isMeasured(requested.measure())
                        ? findings.notMeasured()
                        : findings.tooFew(runs, spec.minRuns(), note));
    }

    private static Quantity quantity(String measure) {
        return measure.equals(DIFFERENCE) ? MEASURES.getFirst() : Quantity.of(measure);
    }

    private boolean isMeasured(String measure) {
        if (measure.equals(LOSS)) {
            return true;
        }
        Quantity quantity = quantity(measure);
        return study.spec().flatness().stream()
                .anyMatch(entry -> entry.quantities().contains(quantity));
    }

    /**
     * Returns a sentence on the architecture in which traces of different sizes were measured: each
     * in its own, or all embedded in one.
     */
    private String parameterisation(String measure) {
        Quantity quantity = quantity(measure);
        List<EstimatorSpec> entries = study.spec().flatness().stream()
                .filter(entry -> entry.quantities().contains(quantity))
                .toList();
        return entries.isEmpty()
                        || entries.stream().anyMatch(entry -> entry.expandTo().isEmpty())
                ? ACROSS_SIZES
                : "Traces are those of the networks embedded in one architecture ("
                        + entries.stream().map(EstimatorSpec::title).collect(Collectors.joining("; ")) + ").";
    }

    private Row inferred(
            CorrelationRow requested, List<?> points, Function<CorrelationInference, Inference> infer, String note) {
        if (!provisional && spec.permutations() > 0) {
            Optional<Inference> known = pointsOnly
                    ? cache.withP.known(requested, points, study.revision())
                    : Optional.of(cache.withP.of(requested, points, study.revision(), () -> infer.apply(withP)));
            if (known.isPresent()) {
                return new Row(requested, findings.of(known.get(), points.size(), note));
            }
        }
        Inference quick = cache.withoutP.of(requested, points, study.revision(), () -> infer.apply(withoutP));
        boolean follows = !provisional && spec.permutations() > 0 && quick instanceof Inference.Estimate;
        String reported = follows ? (note + " The p-value follows.").strip() : note;
        return new Row(requested, findings.of(quick, points.size(), reported), follows);
    }
}
