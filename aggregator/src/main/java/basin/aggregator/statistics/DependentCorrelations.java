package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Comparisons of several predictors of one outcome over the same runs: Kendall's tau-b of each
 * predictor within strata, and the differences of these dependent correlations with simultaneous
 * inference over all pairs.
 *
 * <p>The test permutes outcomes within strata and keeps the predictors of a run together, so the
 * differences keep their dependence. Each difference is scaled by its standard deviation over the
 * permutations. The largest scaled difference of each permutation gives the null distribution
 * (maxT; Westfall and Young, Resampling-Based Multiple Testing, 1993). The test is exact if no
 * predictor is associated with the outcome. If several are associated equally, it is conservative,
 * at least for jointly normal quantities, because differences vary less the stronger both
 * associations are. A jackknife over runs would not be conservative: in strata of three it rejects
 * up to 17 % of true null hypotheses instead of 5 %.
 */
public final class DependentCorrelations {
    /** The prefix of the draws' names. Changing it changes the permutations. */
    private static final String DRAWS = "contest/";

    /** Relative differences below this value are rounding errors. */
    private static final double ROUNDING = 1e-12;

    private DependentCorrelations() {}

    /**
     * A run with a value of every predictor.
     *
     * @param runId unique id of the run
     * @param predictors values in the same order for all runs; larger means flatter or lower loss;
     *     finite
     * @param outcome the predicted quantity; finite
     * @param stratum stratum within which the run is compared
     */
    public record Entry(String runId, List<Double> predictors, double outcome, String stratum) {
        /**
         * Checks the values. Negative zero becomes zero because the two must tie.
         *
         * @throws IllegalArgumentException if the run id is blank or a value is not finite
         */
        public Entry {
            PointChecks.requireRunId(runId);
            predictors = predictors.stream()
                    .map(value -> PointChecks.finite("predictor", value, runId))
                    .toList();
            outcome = PointChecks.finite("outcome", outcome, runId);
        }
    }

    /**
     * The tau of one predictor minus the tau of another.
     *
     * @param first index of the first predictor, from 0
     * @param second index of the second predictor, greater than {@code first}
     * @param value difference in [−2, 2]
     * @param interval simultaneous interval over all pairs; absent if both predictors order the
     *     runs alike and cannot be told apart
     * @param p p-value adjusted for all pairs, at most 1 − level exactly if the interval excludes
     *     zero; absent when the interval is
     */
    public record Difference(int first, int second, double value, Optional<Interval> interval, Optional<PValue> p) {}

    /**
     * The taus and their differences.
     *
     * @param taus one per predictor, in order; without an estimate if there are too few runs or a
     *     quantity is constant
     * @param differences all pairs of estimated taus; empty if the plan has no permutations
     * @param runs number of runs in strata of at least two
     * @param strata number of strata of at least two runs
     */
    public record Result(List<Inference> taus, List<Difference> differences, int runs, int strata) {
        /** Copies the lists. */
        public Result {
            taus = List.copyOf(taus);
            differences = List.copyOf(differences);
        }

        /**
         * Returns whether the first predictor has the larger tau, judged by the interval of their
         * difference.
         */
        public boolean tellsMore(int first, int second) {
            return differences.stream()
                    .filter(one -> one.first() == Math.min(first, second) && one.second() == Math.max(first, second))
                    .flatMap(one -> one.interval().stream())
                    .anyMatch(interval -> first < second ? interval.low() > 0 : interval.high() < 0);
        }

        /**
         * Returns the index of the predictor with a larger tau than every other. Empty if no
         * predictor is distinguishable from all others, or if there is only one.
         */
        public Optional<Integer> best() {
            return IntStream.range(0, taus.size())
                    .filter(one -> taus.size() > 1
                            && IntStream.range(0, taus.size()).allMatch(other -> other == one || tellsMore(one, other)))
                    .boxed()
                    .findFirst();
        }
    }

