package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The regret of choosing one of several models by a rule: the best accuracy among them minus the
 * accuracy of the chosen one, in units of accuracy, never negative. Each run is left out in turn
 * and the rule chooses among the others, so that no result depends on a single run. The reported
 * value is the mean over the left-out runs. Intervals are percentiles over resampled runs (Efron
 * 1979) with a named seed.
 *
 * <p>The best accuracy is the best <em>measured</em> one. Noisy accuracies bias it upwards, and
 * with it every rule's regret. Differences between rules do not have this bias. Immutable.
 */
public final class SelectionRegret {
    /** The minimum number of runs for intervals. */
    public static final int MIN_RUNS = 6;

    private static final int RULES = Rule.values().length;

    private final double[] flatness;
    private final double[] loss;
    private final double[] accuracy;

    /** A rule that chooses one model. */
    public enum Rule {
        /** The flattest model. The regret is averaged over ties. */
        FLATNESS(0),
        /** The model with the lowest loss. The regret is averaged over ties. */
        LOSS(1),
        /** A model drawn uniformly. */
        RANDOM(2);

        private final int place;

        Rule(int place) {
            this.place = place;
        }
    }

    /**
     * A run that can be chosen.
     *
     * @param runId unique id of the run
     * @param flatness larger is flatter; finite
     * @param loss smaller is better; finite
     * @param accuracy accuracy of the checkpoint; finite
     */
    public record Candidate(String runId, double flatness, double loss, double accuracy) {
        /**
         * Checks the values. Negative zero becomes zero because the two must tie.
         *
         * @throws IllegalArgumentException if the run id is blank or a value is not finite
         */
        public Candidate {
            PointChecks.requireRunId(runId);
            flatness = PointChecks.finite("flatness", flatness, runId);
            loss = PointChecks.finite("loss", loss, runId);
            accuracy = PointChecks.finite("accuracy", accuracy, runId);
        }
    }

    /**
     * A mean over left-out runs.
     *
     * @param value mean in units of accuracy
     * @param interval absent with fewer than {@link #MIN_RUNS} runs
     */
    public record Estimate(double value, Optional<Interval> interval) {}

    /**
     * The regrets of all rules and their differences.
     *
     * @param runs number of candidate runs
     * @param regrets one per rule, in the order of {@link Rule}
     * @param flatnessOverLoss regret by loss minus regret by flatness; positive if flatness chooses
     *     better
     * @param flatnessOverRandom regret of a random choice minus regret by flatness
     * @param lossOverRandom regret of a random choice minus regret by loss
     */
    public record Result(
            int runs,
            List<Estimate> regrets,
            Estimate flatnessOverLoss,
            Estimate flatnessOverRandom,
            Estimate lossOverRandom) {
        /** Returns the rule's regret. */
        public Estimate regret(Rule rule) {
            return regrets.get(rule.place);
        }
    }

    SelectionRegret(List<Candidate> candidates) {
        flatness = candidates.stream().mapToDouble(Candidate::flatness).toArray();
        loss = candidates.stream().mapToDouble(Candidate::loss).toArray();
        accuracy = candidates.stream().mapToDouble(Candidate::accuracy).toArray();
    }

    /**
     * Computes the regrets.
     *
     * @param name name of the random draws, combined with the plan's seed
     * @return empty with fewer than two runs
     * @throws IllegalArgumentException if a run occurs twice
     */
    public static Optional<Result> of(List<Candidate> candidates, ResamplingPlan plan, String name) {
        List<Candidate> inOrder = PointChecks.inRunOrder(candidates, Candidate::runId);
        return inOrder.size() < 2
                ? Optional.empty()
                : Optional.of(new SelectionRegret(inOrder).result(plan, NamedDraws.of(plan.seed(), name)));
    }

    private Result result(ResamplingPlan plan, NamedDraws random) {
        int runs = accuracy.length;
        int[] counts = CountedStatistic.once(runs);
        double[] whole = at(counts);
        double[][] drawn = new double[plan.resamples()][];
        if (runs >= MIN_RUNS) {
            for (int resample = 0; resample < drawn.length; resample++) {
                random.resample(counts, 0, runs);
                drawn[resample] = at(counts);
            }
        }
        Optional<double[][]> replicates = runs >= MIN_RUNS ? Optional.of(drawn) : Optional.empty();
        Function<ToDoubleFunction<double[]>, Estimate> estimate = of -> estimate(whole, replicates, of, plan.level());
        return new Result(
                runs,
                Arrays.stream(Rule.values())
                        .map(rule -> estimate.apply(regrets -> regrets[rule.place]))
                        .toList(),
                estimate.apply(regrets -> regrets[Rule.LOSS.place] - regrets[Rule.FLATNESS.place]),
                estimate.apply(regrets -> regrets[Rule.RANDOM.place] - regrets[Rule.FLATNESS.place]),
                estimate.apply(regrets -> regrets[Rule.RANDOM.place] - regrets[Rule.LOSS.place]));
    }

    private static Estimate estimate(
            double[] whole, Optional<double[][]> replicates, ToDoubleFunction<double[]> of, double level) {
        return new Estimate(of.applyAsDouble(whole), replicates.map(all -> {
            double[] values = Arrays.stream(all).mapToDouble(of).sorted().toArray();
            return new Interval(
                    BcaBootstrap.quantile(values, .5 - level / 2),
                    BcaBootstrap.quantile(values, .5 + level / 2),
                    level,
                    Interval.Method.PERCENTILE_BOOTSTRAP);
        }));
    }

    /**
     * Returns the mean regret over left-out runs for a multiset of runs, one value per rule. The
     * rules choose among the members that remain.
     *
     * @param counts multiplicity of each run; their sum is at least two
     */
    double[] at(int[] counts) {
        int members = Arrays.stream(counts).sum();
        double[] mean = new double[RULES];
        int[] others = counts.clone();
        for (int out = 0; out < counts.length; out++) {
            if (counts[out] > 0) {
                others[out]--;
                double[] regrets = regrets(others);
                others[out]++;
                for (int rule = 0; rule < RULES; rule++) {
                    mean[rule] += regrets[rule] * counts[out] / members;
                }
            }
        }
        return mean;
    }

    private double[] regrets(int[] counts) {
        double best = Double.NEGATIVE_INFINITY;
        double flattest = Double.NEGATIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                best = Math.max(best, accuracy[i]);
                flattest = Math.max(flattest, flatness[i]);
                lowest = Math.min(lowest, loss[i]);
            }
        }
        double[] sums = new double[RULES];
        double[] members = new double[RULES];
        for (int i = 0; i < counts.length; i++) {
            boolean[] chosen = {flatness[i] == flattest, loss[i] == lowest, true};
            for (int rule = 0; rule < RULES; rule++) {
                if (counts[i] > 0 && chosen[rule]) {
                    sums[rule] += counts[i] * (best - accuracy[i]);
                    members[rule] += counts[i];
                }
            }
        }
        for (int rule = 0; rule < RULES; rule++) {
            sums[rule] /= members[rule];
        }
        return sums;
    }
}
