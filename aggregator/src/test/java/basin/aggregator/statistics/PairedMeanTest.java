package basin.aggregator.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import basin.aggregator.statistics.PairedMean.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Tests of mean paired differences against values computed by hand and against all sign patterns.
 */
class PairedMeanTest {
    private static final ResamplingPlan PLAN = new ResamplingPlan(7, 999, 100, .95);

    private static List<Pair> pairs(double... differences) {
        List<Pair> pairs = new ArrayList<>();
        for (double difference : differences) {
            pairs.add(new Pair(difference, .1));
        }
        return pairs;
    }

    /**
     * Mean 2, standard error 1/√3 and Student's quantile 4.302653 with two degrees of freedom; the
     * two outermost of 8 sign patterns are as extreme.
     */
    @Test
    void threePairsByHand() {
        PairedMean mean = PairedMean.of(pairs(1, 2, 3), PLAN, "hand");
        assertThat(mean.mean()).isEqualTo(2);
        assertThat(mean.standardError()).isCloseTo(.5773502692, within(1e-9));
        assertThat(mean.interval().low()).isCloseTo(2 - 4.3026527297 * .5773502692, within(1e-7));
        assertThat(mean.interval().high()).isCloseTo(2 + 4.3026527297 * .5773502692, within(1e-7));
        assertThat(mean.p().orElseThrow().value()).isEqualTo(.25);
        assertThat(mean.p().orElseThrow().method()).isEqualTo(PValue.Method.EXACT_SIGN_FLIP);
    }

    @Test
    void onePairHasTheErrorsOfItsMeasurementsAlone() {
        PairedMean mean = PairedMean.of(pairs(.5), PLAN, "one");
        assertThat(mean.standardError()).isEqualTo(.1);
        assertThat(mean.interval().high()).isCloseTo(.5 + .1 * 1.959963985, within(1e-8));
        assertThat(mean.interval().method()).isEqualTo(Interval.Method.MEASUREMENT);
        assertThat(mean.p()).isEmpty();
    }

    @Test
    void countsEveryPatternOfSigns() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 60; round++) {
            int n = 2 + round % 9;
            double[] differences = new double[n];
            for (int i = 0; i < n; i++) {
                // A few distinct values make sums tie.
                differences[i] = round % 2 == 0 ? random.nextInt(-3, 4) * .1 : random.nextGaussian() + .5;
            }
            assertThat(PairedMean.of(pairs(differences), PLAN, "all")
                            .p()
                            .orElseThrow()
                            .value())
                    .as("round %d", round)
                    .isEqualTo(enumerated(differences));
        }
    }

    private static double enumerated(double[] differences) {
        double seen = 0;
        for (double difference : differences) {
            seen += difference;
        }
        int extreme = 0;
        for (int pattern = 0; pattern < 1 << differences.length; pattern++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += (pattern >> i & 1) == 0 ? differences[i] : -differences[i];
            }
            extreme += Math.abs(sum) >= Math.abs(seen) - 1e-9 ? 1 : 0;
        }
        return (double) extreme / (1 << differences.length);
    }

    /**
     * Tests that sign patterns are drawn if there are too many to count. The p-value is near the
     * counted one, positive and reproducible.
     */
    @Test
    void drawsWhereThereAreTooMany() {
        double[] few = new double[PairedMean.MAX_EXACT];
        double[] many = new double[PairedMean.MAX_EXACT + 1];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < few.length; i++) {
            few[i] = random.nextGaussian() + .3;
            many[i] = few[i];
        }
        ResamplingPlan plan = new ResamplingPlan(7, 20_000, 100, .95);
        PValue counted = PairedMean.of(pairs(few), plan, "few").p().orElseThrow();
        // The additional difference is zero and changes no sum.
        PValue drawn = PairedMean.of(pairs(many), plan, "many").p().orElseThrow();
        assertThat(drawn.method()).isEqualTo(PValue.Method.DRAWN_SIGN_FLIP);
        assertThat(drawn.value())
                .isCloseTo(counted.value(), within(5 * Math.sqrt(counted.value() / plan.permutations())))
                .isPositive();
        assertThat(PairedMean.of(pairs(many), plan, "many").p().orElseThrow()).isEqualTo(drawn);
    }

    /**
     * Tests that without a difference, a 95 % interval excludes zero in 5 % of studies, and p is at
     * most 0.05 in no more. For 2,000 fixed studies of six normal pairs, five standard errors are
     * allowed, a false alarm in about two million seeds.
     */
    @Test
    void coversAsItSays() {
        SplittableRandom random = new SplittableRandom(11);
        int studies = 2_000;
        int left = 0;
        int small = 0;
        for (int study = 0; study < studies; study++) {
            double[] differences =
                    random.doubles(6).map(any -> random.nextGaussian()).toArray();
            PairedMean mean = PairedMean.of(pairs(differences), PLAN, "null");
            left += mean.interval().contains(0) ? 0 : 1;
            small += mean.p().orElseThrow().value() <= .05 ? 1 : 0;
        }
        double error = Math.sqrt(.05 * .95 / studies);
        assertThat((double) left / studies).isCloseTo(.05, within(5 * error));
        assertThat((double) small / studies).isLessThan(.05 + 5 * error).isPositive();
    }

    @Test
    void refusesWhatIsNoDifference() {
        assertThatThrownBy(() -> PairedMean.of(List.of(), PLAN, "none")).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Pair(Double.NaN, 0)).hasMessageContaining("finite");
    }
}
