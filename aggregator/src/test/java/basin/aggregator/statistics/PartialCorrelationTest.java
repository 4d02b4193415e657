package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.junit.jupiter.api.Test;

/** Tests of partial rank correlations against full regressions and by simulation. */
class PartialCorrelationTest {
    private static final CorrelationInference INFERENCE =
            new CorrelationInference(new ResamplingPlan(5, 9_999, 200, .95));

    private static double[] ranks(double[] values) {
        return new NaturalRanking(TiesStrategy.AVERAGE).rank(values);
    }

    private static double[] residuals(double[] y, double[][] covariates) {
        double[][] rows = new double[y.length][covariates.length];
        for (int i = 0; i < y.length; i++) {
            for (int c = 0; c < covariates.length; c++) {
                rows[i][c] = covariates[c][i];
            }
        }
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(y, rows);
        return regression.estimateResiduals();
    }

    private static List<RunPoint> points(double[] x, double[] y, double[]... covariates) {
        List<RunPoint> points = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            int run = i;
            Double[] given = IntStream.range(0, covariates.length)
                    .mapToObj(c -> covariates[c][run])
                    .toArray(Double[]::new);
            points.add(RunPoint.of(String.format("run-%02d", i), x[i], y[i]).given(given));
        }
        return points;
    }

    /** Draws points where x and y share half of their variance with the first covariate. */
    private static List<RunPoint> drawn(Random random, int n, double r) {
        double[] z =
                IntStream.range(0, n).mapToDouble(i -> random.nextGaussian()).toArray();
        double[] x = new double[n];
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            double own = random.nextGaussian();
            x[i] = z[i] + own;
            y[i] = z[i] + r * own + Math.sqrt(1 - r * r) * random.nextGaussian();
        }
        return points(x, y, z);
    }

    @Test
    void equalsTheFormulaForOneCovariate() {
        Random random = new Random(61);
        for (int trial = 0; trial < 50; trial++) {
            double[] x = Draws.tied(random, 12, 8);
            double[] y = Draws.plain(random, 12);
            double[] z = Draws.tied(random, 12, 8);
            double xy = AssociationTest.library(Association.SPEARMAN, x, y);
            double xz = AssociationTest.library(Association.SPEARMAN, x, z);
            double yz = AssociationTest.library(Association.SPEARMAN, y, z);
            double expected = (xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz));
            Inference.Estimate estimate = Draws.estimate(INFERENCE.partial("formula", points(x, y, z)));
            assertThat(estimate.value()).isCloseTo(expected, within(1e-12));
            assertThat(estimate.interval()).isEqualTo(ClosedForms.bonettWright(estimate.value(), 12, 1, .95));
            assertThat(CountedPartial.multipleCorrelation(TieClasses.of(x), List.of(TieClasses.of(z))))
                    .isCloseTo(Math.abs(xz), within(1e-12));
        }
    }

    @Test
    void countsStandForRepeatedRuns() {
        Random random = new Random(62);
        for (int trial = 0; trial < 50; trial++) {
            double[][] columns = {
                Draws.tied(random, 14, 20), Draws.plain(random, 14), Draws.plain(random, 14), Draws.tied(random, 14, 20)
            };
            int[] drawn = random.ints(14, 0, 14).toArray();
            int[] counts = new int[14];
            IntStream.of(drawn).forEach(i -> counts[i]++);
            double[][] repeated = new double[4][];
            for (int c = 0; c < 4; c++) {
                double[] column = columns[c];
                repeated[c] =
                        ranks(IntStream.of(drawn).mapToDouble(i -> column[i]).toArray());
            }
            double[][] covariates = {repeated[2], repeated[3]};
            double expected = new PearsonsCorrelation()
                    .correlation(residuals(repeated[0], covariates), residuals(repeated[1], covariates));
            double found = new CountedPartial(
                            TieClasses.of(columns[0]),
                            TieClasses.of(columns[1]),
                            List.of(TieClasses.of(columns[2]), TieClasses.of(columns[3])))
                    .at(counts);
            assertThat(found).isCloseTo(expected, within(1e-9));
        }
    }

    @Test
    void permutesResidualsAsFreedmanAndLaneDo() {
        // Seven runs are too few for two covariates. With one covariate, each of the 5,040
        // permutations is refitted in full.
        Random random = new Random(63);
        double[] x = Draws.plain(random, 7);
        double[] y = Draws.plain(random, 7);
        double[] z = IntStream.range(0, 7)
                .mapToDouble(i -> x[i] + random.nextDouble())
                .toArray();
        double[] rankY = ranks(y);
        double[][] covariates = {ranks(z)};
        double[] residualX = residuals(ranks(x), covariates);
        double[] residualY = residuals(rankY, covariates);
        double observed = Math.abs(new PearsonsCorrelation().correlation(residualX, residualY));
        long extreme = 0;
        for (List<Integer> order : PermutationTestTest.orders(7)) {
            double[] remade = new double[7];
            for (int i = 0; i < 7; i++) {
                remade[i] = rankY[i] - residualY[i] + residualY[order.get(i)];
            }
            double permuted = new PearsonsCorrelation().correlation(residualX, residuals(remade, covariates));
            extreme += Math.abs(permuted) >= observed - 1e-9 ? 1 : 0;
        }
        PValue p =
                Draws.estimate(INFERENCE.partial("refit", points(x, y, z))).p().orElseThrow();
        assertThat(p.method()).isEqualTo(PValue.Method.EXACT_FREEDMAN_LANE);
        assertThat(p.value()).isEqualTo(extreme / 5_040.0);
    }

    @Test
    void aConstantOrRepeatedCovariateTakesNothingAway() {
        List<RunPoint> one = drawn(new Random(64), 12, .5);
        List<RunPoint> same = one.stream()
                .map(run -> run.given(
                        run.covariates().getFirst(), 7.0, 2 * run.covariates().getFirst()))
                .toList();
        double value = Draws.estimate(INFERENCE.partial("one", one)).value();
        assertThat(Draws.estimate(INFERENCE.partial("same", same)).value()).isCloseTo(value, within(1e-12));
    }

    @Test
    void whatTheCovariatesDetermineIsNotIdentifiable() {
        double[] x = IntStream.range(0, 12).asDoubleStream().toArray();
        double[] y = Draws.plain(new Random(65), 12);
        double[] z = x.clone();
        z[3] = 3.9;
        z[4] = 3.1;
        assertThat(INFERENCE.partial("x", points(x, y, z)))
                .isInstanceOfSatisfying(
                        Inference.NotIdentifiable.class,
                        none -> assertThat(none.reason()).contains("correlation 0.993, above 0.95"));
        assertThat(INFERENCE.partial("y", points(y, x, x))).isInstanceOf(Inference.NotIdentifiable.class);
    }

    @Test
    void covariatesThatTellNothingOfTheirOwnCostNoRuns() {
        List<RunPoint> one = drawn(new Random(67), 7, .5);
        List<RunPoint> more = one.stream()
                .map(run -> run.given(
                        run.covariates().getFirst(), 7.0, -run.covariates().getFirst()))
                .toList();
        Inference.Estimate alone = Draws.estimate(INFERENCE.partial("one", one));
        Inference.Estimate beside = Draws.estimate(INFERENCE.partial("one", more));
        assertThat(beside.interval().low()).isCloseTo(alone.interval().low(), within(1e-12));
        assertThat(beside.interval().high()).isCloseTo(alone.interval().high(), within(1e-12));
        List<RunPoint> own = more.stream()
                .map(run -> run.given(run.covariates().getFirst(), run.x() * run.x() + run.y(), 0.0))
                .toList();
        assertThat(INFERENCE.partial("own", own))
                .isInstanceOfSatisfying(
                        Inference.NotYet.class, few -> assertThat(few.needed()).isEqualTo(8));
    }

    @Test
    void equalsTheInverseCorrelationMatrixForSeveralCovariates() {
        // The partial correlation of x and y is -P_xy/√(P_xx·P_yy), where P is the inverse of the
        // rank correlation matrix.
        Random random = new Random(68);
        for (int trial = 0; trial < 50; trial++) {
            double[][] columns = new double[6][];
            for (int c = 0; c < 6; c++) {
                columns[c] = c % 2 == 0 ? Draws.plain(random, 16) : Draws.tied(random, 16, 9);
            }
            RealMatrix inverse =
                    MatrixUtils.inverse(new PearsonsCorrelation().computeCorrelationMatrix(transposed(columns)));
            double expected = -inverse.getEntry(0, 1) / Math.sqrt(inverse.getEntry(0, 0) * inverse.getEntry(1, 1));
            Inference.Estimate estimate = Draws.estimate(INFERENCE.partial(
                    "inverse", points(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5])));
            assertThat(estimate.value()).isCloseTo(expected, within(1e-10));
            assertThat(estimate.interval()).isEqualTo(ClosedForms.bonettWright(estimate.value(), 16, 4, .95));
        }
    }

    private static double[][] transposed(double[][] columns) {
        double[][] rows = new double[columns[0].length][columns.length];
        for (int c = 0; c < columns.length; c++) {
            double[] ranks = ranks(columns[c]);
            for (int i = 0; i < ranks.length; i++) {
                rows[i][c] = ranks[i];
            }
        }
        return rows;
    }

    @Test
    void rejectsNearlyAsOftenAsStatedWithFourCovariates() {
        // 3,000 null studies of 16 runs, where x and y depend on four covariates, one of them tied
        // in threes. For the bounds, see the next test.
        CorrelationInference inference = new CorrelationInference(new ResamplingPlan(6, 199, 100, .95));
        Random random = new Random(69);
        int tested = 0;
        int rejected = 0;
        int covered = 0;
        for (int trial = 0; trial < 3_000; trial++) {
            List<RunPoint> points = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                double[] z = random.doubles(4).map(u -> 2 * u - 1).toArray();
                z[3] = Math.floor(i / 3.0);
                double common = z[0] + z[1] - z[2] + .2 * z[3];
                points.add(
                        RunPoint.of("run-" + (10 + i), common + random.nextGaussian(), common + random.nextGaussian())
                                .given(z[0], z[1], z[2], z[3]));
            }
            if (inference.partial("null-" + trial, points) instanceof Inference.Estimate estimate) {
                tested++;
                rejected += estimate.p().orElseThrow().value() <= .05 ? 1 : 0;
                covered += estimate.interval().contains(0) ? 1 : 0;
            }
        }
        assertThat(tested).isGreaterThan(2_900);
        assertThat(rejected / (double) tested).isBetween(.03, .07);
        // The true rank correlation is near zero but not zero, so the lower bound allows more than
        // five standard errors.
        assertThat(covered / (double) tested).isBetween(.92, .975);
    }

    @Test
    void rejectsNearlyAsOftenAsStatedUnderTheNull() {
        // 3,000 null studies of 12 runs with a strong covariate and 199 draws. Freedman and Lane's
        // test is approximate. The bounds .05 ± .02 are five standard errors, a false alarm in a
        // million seeds if the test were exact.
        CorrelationInference inference = new CorrelationInference(new ResamplingPlan(6, 199, 100, .95));
        Random random = new Random(66);
        int tested = 0;
        int rejected = 0;
        for (int trial = 0; trial < 3_000; trial++) {
            if (inference.partial("null-" + trial, drawn(random, 12, 0)) instanceof Inference.Estimate estimate) {
                tested++;
                rejected += estimate.p().orElseThrow().value() <= .05 ? 1 : 0;
            }
        }
        assertThat(tested).isGreaterThan(2_900);
        assertThat(rejected / (double) tested).isBetween(.03, .07);
    }
}
