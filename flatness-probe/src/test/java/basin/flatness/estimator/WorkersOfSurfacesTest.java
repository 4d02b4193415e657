package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Objective;
import basin.study.Seeds;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Measures a network of more parameters than are read at once, in batches that are cut into several
 * parts, on different numbers of threads.
 */
class WorkersOfSurfacesTest {
    private static final EncoderShape SHAPE = new EncoderShape(3000, 6, 48, 1, 4, 96);
    private static final float[] THETA = Initialisation.of(SHAPE, 0.3, 5);
    private static final int BATCH = 8;
    /** Scores of a part, so that every batch has four parts. */
    private static final long PART = 2L * SHAPE.vocabulary();

    private static final int PAIRS = 2;
    private static final double RADIUS = 0.05;

    private static TokenBatch batch(int pair) {
        RandomGenerator random = Seeds.generator(7, "lines", pair);
        int[][] sentences = new int[BATCH][];
        Arrays.setAll(
                sentences,
                i -> random.ints(2 + random.nextInt(5), 0, SHAPE.vocabularySize())
                        .toArray());
        return TokenBatch.predicting(Objective.MASKED, sentences, new int[BATCH], length -> EncoderShape.START);
    }

    private static NetworkSurface surface(ParameterSource theta, int threads) {
        return NetworkSurface.of(SHAPE.network(), theta, DataType.FLOAT32, Workers.of(threads))
                .inPartsOf(PART);
    }

    /** Returns every number that an estimator takes from the surface. */
    private static double[] values(Estimator estimator, LossSurface surface) {
        if (estimator == Estimator.SPECTRUM_LANCZOS) {
            try (Arena memory = Arena.ofShared()) {
                CurvatureProduct product = surface.products(
                                batch(0), List.of(ProbeSampler.signs(3, 0, 0, surface.parameters())), memory)
                        .getFirst();
                return Vectors.array(product.hessianProduct());
            }
        }
        EstimatorSpec requested =
                new EstimatorSpec(estimator, Math.max(40, estimator.min().pairs()), 80, 3, radius(estimator));
        PairwiseEstimator pairwise = (PairwiseEstimator) Estimators.of(requested);
        double[][] values = pairwise.valuesOfPairs(
                surface, WorkersOfSurfacesTest::batch, new MeasurementSettings(PAIRS, 1, Optional.empty(), 3, 0.95));
        return Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    }

    private static Optional<Double> radius(Estimator estimator) {
        return estimator.id().startsWith("sharpness") ? Optional.of(RADIUS) : Optional.empty();
    }

    @ParameterizedTest
    @EnumSource(Estimator.class)
    void theSameBitsOnAnyNumberOfThreads(Estimator estimator) {
        double[] one;
        try (NetworkSurface surface = surface(ParameterSource.of(THETA), 1)) {
            one = values(estimator, surface);
        }
        assertThat(Arrays.stream(one).allMatch(Double::isFinite)).isTrue();
        for (int threads : new int[] {2, 3}) {
            try (NetworkSurface surface = surface(ParameterSource.of(THETA), threads)) {
                assertThat(values(estimator, surface)).as("%d threads", threads).isEqualTo(one);
            }
        }
    }

    @Test
    void theBatchIsCutAndTheParametersAreReadInPieces() {
        assertThat(BatchPart.of(SHAPE.network(), batch(0), PART)).hasSize(4);
        assertThat(SHAPE.parameterCount()).isGreaterThan(Direction.PIECE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Estimator.class,
            names = {"HESSIAN_SPLIT", "PAIRED", "SHARPNESS_SAM"})
    void weightsGoToTheDeviceOnce(Estimator estimator) {
        AtomicLong numbers = new AtomicLong();
        ParameterSource stored = ParameterSource.of(THETA);
        ParameterSource counted = new ParameterSource() {
            @Override
            public int size() {
                return stored.size();
            }

            @Override
            public void read(int from, double[] into, int count) {
                numbers.addAndGet(count);
                stored.read(from, into, count);
            }
        };
        try (NetworkSurface surface = surface(counted, 2)) {
            values(estimator, surface);
            values(estimator, surface);
        }
        assertThat(numbers.get()).isEqualTo(THETA.length);
    }
}
