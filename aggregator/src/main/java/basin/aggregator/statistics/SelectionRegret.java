package basin.aggregator.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What it costs to choose one of several models by a rule: the best accuracy among them less the accuracy of the one chosen, in units
 * of accuracy, never negative. Each run is left out in turn and the rule chooses among the others, so that no figure hangs on one run;
 * what is given is the mean over what was left out. Intervals are percentiles over resampled runs (Efron 1979), from a named seed.
 *
 * <p>The best is the best <em>measured</em>: where accuracies are noisy it is too high, and every rule's regret with it. Differences
 * between rules do not suffer from that. Immutable.
 */
public final class SelectionRegret {
    /** Fewest runs for which intervals are given. */
    public static final int MIN_RUNS = 6;

    private static final int RULES = Rule.values().length;

    private final double[] flatness;
    private final double[] loss;
    private final double[] accuracy;

    /** How one model is chosen. */
    public enum Rule {
        /** The flattest. Of several that are equally flat, any. */
        FLATNESS(0),
        /** The one of the lowest loss. Of several, any. */
        LOSS(1),
        /** Any, each as likely. */
        RANDOM(2);

        private final int place;

        Rule(int place) {
            this.place = place;
        }
    }

    /**
     * A run that can be chosen.
     *
     * @param runId identifies the run; each run once
     * @param flatness more is flatter; finite
     * @param loss less is better; finite
     * @param accuracy of the checkpoint; finite
     */
    public record Candidate(String runId, double flatness, double loss, double accuracy) {
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
     * @param value in units of accuracy
     * @param interval absent with fewer than {@link #MIN_RUNS} runs
     */
    public record Estimate(double value, Optional<Interval> interval) {}

    /**
     * What came out.
     *
     * @param runs that could be chosen
     * @param regrets one a rule, in the order of {@link Rule}
     * @param flatnessOverLoss regret by loss less regret by flatness: positive where flatness chooses better
     * @param flatnessOverRandom regret at random less regret by flatness
     * @param lossOverRandom regret at random less regret by loss
     */
    public record Result(
            int runs,
            List<Estimate> regrets,
            Estimate flatnessOverLoss,
            Estimate flatnessOverRandom,
            Estimate lossOverRandom) {
        /** The rule's regret. */
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
     * Chooses.
     *
     * @param name names the draws, beside the plan's seed
     * @return empty with fewer than two runs
     * @throws IllegalArgumentException where a run is there twice
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
     * Mean regrets over left-out runs, one a rule, of a multiset of the runs: whichever of its members is left out, the rules choose
     * among the others.
     *
     * @param counts how often each run is in it; two or more in all
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
