package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Association;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Simulations of the coverage of 95 % intervals. Each case draws 2,000 studies, so a rate of .95
 * has a standard error of .005. The bounds allow four standard errors (.02, a false alarm in 16,000
 * seeds) in addition to the deviation stated with the case.
 */
class CoverageTest {
    private static final int STUDIES = 2_000;

    private static final CorrelationInference INFERENCE = new CorrelationInference(new ResamplingPlan(7, 0, 400, .95));

    /** Returns the fraction of intervals that contain the true value. */
    private static double coverage(Function<Integer, Inference> study, double truth) {
        int hits = 0;
        int given = 0;
        for (int trial = 0; trial < STUDIES; trial++) {
            if (study.apply(trial) instanceof Inference.Estimate estimate) {
                given++;
                hits += estimate.interval().contains(truth) ? 1 : 0;
            }
        }
        assertThat(given).isGreaterThan(STUDIES * 8 / 10);
        return hits / (double) given;
    }

    @ParameterizedTest
    @CsvSource({"6,0", "6,.8", "8,.5", "12,0", "12,.8", "24,.5", "24,.95"})
    void ofCorrelations(int runs, double r) {
        for (Association association : Association.values()) {
            double truth = switch (association) {
                case PEARSON -> r;
                case SPEARMAN -> Draws.rhoOf(r);
                case KENDALL -> Draws.tauOf(r);
            };
            Random random = new Random(101);
            double covered = coverage(
                    trial -> INFERENCE.correlate(association, "cover-" + trial, Draws.normal(random, r, runs)), truth);
            // Closed forms cover .93 to .985, the most with few runs, where rank coefficients are
            // discrete.
            assertThat(covered).as(association + " closed form").isBetween(.92, .992);
        }
    }

    @ParameterizedTest
    @CsvSource({"3 3 3 3,0", "3 3 3 3,.8", "4 4 4,0", "4 4 4,.5", "4 4 4,.95", "4 3 2,.8", "6 6 6,.5", "2 2 2 2 2 2,.5"
    })
    void ofTauWithinStrata(String strata, double r) {
        int[] sizes =
                Arrays.stream(strata.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        Random random = new Random(102);
        double covered = coverage(
                trial -> INFERENCE.stratifiedTau("cover-" + trial, Draws.normal(random, r, sizes)), Draws.tauOf(r));
        // With this few pairs, coverage is .92 to .98.
        assertThat(covered).as("score").isBetween(.90, .995);
    }

    @ParameterizedTest
    @CsvSource({"8,.5", "12,0", "12,.5", "12,.8", "24,.5"})
    void ofPartialCorrelations(int runs, double r) {
        // x = z + u, y = z + v with r the correlation of u and v: r(x, y) = (1 + r)/2, r(x, z) =
        // r(y, z) = √½.
        double xy = Draws.rhoOf((1 + r) / 2);
        double xz = Draws.rhoOf(Math.sqrt(.5));
        double truth = (xy - xz * xz) / (1 - xz * xz);
        Random random = new Random(103);
        double covered = coverage(
                trial -> {
                    List<RunPoint> points = new ArrayList<>();
                    for (int i = 0; i < runs; i++) {
                        double z = random.nextGaussian();
                        double u = random.nextGaussian();
                        double v = r * u + Math.sqrt(1 - r * r) * random.nextGaussian();
                        points.add(RunPoint.of("run-" + i, z + u, z + v).given(z));
                    }
                    return INFERENCE.partial("cover-" + trial, points);
                },
                truth);
        assertThat(covered).as("Bonett-Wright").isBetween(.91, .985);
    }

    @ParameterizedTest
    @CsvSource({"8,.5,.5,.5", "12,.5,.5,.5", "12,0,0,.8", "12,.8,.3,.4", "12,.8,.8,.8", "24,.5,.5,.5", "24,.8,.3,.4"})
    void ofDifferences(int runs, double predictor, double rival, double between) {
        Random random = new Random(104);
        double spare = Math.sqrt(1 - predictor * predictor);
        double shared = (between - predictor * rival) / spare;
        double own = Math.sqrt(1 - rival * rival - shared * shared);
        double covered = coverage(
                trial -> {
                    List<RivalPoint> points = new ArrayList<>();
                    for (int i = 0; i < runs; i++) {
                        double y = random.nextGaussian();
                        double u = random.nextGaussian();
                        points.add(new RivalPoint(
                                "run-" + i,
                                predictor * y + spare * u,
                                rival * y + shared * u + own * random.nextGaussian(),
                                y));
                    }
                    return INFERENCE.difference(Association.SPEARMAN, "cover-" + trial, points);
                },
                Draws.rhoOf(predictor) - Draws.rhoOf(rival));
        // The expanded bootstrap covers .94 with 24 runs and up to .99 with eight.
        assertThat(covered).as("expanded bootstrap").isBetween(.92, 1.0);
    }
}
