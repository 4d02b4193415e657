package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.PairStatistics;
import basin.flatness.measurement.ProgressListener;
import basin.network.Parameter;
import basin.record.LayerTraces;
import basin.record.Measured;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Refusal;
import basin.study.SampleSize;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.util.FastMath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every estimator must pass, on a surface whose curvature is known exactly by other
 * means. All seeds are fixed; the false-alarm rates named below are those of a fresh seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EstimatorKit {
    static final double CONFIDENCE = 0.95;
    private static final int WHOLE = 1000;
    /** Number of seeds for coverage tests at the minimum sample. */
    private static final int SEEDS = SampleSize.of(500, WHOLE);
    /** Number of seeds for tests that need many more pairs. */
    private static final int FEWER = SampleSize.of(250, WHOLE);
    /**
     * Tolerance in standard deviations of a count of seeds; its two-sided false-alarm rate is 4 in
     * 1,000.
     */
    private static final double DEVIATIONS = 2.902;

    /** Seed of {@link #known}. */
    private static final long KNOWN_SEED = 12;

    private final Map<String, Findings> known = new HashMap<>();
    private final Map<Quantity, Double> exact = new EnumMap<>(Quantity.class);

    /**
     * Returns the surface in float64, with batches split into parts of at most {@code part}
     * examples.
     */
    abstract LossSurface surface(int part);

    /**
     * Returns the same surface in a form that is fast enough for many repetitions. {@link
     * #bothFormsOfTheSurfaceGiveTheSameMeasurements} compares every estimator on the two forms, so
     * either is valid for statistics.
     */
    LossSurface manyTimes() {
        return surface(batch());
    }

    /** Returns the language from which batches are drawn. */
    abstract CountedLanguage language();

    /** Returns the exact population value of every quantity. */
    abstract Map<Quantity, Double> truth();

    /** Returns the diagonal of the population's Hessian. */
    abstract double[] hessianDiagonal();

    /** Returns the diagonal of the population's Fisher information. */
    abstract double[] fisherDiagonal();

    /** Returns the number of examples per batch. */
    abstract int batch();

    /** Returns all trace estimators, the default first. */
    static List<FlatnessEstimator> estimators() {
        return Arrays.stream(Estimator.values())
                .filter(Estimator::hasProbes)
                .map(Estimators::of)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void liesWithinFourStandardErrorsOfTheTruth(FlatnessEstimator estimator) {
        // False-alarm rate: 6e-5 per quantity.
        for (Measurement measurement : measure(manyTimes(), estimator, 11, 400)) {
            double truth = exact(measurement.quantity());
            assertThat(measurement.value().value())
                    .as("%s of %s, s.e. %s", measurement.quantity(), estimator.name(), measurement.value())
                    .isCloseTo(
                            truth,
                            within(4 * measurement.value().standardError()
                                    + 1e-9 * Math.abs(truth)
                                    + magnified(estimator) * Math.abs(exact(Quantity.HESSIAN_TRACE))
                                    + 1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void bothFormsOfTheSurfaceGiveTheSameMeasurements(FlatnessEstimator estimator) {
        Findings one = known(estimator);
        Findings other = find(manyTimes(), estimator, KNOWN_SEED);
        // Finite differences on one form include the loss's fourth derivative; the other form is a
        // quadratic model of the loss.
        double share = magnified(estimator) > 0 ? 1e-4 : 1e-9;
        for (int q = 0; q < one.measurements().size(); q++) {
            Measurement measurement = one.measurements().get(q);
            same(
                    measurement.value(),
                    other.measurements().get(q).value(),
                    share * Math.abs(exact(Quantity.HESSIAN_TRACE)),
                    share,
                    measurement.quantity().id());
        }
        List<LayerTraces> layers = one.layers().orElse(List.of());
        for (int layer = 0; layer < layers.size(); layer++) {
            LayerTraces own = layers.get(layer);
            LayerTraces same = other.layers().orElseThrow().get(layer);
            double scale = share * Math.abs(exact(Quantity.HESSIAN_TRACE));
            same(own.fisher(), same.fisher(), scale, share, own.name());
            same(own.hessian(), same.hessian(), scale, share, own.name());
            same(own.adaptive(), same.adaptive(), scale, share, own.name());
        }
    }

    private static void same(Measured one, Measured other, double min, double share, String name) {
        double allowed = min + share * Math.abs(other.value());
        assertThat(one.value()).as("%s", name).isCloseTo(other.value(), within(allowed));
        assertThat(one.standardError()).as("s.e. of %s", name).isCloseTo(other.standardError(), within(allowed));
    }

    /**
     * Returns estimators that together cover all quantities by every route. The others give the
     * same bits, or the same values up to rounding.
     */
    static List<FlatnessEstimator> coveringAllQuantities() {
        return List.of(
                Estimators.of(Estimator.of("layers.exact")),
                Estimators.of(Estimator.of("fisher.output")),
                Estimators.of(Estimator.of("fisher.batch")),
                Estimators.of(Estimator.of("fisher.soft")),
                Estimators.of(Estimator.of("fisher.selected")),
                Estimators.of(Estimator.of("hessian.split")),
                Estimators.of(Estimator.of("hessian.refined")));
    }

    /**
     * Returns all estimators but the slowest. With {@code -Dbasin.kit=all} returns every one, for
     * the report; some take minutes.
     */
    List<FlatnessEstimator> coverage() {
        if ("all".equals(System.getProperty("basin.kit"))) {
            return estimators();
        }
        return coveringAllQuantities().stream()
                .filter(estimator -> SampleSize.isWhole() || !estimator.name().equals("hessian.refined"))
                .toList();
    }

    /**
     * Returns the tolerance for the share of seeds around {@link #CONFIDENCE} or its complement.
     */
    private static double allowed(int seeds) {
        return DEVIATIONS * FastMath.sqrt(CONFIDENCE * (1 - CONFIDENCE) / seeds);
    }

    private static void covers(int covered, int seeds, Quantity quantity) {
        assertThat(covered / (double) seeds)
                .as("coverage of %s", quantity)
                .isCloseTo(CONFIDENCE, within(allowed(seeds)));
    }

    @Tag("sampled")
    @ParameterizedTest
    @MethodSource("coverage")
    void intervalsCoverAndAreCentred(FlatnessEstimator estimator) {
        // At the stated minimum sample. False-alarm rate per quantity: 0.4 % for the coverage, 0.2
        // % for the mean z.
        double root = FastMath.sqrt(WHOLE / (double) SEEDS);
        int examples = examples(estimator, estimator.minPairs());
        List<Quantity> quantities = estimator.quantities();
        double[][] means = new double[quantities.size()][SEEDS];
        double[][] squaredErrors = new double[quantities.size()][SEEDS];
        int[] covered = new int[quantities.size()];
        for (int seed = 0; seed < SEEDS; seed++) {
            long draw = 100_000L + seed;
            List<Measurement> measured = estimator.measure(
                    manyTimes(),
                    language().batches(examples, draw),
                    new MeasurementSettings(estimator.minPairs(), draw, CONFIDENCE));
            for (int q = 0; q < measured.size(); q++) {
                double truth = exact(quantities.get(q));
                means[q][seed] = measured.get(q).value().value();
                squaredErrors[q][seed] = FastMath.pow(measured.get(q).value().standardError(), 2);
                boolean covers = measured.get(q).interval().low() <= truth
                        && truth <= measured.get(q).interval().high();
                covered[q] += covers ? 1 : 0;
            }
        }
        for (int q = 0; q < quantities.size(); q++) {
            Quantity quantity = quantities.get(q);
            if (alwaysExact(quantity)) {
                continue;
            }
            double z = (PairStatistics.mean(means[q]).value() - exact(quantity))
                    / (PairStatistics.mean(means[q]).standardError() * Math.sqrt(SEEDS));
            double ratio = StatUtils.variance(means[q]) / StatUtils.mean(squaredErrors[q]);
            KitReport.tell(
                    getClass().getSimpleName(),
                    new KitReport.Row(
                            estimator.name(),
                            quantity.id(),
                            estimator.minPairs(),
                            examples,
                            covered[q] / (double) SEEDS,
                            z,
                            ratio));
            covers(covered[q], SEEDS, quantity);
            assertThat(Math.abs(z)).as("mean z of %s", quantity).isLessThan(0.1 * root);
            // Its standard deviation over 1,000 fresh seeds is 4 to 6 %, so with fresh seeds this
            // fails for one quantity in twenty.
            assertThat(ratio).as("variance of %s", quantity).isCloseTo(1, within(0.1 * root));
        }
    }

    /** Returns one estimator for each way of drawing. */
    static List<FlatnessEstimator> withBudgets() {
        return List.of(Estimators.of(Estimator.of("fisher.output")), Estimators.of(Estimator.of("fisher.sampled")));
    }

    @Tag("sampled")
    @ParameterizedTest
    @MethodSource("withBudgets")
    void intervalsCoverWhereTheNumberOfPairsIsChosen(FlatnessEstimator estimator) {
        // The target is so small that most seeds need pairs beyond the pilot's. False-alarm rate as
        // above.
        Quantity quantity = estimator.quantities().getFirst();
        double truth = exact(quantity);
        double relative = 0.55 * errorOfLeastSample(estimator, quantity) / truth;
        int covered = 0;
        int reached = 0;
        int beyond = 0;
        for (int seed = 0; seed < FEWER; seed++) {
            Measurement measured = estimator
                    .measure(
                            manyTimes(),
                            language().batches(batch() * 2, 200_000L + seed),
                            new MeasurementSettings(10_000, 1, Optional.of(relative), 200_000L + seed, CONFIDENCE))
                    .getFirst();
            covered += measured.interval().low() <= truth
                            && truth <= measured.interval().high()
                    ? 1
                    : 0;
            reached += measured.value().standardError()
                            <= relative * measured.value().value()
                    ? 1
                    : 0;
            beyond += measured.pairs() > estimator.minPairs() ? 1 : 0;
        }
        covers(covered, FEWER, quantity);
        assertThat(reached).isEqualTo(FEWER);
        assertThat(beyond).isGreaterThan(FEWER * 9 / 10);
    }

    private double errorOfLeastSample(FlatnessEstimator estimator, Quantity quantity) {
        double sum = 0;
        for (long seed = 0; seed < 20; seed++) {
            sum += estimator
                    .measure(
                            manyTimes(),
                            language().batches(batch() * 2, 300_000L + seed),
                            new MeasurementSettings(estimator.minPairs(), 300_000L + seed, CONFIDENCE))
                    .getFirst()
                    .value()
                    .standardError();
        }
        assertThat(quantity).isEqualTo(estimator.quantities().getFirst());
        return sum / 20;
    }

    @Tag("sampled")
    @Test
    void liveIntervalsHoldAtAllLooksTogether() {
        // A miss at any of 160 looks counts; asymptotically at most 5 %. False-alarm rate: 0.3 %.
        FlatnessEstimator estimator = Estimators.of(Estimator.of("fisher.output"));
        double truth = exact(Quantity.FISHER_TRACE);
        int missed = 0;
        for (int seed = 0; seed < FEWER; seed++) {
            boolean[] ever = new boolean[1];
            Findings _ = estimator.find(
                    manyTimes(),
                    language().batches(batch() * 2, 400_000L + seed),
                    new MeasurementSettings(200, 400_000L + seed, CONFIDENCE),
                    progress -> {
                        progress.known()
                                .flatMap(ProgressListener.Known::interval)
                                .ifPresent(interval -> ever[0] |= interval.low() > truth || truth > interval.high());
                        return true;
                    });
            missed += ever[0] ? 1 : 0;
        }
        assertThat(missed / (double) FEWER).isLessThanOrEqualTo(1 - CONFIDENCE + allowed(FEWER));
    }

    @Test
    void progressBeginsWithTheFirstPairAndChangesNothing() {
        FlatnessEstimator estimator = Estimators.of(Estimator.of("fisher.output"));
        MeasurementSettings settings = new MeasurementSettings(2000, 1, Optional.of(0.02), 5, CONFIDENCE);
        List<Integer> pairs = new ArrayList<>();
        List<Boolean> intervals = new ArrayList<>();
        Findings heard = estimator.find(surface(batch()), language().batches(batch() * 2, 5), settings, progress -> {
            pairs.add(progress.pairs());
            intervals.add(
                    progress.known().flatMap(ProgressListener.Known::interval).isPresent());
            assertThat(progress.planned()).isGreaterThanOrEqualTo(progress.pairs());
            return true;
        });
        assertThat(pairs.getFirst()).isEqualTo(1);
        assertThat(pairs.size()).isGreaterThanOrEqualTo(estimator.minPairs());
        assertThat(intervals.getFirst()).isFalse();
        assertThat(intervals.getLast()).isTrue();
        assertThat(heard.measurements())
                .isEqualTo(estimator
                        .find(surface(batch()), language().batches(batch() * 2, 5), settings, ProgressListener.NONE)
                        .measurements());
    }

    @Test
    void theWatchMayEndAMeasurement() {
        Measurement measured = Estimators.of(Estimator.of("fisher.output"))
                .find(
                        surface(batch()),
                        language().batches(batch() * 2, 5),
                        new MeasurementSettings(200, 5, CONFIDENCE),
                        progress -> progress.pairs() < 50)
                .measurements()
                .getFirst();
        assertThat(measured.pairs()).isEqualTo(50);
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void givesTheSameBitsTwice(FlatnessEstimator estimator) {
        assertThat(find(surface(batch()), estimator, KNOWN_SEED)).isEqualTo(known(estimator));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void otherSeedsGiveOtherValues(FlatnessEstimator estimator) {
        int pairs = estimator.minPairs();
        assertThat(measure(manyTimes(), estimator, 12, pairs)).isNotEqualTo(measure(manyTimes(), estimator, 13, pairs));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void theSplitOfABatchChangesOnlyRounding(FlatnessEstimator estimator) {
        // Compared pair by pair, because the mean over many pairs would hide differences.
        BatchSource batches = language().batches(examples(estimator, estimator.minPairs()), 14);
        MeasurementSettings settings = new MeasurementSettings(8, 14, CONFIDENCE);
        double[][] whole = PairValues.of(estimator, surface(batch()), batches, settings);
        double[][] parts = PairValues.of(estimator, surface(3), batches, settings);
        for (int q = 0; q < whole.length; q++) {
            for (int pair = 0; pair < settings.pairs(); pair++) {
                double scale = Math.abs(exact(Quantity.HESSIAN_TRACE)) + Math.abs(whole[q][pair]);
                assertThat(parts[q][pair])
                        .as("%s of pair %d", estimator.quantities().get(q), pair)
                        .isCloseTo(whole[q][pair], within(rounding(estimator) * scale));
            }
        }
    }

    /** Returns the amplification of rounding by finite differences, relative to the trace. */
    private static double magnified(FlatnessEstimator estimator) {
        return estimator instanceof ForwardEstimator || estimator instanceof RefinedEstimator ? 1e-6 : 0;
    }

    /** Returns the tolerance for rounding. */
    private static double rounding(FlatnessEstimator estimator) {
        return Math.max(1e-10, magnified(estimator));
    }

    static List<FlatnessEstimator> partsOfThePairedOne() {
        return estimators().stream().filter(PairedEstimator.class::isInstance).toList();
    }

    @ParameterizedTest
    @MethodSource("partsOfThePairedOne")
    void oneQuantityAloneHasTheBitsOfAllTogether(FlatnessEstimator estimator) {
        assertThat(known("paired").measurements()).containsAll(known(estimator).measurements());
    }

    @Test
    void differencesGiveWhatExactProductsGive() {
        List<Measurement> products = known("paired").measurements();
        for (String name : List.of("hessian.forward", "adaptive.forward")) {
            for (Measurement forward : known(name).measurements()) {
                Measurement same = products.stream()
                        .filter(one -> one.quantity() == forward.quantity())
                        .findFirst()
                        .orElseThrow();
                double scale = Math.abs(exact(Quantity.HESSIAN_TRACE))
                        + Math.abs(same.value().value());
                assertThat(forward.value().value())
                        .as("%s of %s", forward.quantity(), name)
                        .isCloseTo(same.value().value(), within(1e-4 * scale));
                assertThat(forward.value().standardError())
                        .isCloseTo(same.value().standardError(), within(1e-4 * scale));
            }
        }
    }

    @Test
    void theSplitIsTheSumOfItsParts() {
        List<Measurement> split = known("hessian.split").measurements();
        assertThat(split.get(1).value().value())
                .isCloseTo(
                        split.get(0).value().value() + split.get(2).value().value(),
                        within(1e-12 * Math.abs(exact(Quantity.HESSIAN_TRACE)) + 1e-12));
        assertThat(split.get(0).value())
                .isEqualTo(known("fisher.output").measurements().getFirst().value());
    }

    @Test
    void theLayersAddUpToTheTraces() {
        List<LayerTraces> layers = known("layers.exact").layers().orElseThrow();
        assertThat(layers).extracting(LayerTraces::name).doesNotHaveDuplicates();
        assertThat(layers.stream().mapToInt(LayerTraces::parameters).sum())
                .isEqualTo(surface(batch()).parameters());
        // The paired estimator does not separate layers and has the same draws.
        List<Measurement> whole = known("paired").measurements();
        List<Measurement> summed = known("layers.exact").measurements();
        List<ToDoubleFunction<LayerTraces>> shares = List.of(
                layer -> layer.fisher().value(),
                layer -> layer.hessian().value(),
                layer -> layer.adaptive().value());
        for (int q = 0; q < shares.size(); q++) {
            double total = whole.get(q).value().value();
            assertThat(layers.stream().mapToDouble(shares.get(q)).sum())
                    .as("%s", whole.get(q).quantity())
                    .isCloseTo(total, within(1e-5 * Math.abs(total)));
            assertThat(summed.get(q).value().value()).isCloseTo(total, within(1e-9 * Math.abs(total)));
            assertThat(summed.get(q).value().standardError())
                    .isCloseTo(whole.get(q).value().standardError(), within(1e-9 * Math.abs(total)));
        }
    }

    @Test
    void everyLayerLiesWithinFourAndAHalfStandardErrorsOfItsShare() {
        // False-alarm rate: 7e-6 per share, below 1e-3 for all of them.
        List<LayerTraces> layers = layers(manyTimes(), 11, 400);
        double[] theta = Vectors.array(surface(batch()).theta());
        double[] hessian = hessianDiagonal();
        double[] fisher = fisherDiagonal();
        List<Parameter> tensors = surface(batch()).tensors();
        double scale = 1e-9 * Math.abs(exact(Quantity.HESSIAN_TRACE));
        for (int layer = 0; layer < tensors.size(); layer++) {
            LayerTraces measured = layers.get(layer);
            double hessianShare = 0;
            double adaptiveShare = 0;
            double fisherShare = 0;
            double squares = 0;
            for (int i = tensors.get(layer).offset(); i < tensors.get(layer).end(); i++) {
                hessianShare += hessian[i];
                adaptiveShare += theta[i] * theta[i] * hessian[i];
                fisherShare += fisher[i];
                squares += theta[i] * theta[i];
            }
            String name = measured.name();
            assertThat(measured.hessian().value())
                    .as("tr H of %s", name)
                    .isCloseTo(hessianShare, within(4.5 * measured.hessian().standardError() + scale));
            assertThat(measured.adaptive().value())
                    .as("adaptive trace of %s", name)
                    .isCloseTo(adaptiveShare, within(4.5 * measured.adaptive().standardError() + scale));
            assertThat(measured.fisher().value())
                    .as("tr F of %s", name)
                    .isCloseTo(fisherShare, within(4.5 * measured.fisher().standardError() + scale));
            assertThat(measured.squaredNorm()).as("‖w‖² of %s", name).isCloseTo(squares, within(1e-12 * squares));
        }
    }

    /** Returns the traces by layer from the given number of pairs. */
    final List<LayerTraces> layers(LossSurface surface, long seed, int pairs) {
        return Estimators.of(Estimator.of("layers.exact"))
                .find(
                        surface,
                        language().batches(batch(), seed),
                        new MeasurementSettings(pairs, seed, CONFIDENCE),
                        ProgressListener.NONE)
                .layers()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void saysWhatItMeasured(FlatnessEstimator estimator) {
        List<Measurement> measured = known(estimator).measurements();
        assertThat(measured).extracting(Measurement::quantity).isEqualTo(estimator.quantities());
        assertThat(measured).allSatisfy(measurement -> {
            assertThat(measurement.pairs()).isEqualTo(estimator.minPairs());
            assertThat(measurement.parameters()).isEqualTo(surface(batch()).parameters());
            assertThat(measurement.unit()).isEqualTo("nats");
            assertThat(measurement.interval().confidence()).isEqualTo(CONFIDENCE);
            measurement
                    .effectiveRank()
                    .ifPresent(rank ->
                            assertThat(rank).isPositive().isLessThanOrEqualTo((double) measurement.parameters()));
        });
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void refusesFewerPairsThanItsIntervalNeeds(FlatnessEstimator estimator) {
        int few = estimator.minPairs() - 1;
        assertThatThrownBy(() -> measure(estimator, 1, few))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("flatness.pairs is " + few + ": give at least " + estimator.minPairs());
    }

    final List<Measurement> measure(FlatnessEstimator estimator, long seed, int pairs) {
        return measure(surface(batch()), estimator, seed, pairs);
    }

    final List<Measurement> measure(LossSurface surface, FlatnessEstimator estimator, long seed, int pairs) {
        return estimator.measure(
                surface,
                language().batches(examples(estimator, pairs), seed),
                new MeasurementSettings(pairs, seed, CONFIDENCE));
    }

    /**
     * Returns an estimator's findings on the surface at its minimum number of pairs, measured once
     * per class.
     */
    private Findings known(FlatnessEstimator estimator) {
        return known.computeIfAbsent(estimator.name(), name -> find(surface(batch()), estimator, KNOWN_SEED));
    }

    private Findings known(String estimator) {
        return known(Estimators.of(Estimator.of(estimator)));
    }

    private Findings find(LossSurface surface, FlatnessEstimator estimator, long seed) {
        int pairs = estimator.minPairs();
        return estimator.find(
                surface,
                language().batches(examples(estimator, pairs), seed),
                new MeasurementSettings(pairs, seed, CONFIDENCE),
                ProgressListener.NONE);
    }

    /** Returns the number of examples per batch: the kit's, or more if the estimator needs them. */
    private int examples(FlatnessEstimator estimator, int pairs) {
        return Math.max(batch(), Math.ceilDiv(estimator.minExamples(), pairs));
    }

    /**
     * Returns whether the quantity is exact for every batch and probe on this surface, so that its
     * interval is a point.
     */
    boolean alwaysExact(Quantity quantity) {
        return false;
    }

    final double exact(Quantity quantity) {
        Double kept = exact.get(quantity);
        return kept == null ? computed(quantity) : kept;
    }

    private double computed(Quantity quantity) {
        double value = switch (quantity) {
            case HESSIAN_TRACE_PER_PARAMETER ->
                exact(Quantity.HESSIAN_TRACE) / surface(batch()).parameters();
            case WEIGHTED_TRACE -> {
                double[] diagonal = hessianDiagonal();
                double[] theta = Vectors.array(surface(batch()).theta());
                double sum = 0;
                for (Parameter tensor : surface(batch()).tensors()) {
                    for (int i = tensor.offset(); i < tensor.end(); i++) {
                        sum += Vectors.squaredNorm(theta, tensor) * diagonal[i];
                    }
                }
                yield sum;
            }
            default -> Objects.requireNonNull(truth().get(quantity));
        };
        exact.put(quantity, value);
        return value;
    }
}
