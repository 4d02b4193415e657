package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.statistics.DependentCorrelations;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.MultipleTesting;
import basin.aggregator.statistics.PValue;
import basin.aggregator.statistics.ResamplingPlan;
import basin.record.Event;
import basin.record.Finding;
import basin.study.AnalysisSpec;
import basin.study.Association;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Computes the rankings of a study, one per task, protocol and loss level. Pure functions. */
public final class MeasureRankings {
    /** The prefix of the draws' names. Changing it changes the permutations. */
    private static final String DRAWS = "league/";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final List<String> measures;
    private final InferenceCache cache;
    private final boolean pointsOnly;

    private MeasureRankings(
            StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.provisional = provisional;
        this.measures = measures(study, choice);
        this.cache = cache;
        this.pointsOnly = pointsOnly;
    }

    /**
     * The rankings of a study.
     *
     * @param whole whether all differences of this revision have been computed
     */
    record Told(List<MeasureRanking> rankings, boolean whole) {}

    /**
     * The data of one ranking.
     *
     * @param enough whether the number of comparable runs is at least the required minimum
     * @param follows whether the differences are still to be computed
     */
    private record Compared(
            String task,
            String protocol,
            double level,
            List<String> within,
            DependentCorrelations.Result result,
            boolean enough,
            boolean follows,
            String note) {}