    /**
     * Compares the predictors.
     *
     * @param name name of the random draws, combined with the plan's seed
     * @param entries entries with the same number of predictors
     * @param plan without permutations, no differences are computed; its level applies to each
     *     tau's interval, and simultaneously to all intervals of differences
     * @throws IllegalArgumentException if a run occurs twice
     */
    public static Result of(String name, List<Entry> entries, ResamplingPlan plan) {
        List<Entry> inOrder = PointChecks.inRunOrder(entries, Entry::runId);
        int predictors = inOrder.isEmpty() ? 0 : inOrder.getFirst().predictors().size();
        CorrelationInference inference = new CorrelationInference(plan.withoutP());
        List<Inference> taus = new ArrayList<>();
        List<Strata> strata = new ArrayList<>();
        for (int place = 0; place < predictors; place++) {
            int own = place;
            List<RunPoint> points = inOrder.stream()
                    .map(entry -> RunPoint.of(entry.runId(), entry.predictors().get(own), entry.outcome())
                            .in(entry.stratum()))
                    .toList();
            taus.add(inference.stratifiedTau(name, points));
            strata.add(Strata.of(points));
        }
        Strata common = strata.isEmpty() ? Strata.of(List.of()) : strata.getFirst();
        List<Difference> differences = plan.permutations() == 0
                ? List.of()
                : differences(taus, strata, plan, NamedDraws.of(plan.seed(), DRAWS + name));
        return new Result(taus, differences, common.runs(), common.sizes().length);
    }

    private static List<Difference> differences(
            List<Inference> taus, List<Strata> strata, ResamplingPlan plan, NamedDraws random) {
        int[] reported = IntStream.range(0, taus.size())
                .filter(place -> taus.get(place) instanceof Inference.Estimate)
                .toArray();
        if (reported.length < 2) {
            return List.of();
        }
        List<StratifiedScore> scores = Arrays.stream(reported)
                .mapToObj(place -> new StratifiedScore(strata.get(place)))
                .toList();
        int[] start = strata.getFirst().start();
        int[] permutation = IntStream.range(0, strata.getFirst().runs()).toArray();
        double[] values = differences(scores, permutation);
        double[][] drawn = new double[plan.permutations()][];
        double[] spread = new double[values.length];
        for (int draw = 0; draw < drawn.length; draw++) {
            random.shuffleWithin(permutation, start);
            drawn[draw] = differences(scores, permutation);
            for (int pair = 0; pair < values.length; pair++) {
                spread[pair] += drawn[draw][pair] * drawn[draw][pair] / drawn.length;
            }
        }
        for (int pair = 0; pair < values.length; pair++) {
            spread[pair] = Math.sqrt(spread[pair]);
        }
        double[] largest = new double[drawn.length];
        for (int draw = 0; draw < drawn.length; draw++) {
            for (int pair = 0; pair < values.length; pair++) {
                largest[draw] = Math.max(largest[draw], scaled(drawn[draw][pair], spread[pair]));
            }
        }
        Arrays.sort(largest);
        List<Difference> differences = new ArrayList<>();
        int pair = 0;
        for (int first = 0; first < reported.length; first++) {
            for (int second = first + 1; second < reported.length; second++, pair++) {
                differences.add(difference(
                        reported[first], reported[second], values[pair], spread[pair], largest, plan.level()));
            }
        }
        return differences;
    }

    private static Difference difference(
            int first, int second, double value, double spread, double[] largest, double level) {
        if (spread <= ROUNDING) {
            return new Difference(first, second, value, Optional.empty(), Optional.empty());
        }
        // The critical value is the k-th largest maximum, k being the most permutations at least as
        // extreme that still give significance.
        int beyond = (int) Math.floor((1 - level) * (largest.length + 1) + ROUNDING);
        double reach = beyond < 1 ? Double.POSITIVE_INFINITY : largest[largest.length - beyond];
        double half = Math.min(4, reach * spread);
        double min = scaled(value, spread) * (1 - ROUNDING);
        long asFar = Arrays.stream(largest).filter(one -> one >= min).count();
        return new Difference(
                first,
                second,
                value,
                Optional.of(new Interval(
                        Math.max(-2, value - half),
                        Math.min(2, value + half),
                        level,
                        Interval.Method.PERMUTED_MAXIMUM)),
                Optional.of(new PValue(
                        (asFar + 1.0) / (largest.length + 1.0), PValue.Method.PERMUTED_MAXIMUM, largest.length)));
    }

    private static double scaled(double difference, double spread) {
        return spread <= ROUNDING ? 0 : Math.abs(difference) / spread;
    }

    /** Returns, for every pair of predictors, the tau of the first minus the tau of the second. */
    private static double[] differences(List<StratifiedScore> scores, int[] permutation) {
        double[] taus = new double[scores.size()];
        for (int i = 0; i < taus.length; i++) {
            taus[i] = scores.get(i).tau(permutation);
        }
        double[] differences = new double[taus.length * (taus.length - 1) / 2];
        int pair = 0;
        for (int first = 0; first < taus.length; first++) {
            for (int second = first + 1; second < taus.length; second++) {
                differences[pair++] = taus[first] - taus[second];
            }
        }
        return differences;
    }
}
