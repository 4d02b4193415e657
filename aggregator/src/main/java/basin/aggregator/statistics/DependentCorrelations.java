package basin.aggregator.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Several predictors of one outcome over the same runs: Kendall's tau-b of each within strata, and the differences of these dependent
 * correlations, all pairs together.
 *
 * <p>Outcomes are permuted within strata, the predictors of a run staying together: so the differences keep what they share. Each difference
 * is taken in units of its spread over the permutations; the largest of all in a permutation tells how far apart two predictors come by
 * chance (Westfall and Young, Resampling-Based Multiple Testing, 1993, maxT). Exact where no predictor tells anything. Where
 * several tell alike it is conservative, at least for jointly normal quantities: differences spread the less, the more both tell. A
 * jackknife over runs, which would not be, rejects up to 17 times of a hundred instead of five in strata of three.
 */
public final class DependentCorrelations {
    /** First part of the draws' names. Another text would draw other permutations. */
    private static final String DRAWS = "contest/";

    /** A relative difference below this is rounding. */
    private static final double ROUNDING = 1e-12;

    private DependentCorrelations() {}

    /**
     * A run with a value of every predictor.
     *
     * @param runId identifies the run; each run once
     * @param predictors in the same order for all runs, more being flatter or of lower loss; finite
     * @param outcome what all predict; finite
     * @param stratum what the run is compared within
     */
    public record Entry(String runId, List<Double> predictors, double outcome, String stratum) {
        /** Checks the values; negative zero becomes zero, so that the two tie. */
        public Entry {
            PointChecks.requireRunId(runId);
            predictors = predictors.stream()
                    .map(value -> PointChecks.finite("predictor", value, runId))
                    .toList();
            outcome = PointChecks.finite("outcome", outcome, runId);
        }
    }

    /**
     * The tau of one predictor less that of another.
     *
     * @param first place of the one, from 0
     * @param second place of the other, above {@code first}
     * @param value in [−2, 2]
     * @param interval holds together with those of all other pairs; absent where the two order the runs alike, for then nothing tells
     *     them apart
     * @param p adjusted for all pairs: at most 1 less the level just where the interval leaves zero out; absent likewise
     */
    public record Difference(int first, int second, double value, Optional<Interval> interval, Optional<PValue> p) {}

    /**
     * What came out.
     *
     * @param taus one a predictor, in their order; no estimate where there are too few runs, or a quantity is constant
     * @param differences of all pairs whose taus are there; empty where none were asked for
     * @param runs in strata of at least two
     * @param strata of at least two runs
     */
    public record Result(List<Inference> taus, List<Difference> differences, int runs, int strata) {
        public Result {
            taus = List.copyOf(taus);
            differences = List.copyOf(differences);
        }

        /** Whether the first tells more than the second by the interval of their difference. */
        public boolean tellsMore(int first, int second) {
            return differences.stream()
                    .filter(one -> one.first() == Math.min(first, second) && one.second() == Math.max(first, second))
                    .flatMap(one -> one.interval().stream())
                    .anyMatch(interval -> first < second ? interval.low() > 0 : interval.high() < 0);
        }

        /** The predictor that tells more than every other one; none where two cannot be told apart, or there is but one. */
        public Optional<Integer> best() {
            return IntStream.range(0, taus.size())
                    .filter(one -> taus.size() > 1
                            && IntStream.range(0, taus.size()).allMatch(other -> other == one || tellsMore(one, other)))
                    .boxed()
                    .findFirst();
        }
    }

    /**
     * Compares.
     *
     * @param name names the draws, beside the plan's seed
     * @param entries all with the same number of predictors
     * @param plan with no permutations where differences are not to be told yet; its level is that of every tau's interval, and of all
     *     intervals of differences together
     * @throws IllegalArgumentException where a run is there twice
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
        double[] largest = Arrays.stream(drawn)
                .mapToDouble(draw -> IntStream.range(0, values.length)
                        .mapToDouble(pair -> scaled(draw[pair], spread[pair]))
                        .max()
                        .orElse(0))
                .sorted()
                .toArray();
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
        // The k-th largest, k being the most permutations that may come as far without the difference being chance.
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

    /** Of every pair of predictors the tau of the first less that of the second. */
    private static double[] differences(List<StratifiedScore> scores, int[] permutation) {
        double[] taus =
                scores.stream().mapToDouble(score -> score.tau(permutation)).toArray();
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
