package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Association;
import java.util.Random;
import java.util.stream.IntStream;
import org.hipparchus.stat.correlation.KendallsCorrelation;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of the correlation coefficients against values computed by hand. */
class AssociationTest {
    /**
     * Midranks 1, 2.5, 2.5, 4, 5, 6 and 1, 4, 2.5, 2.5, 5.5, 5.5. Of 15 pairs, 11 are concordant, 1
     * is discordant, 1 is tied in x and 2 are tied in y.
     */
    private static final double[] X = {1, 2, 2, 3, 4, 5};

    private static final double[] Y = {1, 3, 2, 2, 5, 5};

    static double library(Association association, double[] x, double[] y) {
        return switch (association) {
            case PEARSON -> new PearsonsCorrelation().correlation(x, y);
            case SPEARMAN -> new SpearmansCorrelation().correlation(x, y);
            case KENDALL -> new KendallsCorrelation().correlation(x, y);
        };
    }

    @Test
    void countsTiesAsDoneByHand() {
        // Deviations of ranks: Sxy = 14.25, Sxx = 17, Syy = 16.5.
        assertThat(CountedStatistic.of(Association.SPEARMAN, X, Y).estimate())
                .isCloseTo(14.25 / Math.sqrt(17 * 16.5), within(1e-15));
        assertThat(CountedStatistic.of(Association.KENDALL, X, Y).estimate())
                .isCloseTo(10 / Math.sqrt(14.0 * 13), within(1e-15));
        // Deviations of values from means 17/6 and 3: Sxy = 11, Sxx = 59 − 289/6, Syy = 68 − 54.
        assertThat(CountedStatistic.of(Association.PEARSON, X, Y).estimate())
                .isCloseTo(11 / Math.sqrt((59 - 289 / 6.0) * 14), within(1e-15));
    }

    @Test
    void agreesWithWholeNumbersWithoutTies() {
        double[] x = {1, 2, 3, 4, 5, 6};
        double[] y = {2, 1, 4, 3, 6, 5};
        // Squared rank differences sum to 6: 1 − 6·6/210. Three of fifteen pairs disagree.
        assertThat(CountedStatistic.of(Association.SPEARMAN, x, y).estimate()).isCloseTo(29.0 / 35, within(1e-15));
        assertThat(CountedStatistic.of(Association.KENDALL, x, y).estimate()).isEqualTo(.6);
        assertThat(CountedStatistic.of(Association.KENDALL, x, x).estimate()).isEqualTo(1);
        assertThat(CountedStatistic.of(Association.SPEARMAN, x, x).estimate()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void agreesWithTheLibraryOnTiedValues(Association association) {
        Random random = new Random(11);
        for (int trial = 0; trial < 200; trial++) {
            int n = 4 + random.nextInt(20);
            double[] x = Draws.tied(random, n, 2 + random.nextInt(8));
            double[] y = trial % 2 == 0 ? Draws.tied(random, n, 5) : Draws.plain(random, n);
            double expected = library(association, x, y);
            double found = CountedStatistic.of(association, x, y).estimate();
            if (PointChecks.isConstant(x) || PointChecks.isConstant(y)) {
                assertThat(found).isNaN();
            } else {
                assertThat(found).isCloseTo(expected, within(1e-13));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Association.class)
    void countsStandForRepeatedRuns(Association association) {
        Random random = new Random(12);
        for (int trial = 0; trial < 200; trial++) {
            int n = 4 + random.nextInt(12);
            double[] x = Draws.tied(random, n, 9);
            double[] y = Draws.plain(random, n);
            int[] counts = new int[n];
            random.ints(n, 0, n).forEach(i -> counts[i]++);
            int[] drawn = IntStream.range(0, n)
                    .flatMap(i -> IntStream.generate(() -> i).limit(counts[i]))
                    .toArray();
            double[] repeatedX = IntStream.of(drawn).mapToDouble(i -> x[i]).toArray();
            double[] repeatedY = IntStream.of(drawn).mapToDouble(i -> y[i]).toArray();
            double found = CountedStatistic.of(association, x, y).at(counts);
            if (PointChecks.isConstant(repeatedX) || PointChecks.isConstant(repeatedY)) {
                assertThat(found).isNaN();
            } else {
                assertThat(found).isCloseTo(library(association, repeatedX, repeatedY), within(1e-13));
            }
        }
    }
}
