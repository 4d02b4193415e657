package basin.aggregator.analysis;

import basin.aggregator.analysis.ComparedCheckpoints.Point;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.ResamplingPlan;
import basin.aggregator.statistics.SelectionRegret;
import basin.aggregator.statistics.SelectionRegret.Rule;
import basin.record.Event;
import basin.record.Interval;
import basin.study.AnalysisSpec;
import basin.study.Quantity;
import basin.study.Refusal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A choice among checkpoints of nearly equal loss, one per run, with the regret of choosing by
 * flatness, by loss or at random. Immutable.
 *
 * @param level loss (nats) at which runs are compared
 * @param band maximum distance of a checkpoint's loss below the level, in nats
 * @param measure quantity that measures flatness
 * @param candidates candidates, the flattest first
 * @param declared number of declared runs of the study
 * @param leftOut sentence on excluded runs; may be empty
 * @param rules mean regret per rule, in the order flatness, loss, random; empty with fewer than two
 *     candidates
 * @param differences differences between rules; empty with fewer than two candidates
 * @param sentence conclusion in words
 */
public record ModelSelection(
        String task,
        String protocol,
        double level,
        double band,
        Quantity measure,
        List<Candidate> candidates,
        int declared,
        String leftOut,
        List<Regret> rules,
        List<Regret> differences,
        String sentence) {
    /**
     * A checkpoint that can be chosen.
     *
     * @param trace trace in nats; smaller is flatter
     * @param excess excess loss in nats
     * @param accuracy accuracy in [0, 1]
     */
    public record Candidate(String runId, String label, int step, double trace, double excess, double accuracy) {}

    /** A regret, or a difference of regrets, in units of accuracy, with its name. */
    public record Regret(String name, double value, Optional<Interval> interval) {}

    /**
     * Compares the rules.
     *
     * @param level loss in nats; if absent, the study's level that most runs reach, and the lowest
     *     such level in a tie
     * @throws Refusal if no level is given and the study has none
     */
    public static ModelSelection of(
            StudyState study, String task, String protocol, Optional<Double> level, Quantity measure) {
        AnalysisSpec spec = study.spec().analysis();
        double at = level.or(() -> spec.match().stream()
                        .max(Comparator.<Double>comparingInt(
                                        one -> points(Selection.matched(study, task, protocol, one, false), measure)
                                                .size())
                                .thenComparing(Comparator.reverseOrder())))
                .orElseThrow(() -> new Refusal("--level is not given, and the study compares no runs at equal"
                        + " loss: give a loss in nats."));
        Selection matched = Selection.matched(study, task, protocol, at, false);
        List<Candidate> candidates = points(matched, measure).stream()
                .map(point -> candidate(point, task, protocol, measure))
                .sorted(Comparator.comparingDouble(Candidate::trace).thenComparing(Candidate::runId))
                .toList();
        Optional<SelectionRegret.Result> result = SelectionRegret.of(
                candidates.stream()
                        .map(one -> new SelectionRegret.Candidate(
                                one.runId(), -StrictMath.log(one.trace()), one.excess(), one.accuracy()))
                        .toList(),
                ResamplingPlan.of(spec),
                "pick/" + at + "/" + measure.id() + "/" + task + "/" + protocol);
        return new ModelSelection(
                task,
                protocol,
                at,
                spec.band(),
                measure,
                candidates,
                study.runs().size(),
                matched.leftOut(measure.id()),
                result.map(ModelSelection::rules).orElse(List.of()),
                result.map(ModelSelection::differences).orElse(List.of()),
                sentence(result, candidates.size(), study));
    }

    private static List<Point> points(Selection matched, Quantity measure) {
        return matched.points().stream()
                .filter(point -> point.flatness(measure).isPresent())
                .toList();
    }

    private static Candidate candidate(Point point, String task, String protocol, Quantity measure) {
        Event.CheckpointPublished published = point.checkpoint().published();
        return new Candidate(
                published.runId(),
                point.run().declared().label(),
                published.step(),
                point.checkpoint().flatness(measure).orElseThrow().value().value(),
                published.excess().value(),
                point.checkpoint()
                        .downstream(task, protocol)
                        .orElseThrow()
                        .accuracy()
                        .value());
    }

    private static List<Regret> rules(SelectionRegret.Result result) {
        return List.of(
                regret("by flatness", result.regret(Rule.FLATNESS)),
                regret("by loss", result.regret(Rule.LOSS)),
                regret("at random", result.regret(Rule.RANDOM)));
    }

    private static List<Regret> differences(SelectionRegret.Result result) {
        return List.of(
                regret("flatness saves over loss", result.flatnessOverLoss()),
                regret("flatness saves over random", result.flatnessOverRandom()),
                regret("loss saves over random", result.lossOverRandom()));
    }

    private static Regret regret(String name, SelectionRegret.Estimate estimate) {
        return new Regret(name, estimate.value(), estimate.interval().map(own -> own.recorded()));
    }

    private static String sentence(Optional<SelectionRegret.Result> result, int runs, StudyState study) {
        String provisional = study.completeness().complete() ? "" : "Provisional, because the study has not ended: ";
        if (result.isEmpty() || runs < SelectionRegret.MIN_RUNS) {
            return provisional + "Too few runs to decide which rule chooses better: " + runs + ", and at least "
                    + SelectionRegret.MIN_RUNS + " are needed.";
        }
        String numbers = String.format(Locale.ROOT, " (%d runs)", runs);
        return provisional
                + reported("flatness", "loss", result.get().flatnessOverLoss()) + "; "
                + reported("flatness", "chance", result.get().flatnessOverRandom()) + "; "
                + reported("loss", "chance", result.get().lossOverRandom()) + numbers + ".";
    }

    private static String reported(String one, String other, SelectionRegret.Estimate saved) {
        Optional<Double> low = saved.interval().map(own -> own.low());
        Optional<Double> high = saved.interval().map(own -> own.high());
        if (low.isPresent() && low.get() > 0) {
            return one + " chooses better than " + other;
        }
        if (high.isPresent() && high.get() < 0) {
            return one + " chooses worse than " + other;
        }
        return "it is inconclusive whether " + one + " chooses better than " + other;
    }
}
