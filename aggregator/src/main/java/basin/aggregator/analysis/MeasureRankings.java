package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.aggregator.statistics.DependentCorrelations;
import basin.aggregator.statistics.Inference;
import basin.aggregator.statistics.MultipleTesting;
import basin.aggregator.statistics.ResamplingPlan;
import basin.record.Event;
import basin.record.Finding;
import basin.record.Interval;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the rankings of a study: one a task, protocol and level of loss. Pure functions. */
public final class MeasureRankings {
    /** First part of the draws' names. Another text would draw other permutations. */
    private static final String DRAWS = "league/";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final List<String> measures;
    private final InferenceCache cache;
    private final boolean pointsOnly;
    private boolean whole = true;

    private MeasureRankings(
            StudyState study, boolean provisional, List<String> measures, InferenceCache cache, boolean pointsOnly) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.provisional = provisional;
        this.measures = measures;
        this.cache = cache;
        this.pointsOnly = pointsOnly;
    }

    /**
     * MeasureRankings of a study.
     *
     * @param whole whether every difference is there that its revision has
     */
    public record Told(List<MeasureRanking> rankings, boolean whole) {
        public Told {
            rankings = List.copyOf(rankings);
        }
    }

    /**
     * All rankings of a study by the question in its spec.
     *
     * @param provisional whether runs or measurements are still to come, so that nothing is compared yet
     * @param choice its measures, where a question names some, and its first strata
     * @param pointsOnly leaves out what takes long and is not cache
     */
    public static Told of(
            StudyState study, boolean provisional, Choice choice, InferenceCache cache, boolean pointsOnly) {
        MeasureRankings made = new MeasureRankings(study, provisional, measures(study, choice), cache, pointsOnly);
        List<String> within =
                choice.within().isEmpty() ? usualStrata(study) : choice.within().getFirst();
        List<MeasureRanking> rankings = new ArrayList<>();
        for (TaskSpec task : study.spec().tasks()) {
            for (ProtocolSpec protocol : study.spec().protocols()) {
                for (double level : study.spec().analysis().match()) {
                    rankings.add(made.ranking(task.name(), protocol.name(), level, within));
                }
            }
        }
        return new Told(acrossRankings(rankings), made.whole);
    }

    /** One ranking, within whatever strata. */
    public static MeasureRanking of(
            StudyState study,
            boolean provisional,
            Choice choice,
            String task,
            String protocol,
            double level,
            List<String> within) {
        MeasureRanking ranking = new MeasureRankings(
                        study, provisional, measures(study, choice), new InferenceCache(), false)
                .ranking(task, protocol, level, within);
        return acrossRankings(List.of(ranking)).getFirst();
    }

    /** Within a size where the study's comparison is. */
    public static List<String> usualStrata(StudyState study) {
        return study.spec().comparesWithinSize() ? List.of("size") : List.of();
    }

    /** What the study measures, the usual measures first; the signed gap tells no flatness. */
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

    /** The usual ones in their order, then the others by name, the loss last. */
    private static int place(String measure) {
        int usual = QuestionSpec.MEASURES.indexOf(measure);
        return measure.equals(Analysis.LOSS) ? Integer.MAX_VALUE : usual >= 0 ? usual : QuestionSpec.MEASURES.size();
    }

    private MeasureRanking ranking(String task, String protocol, double level, List<String> within) {
        Selection matched = Selection.matched(study, task, protocol, level, spec.band(), false);
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
        boolean enough = entries.size() >= spec.leastRuns();
        DependentCorrelations.Result result = correlations(
                new CorrelationRow(
                        Comparison.MATCHED_WITHIN,
                        Optional.of(level),
                        "ranking of " + String.join(" ", measures),
                        task,
                        protocol,
                        Association.KENDALL.id(),
                        within),
                entries,
                enough);
        return ranking(task, protocol, level, within, result, enough, note);
    }

    /** More is flatter, as everywhere. The order alone counts, so that no logarithm is needed and none of zero or less is lacking. */
    private static Optional<Double> value(Point point, String measure) {
        return measure.equals(Analysis.LOSS)
                ? Optional.of(point.minusLoss())
                : point.checkpoint()
                        .flatness(Quantity.of(measure))
                        .map(Event.FlatnessMeasured::value)
                        .map(measured -> -measured.value());
    }

    private DependentCorrelations.Result correlations(
            CorrelationRow asked, List<DependentCorrelations.Entry> entries, boolean enough) {
        String name = DRAWS + asked.level().orElseThrow() + "/" + asked.task() + "/" + asked.protocol() + "/"
                + String.join("+", asked.held());
        ResamplingPlan plan = new ResamplingPlan(spec.seed(), spec.permutations(), spec.resamples(), spec.confidence());
        if (provisional || !enough) {
            return DependentCorrelations.of(name, entries, plan.withoutP());
        }
        if (!pointsOnly) {
            return cache.dependent.of(
                    asked, entries, study.revision(), () -> DependentCorrelations.of(name, entries, plan));
        }
        return cache.dependent.known(asked, entries, study.revision()).orElseGet(() -> {
            whole = false;
            return DependentCorrelations.of(name, entries, plan.withoutP());
        });
    }

    private MeasureRanking ranking(
            String task,
            String protocol,
            double level,
            List<String> within,
            DependentCorrelations.Result result,
            boolean enough,
            String note) {
        Findings findings = new Findings(study.runs().size(), provisional);
        List<MeasureRanking.RankedMeasure> ranked = IntStream.range(
                        0, result.taus().size())
                .mapToObj(place -> new MeasureRanking.RankedMeasure(
                        measures.get(place),
                        enough
                                ? findings.of(result.taus().get(place), result.runs(), "")
                                : findings.notYet(result.runs(), spec.leastRuns(), "")))
                // Stable: of equal ones, and of those without a number, the usual order.
                .sorted(Comparator.comparingDouble(one -> -one.finding().value().orElse(Double.NEGATIVE_INFINITY)))
                .toList();
        Optional<String> best = result.best()
                .filter(place -> result.taus().get(place) instanceof Inference.Estimate own
                        && own.interval().low() > 0)
                .map(measures::get);
        return new MeasureRanking(
                task,
                protocol,
                level,
                within,
                result.runs(),
                result.strata(),
                study.runs().size(),
                provisional,
                ranked,
                differences(ranked, result),
                best,
                new Sentence(ranked, result).of(task, protocol, level, within, best),
                note);
    }

    private List<MeasureRanking.Difference> differences(
            List<MeasureRanking.RankedMeasure> ranked, DependentCorrelations.Result result) {
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
                            one.interval()
                                    .map(own -> new Interval(
                                            (turned ? -own.high() : own.low()) + 0.0,
                                            (turned ? -own.low() : own.high()) + 0.0,
                                            own.level())),
                            one.p().map(p -> p.value()),
                            Optional.empty());
                })
                .sorted(Comparator.comparingInt((MeasureRanking.Difference one) -> order.indexOf(one.measure()))
                        .thenComparingInt(one -> order.indexOf(one.other())))
                .toList();
    }

    /** The sentence of a ranking. */
    private final class Sentence {
        private final List<MeasureRanking.RankedMeasure> ranked;
        private final DependentCorrelations.Result result;

        Sentence(List<MeasureRanking.RankedMeasure> ranked, DependentCorrelations.Result result) {
            this.ranked = ranked;
            this.result = result;
        }

        private boolean tellsMore(String one, String other) {
            return result.tellsMore(measures.indexOf(one), measures.indexOf(other));
        }

        String of(String task, String protocol, double level, List<String> within, Optional<String> best) {
            String where = "At equal loss (" + study.spec().language().against().level() + " " + Numbers.level(level)
                    + " nats)"
                    + (within.isEmpty() ? "" : ", within one " + String.join(" and ", within)) + ", on task " + task
                    + " by " + protocol + " ";
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
            String tau = "τ = "
                    + Numbers.correlation(ranked.getFirst().finding().value().orElse(0.0));
            String first = best.isPresent()
                    ? where + leader + " tells most" + runs + ": its " + tau
                            + " lies above that of every other measure, each difference's interval above zero."
                    : where + "it cannot be told which measure tells most" + runs + ": " + leader + " is highest, "
                            + tau + alike(leader) + ".";
            return first + " " + againstLoss(leader);
        }

        private String alike(String leader) {
            String alike = ranked.stream()
                    .map(MeasureRanking.RankedMeasure::measure)
                    .filter(other -> !other.equals(leader) && !tellsMore(leader, other))
                    .collect(Collectors.joining(", "));
            return alike.isEmpty() ? ", but may be zero" : ", and not to be told apart from " + alike;
        }

        private String againstLoss(String leader) {
            if (!measures.contains(Analysis.LOSS) || measures.size() < 2) {
                return "";
            }
            String more = ranked.stream()
                    .map(MeasureRanking.RankedMeasure::measure)
                    .filter(one -> !one.equals(Analysis.LOSS) && tellsMore(one, Analysis.LOSS))
                    .collect(Collectors.joining(", "));
            if (!more.isEmpty()) {
                return "More than the loss tells: " + more + ".";
            }
            return leader.equals(Analysis.LOSS)
                    ? "No measure of flatness tells more than the loss, as far as can be told."
                    : "Whether any measure of flatness tells more than the loss cannot be told.";
        }
    }

    /** With every p-value adjusted for all rankings together: whoever looks at all of them explores. */
    private static List<MeasureRanking> acrossRankings(List<MeasureRanking> rankings) {
        double[] p = rankings.stream()
                .flatMap(ranking -> ranking.differences().stream())
                .flatMap(one -> one.p().stream())
                .mapToDouble(one -> one)
                .toArray();
        double[] q = MultipleTesting.benjaminiHochberg(p);
        List<MeasureRanking> adjusted = new ArrayList<>();
        int next = 0;
        for (MeasureRanking ranking : rankings) {
            List<MeasureRanking.Difference> differences = new ArrayList<>();
            for (MeasureRanking.Difference one : ranking.differences()) {
                differences.add(new MeasureRanking.Difference(
                        one.measure(),
                        one.other(),
                        one.value(),
                        one.interval(),
                        one.p(),
                        one.p().isPresent() ? Optional.of(q[next++]) : Optional.empty()));
            }
            adjusted.add(ranking.with(differences));
        }
        return adjusted;
    }
}