    /** Returns the rankings of {@link Table#of}. */
    static Told of(StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        MeasureRankings made = new MeasureRankings(study, provisional, choice, cache, pointsOnly);
        List<String> within =
                choice.within().isEmpty() ? usualStrata(study) : choice.within().getFirst();
        List<Compared> compared = new ArrayList<>();
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                for (double level : made.spec.match()) {
                    compared.add(made.compare(task.name(), protocol.name(), level, within));
                }
            }
        }
        return new Told(made.rankings(compared), compared.stream().noneMatch(Compared::follows));
    }

    /** Returns one ranking within the given strata. */
    public static MeasureRanking of(
            StudyState study,
            boolean provisional,
            Choice choice,
            String task,
            String protocol,
            double level,
            List<String> within) {
        MeasureRankings made = new MeasureRankings(study, provisional, choice, new InferenceCache(), false);
        return made.rankings(List.of(made.compare(task, protocol, level, within)))
                .getFirst();
    }

    /** Returns the strata of the study's own comparison: size, or none. */
    public static List<String> usualStrata(StudyState study) {
        return study.spec().comparesWithinSize() ? List.of("size") : List.of();
    }

    /**
     * Returns the study's measures, the usual ones first. The signed Hessian–Fisher gap is excluded
     * because it does not measure flatness.
     */
    private static List<String> measures(StudyState study, Choice choice) {
        Stream<String> measured = study.spec().flatness().stream()
                .flatMap(entry -> entry.quantities().stream())
                .filter(quantity -> quantity != Quantity.HESSIAN_FISHER_GAP)
                .map(Quantity::id);
        return Stream.concat(measured, Stream.of(Analysis.LOSS))
                .distinct()
                .filter(measure -> choice.competes(measure))
                .sorted(Comparator.comparingInt(MeasureRankings::place).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Returns the sort position: usual measures in order, then all others, loss last. */
    private static int place(String measure) {
        int usual = QuestionSpec.MEASURES.indexOf(measure);
        return measure.equals(Analysis.LOSS) ? Integer.MAX_VALUE : usual >= 0 ? usual : QuestionSpec.MEASURES.size();
    }

    private Compared compare(String task, String protocol, double level, List<String> within) {
        Selection matched = Selection.matched(study, task, protocol, level, false);
        List<DependentCorrelations.Entry> entries = new ArrayList<>();
        for (Point point : matched.points()) {
            List<Double> values = measures.stream()
                    .flatMap(measure -> value(point, measure).stream())
                    .toList();
            if (values.size() == measures.size()) {
                entries.add(new DependentCorrelations.Entry(
                        point.run().declared().runId(),
                        values,
                        point.outcome(),
                        ConditioningVariables.stratum(point, within)));
            }
        }
        int unmeasured = matched.points().size() - entries.size();
        String note = (matched.leftOut(Analysis.LOSS)
                        + (unmeasured > 0 ? " Left out besides, lacking some measure: " + unmeasured + " runs." : ""))
                .strip();
        CorrelationRow requested = new CorrelationRow(
                Comparison.MATCHED_WITHIN,
                Optional.of(level),
                "ranking of " + String.join(" ", measures),
                task,
                protocol,
                Association.KENDALL.id(),
                within);
        String name = DRAWS + level + "/" + task + "/" + protocol + "/" + String.join("+", within);
        ResamplingPlan plan = ResamplingPlan.of(spec);
        boolean enough = entries.size() >= spec.minRuns();
        boolean compares = enough && !provisional;
        Optional<DependentCorrelations.Result> known = !compares
                ? Optional.empty()
                : pointsOnly
                        ? cache.dependent.known(requested, entries, study.revision())
                        : Optional.of(cache.dependent.of(
                                requested,
                                entries,
                                study.revision(),
                                () -> DependentCorrelations.of(name, entries, plan)));
        return new Compared(
                task,
                protocol,
                level,
                within,
                known.orElseGet(() -> DependentCorrelations.of(name, entries, plan.withoutP())),
                enough,
                compares && known.isEmpty(),
                note);
    }

    /**
     * Returns the predictor; larger means flatter. Only its order matters, so no logarithm is
     * needed and values of zero or less are allowed.
     */
    private static Optional<Double> value(Point point, String measure) {
        return measure.equals(Analysis.LOSS)
                ? Optional.of(point.minusLoss())
                : point.checkpoint()
                        .flatness(Quantity.of(measure))
                        .map(Event.FlatnessMeasured::value)
                        .map(measured -> -measured.value());
    }

    /**
     * Returns the rankings. P-values are adjusted over all of them, because inspecting all rankings
     * is exploratory.
     */
    private List<MeasureRanking> rankings(List<Compared> compared) {
        double[] p = compared.stream()
                .flatMap(one -> one.result().differences().stream())
                .flatMap(one -> one.p().stream())
                .mapToDouble(PValue::value)
                .toArray();
        double[] q = MultipleTesting.benjaminiHochberg(p);
        // Equal p-values have equal adjusted values, so a map by p-value suffices.
        Map<Double, Double> adjusted = new HashMap<>();
        for (int i = 0; i < p.length; i++) {
            adjusted.put(p[i], q[i]);
        }
        return compared.stream().map(one -> ranking(one, adjusted)).toList();
    }

    private MeasureRanking ranking(Compared compared, Map<Double, Double> adjusted) {
        DependentCorrelations.Result result = compared.result();
        Findings findings = new Findings(study.runs().size(), provisional);
        List<MeasureRanking.RankedMeasure> ranked = IntStream.range(
                        0, result.taus().size())
                .mapToObj(place -> new MeasureRanking.RankedMeasure(
                        measures.get(place),
                        compared.enough()
                                ? findings.of(result.taus().get(place), result.runs(), "")
                                : findings.tooFew(result.runs(), spec.minRuns(), "")))
                // The sort is stable: ties and measures without an estimate keep the usual order.
                .sorted(Comparator.comparingDouble(one -> -one.finding().value().orElse(Double.NEGATIVE_INFINITY)))
                .toList();
        Optional<String> best = result.best()
                .filter(place -> result.taus().get(place) instanceof Inference.Estimate own
                        && own.interval().low() > 0)
                .map(measures::get);
        return new MeasureRanking(
                compared.task(),
                compared.protocol(),
                compared.level(),
                compared.within(),
                result.runs(),
                result.strata(),
                study.runs().size(),
                provisional,
                ranked,
                differences(ranked, result, adjusted),
                best,
                sentence(compared, ranked, best),
                compared.note());
    }

    private List<MeasureRanking.Difference> differences(
            List<MeasureRanking.RankedMeasure> ranked,
            DependentCorrelations.Result result,
            Map<Double, Double> adjusted) {
        List<String> order =
                ranked.stream().map(MeasureRanking.RankedMeasure::measure).toList();
        return result.differences().stream()
                .map(one -> {
                    String first = measures.get(one.first());
                    String second = measures.get(one.second());
                    boolean turned = order.indexOf(first) > order.indexOf(second);
                    return new MeasureRanking.Difference(
                            turned ? second : first,
                            turned ? first : second,
                            (turned ? -one.value() : one.value()) + 0.0,
                            one.interval().map(own -> (turned ? own.negated() : own).recorded()),
                            one.p().map(PValue::value),
                            one.p().map(PValue::value).map(adjusted::get));
                })
                .sorted(Comparator.comparingInt((MeasureRanking.Difference one) -> order.indexOf(one.measure()))
                        .thenComparingInt(one -> order.indexOf(one.other())))
                .toList();
    }

    private boolean tellsMore(DependentCorrelations.Result result, String one, String other) {
        return result.tellsMore(measures.indexOf(one), measures.indexOf(other));
    }

    private String sentence(Compared compared, List<MeasureRanking.RankedMeasure> ranked, Optional<String> best) {
        DependentCorrelations.Result result = compared.result();
        List<String> within = compared.within();
        String where =
                "At matched loss (" + study.spec().language().against().level() + " " + Numbers.level(compared.level())
                        + " nats)"
                        + (within.isEmpty() ? "" : ", within one " + String.join(" and ", within)) + ", on task "
                        + compared.task()
                        + " by " + compared.protocol() + " ";
        if (provisional) {
            return where + "measures are compared with one another once all runs have ended.";
        }
        if (ranked.stream().noneMatch(one -> one.finding().status() == Finding.Status.ESTIMATE)) {
            return where + "too few runs can be compared: " + result.runs() + ".";
        }
        if (result.differences().isEmpty()) {
            return where + "the comparison of measures follows, or only one is there.";
        }
        String runs = " (" + result.runs() + " runs)";
        String leader = ranked.getFirst().measure();
        String named = Words.symbol(leader);
        String tau =
                "τ = " + Numbers.correlation(ranked.getFirst().finding().value().orElse(0.0));
        String first = best.isPresent()
                ? where + named + " predicts accuracy best" + runs + ": its " + tau
                        + " lies above that of every other measure, each difference's interval above zero."
                : where + "it is inconclusive which measure predicts accuracy best" + runs + ": " + named
                        + " is highest, " + tau + alike(ranked, result) + ".";
        return first + " " + againstLoss(ranked, result);
    }

    private String alike(List<MeasureRanking.RankedMeasure> ranked, DependentCorrelations.Result result) {
        String leader = ranked.getFirst().measure();
        String alike = ranked.stream()
                .map(MeasureRanking.RankedMeasure::measure)
                .filter(other -> !other.equals(leader) && !tellsMore(result, leader, other))
                .map(Words::symbol)
                .collect(Collectors.joining(", "));
        return alike.isEmpty() ? ", but may be zero" : ", and not distinguishable from " + alike;
    }

    private String againstLoss(List<MeasureRanking.RankedMeasure> ranked, DependentCorrelations.Result result) {
        if (!measures.contains(Analysis.LOSS) || measures.size() < 2) {
            return "";
        }
        String more = ranked.stream()
                .map(MeasureRanking.RankedMeasure::measure)
                .filter(one -> !one.equals(Analysis.LOSS) && tellsMore(result, one, Analysis.LOSS))
                .map(Words::symbol)
                .collect(Collectors.joining(", "));
        if (!more.isEmpty()) {
            return "Better than the loss predicts: " + more + ".";
        }
        return ranked.getFirst().measure().equals(Analysis.LOSS)
                ? "No measure of flatness clearly predicts better than the loss."
                : "It is inconclusive whether any measure of flatness predicts better than the loss.";
    }
}
