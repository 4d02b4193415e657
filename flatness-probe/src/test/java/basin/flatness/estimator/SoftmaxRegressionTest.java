package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.flatness.measurement.Measurement;
import basin.network.TokenBatch;
import basin.study.Estimator;
import basin.study.Quantity;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Runs the kit on a surface with a closed form. */
class SoftmaxRegressionTest extends EstimatorKit {
    private static final CountedLanguage LANGUAGE = new CountedLanguage(4, 3, 64, 5);
    private static final SoftmaxRegression SURFACE = surface();
    private static final Map<Quantity, Double> TRUTH = exactTruth();

    @Override
    LossSurface surface(int part) {
        return SURFACE;
    }

    @Override
    CountedLanguage language() {
        return LANGUAGE;
    }

    @Override
    int batch() {
        return 8;
    }

    @Override
    Map<Quantity, Double> truth() {
        return TRUTH;
    }

    private static Map<Quantity, Double> exactTruth() {
        TokenBatch everything = LANGUAGE.everything();
        double trace = SURFACE.trace(everything);
        return Map.of(
                Quantity.FISHER_TRACE,
                trace,
                Quantity.HESSIAN_TRACE,
                trace,
                Quantity.ADAPTIVE_TRACE,
                SURFACE.adaptiveTrace(everything),
                Quantity.HESSIAN_FISHER_GAP,
                0.0,
                Quantity.DATA_FISHER_TRACE,
                SURFACE.dataFisherTrace(everything));
    }

    @Override
    double[] hessianDiagonal() {
        return SURFACE.diagonal(LANGUAGE.everything());
    }

    @Override
    double[] fisherDiagonal() {
        return hessianDiagonal();
    }

    @Override
    boolean alwaysExact(Quantity quantity) {
        return quantity == Quantity.HESSIAN_FISHER_GAP;
    }

    @Test
    void theGapIsZeroWhereLogitsAreLinear() {
        List<Measurement> measured = measure(Estimators.of(Estimator.of("paired")), 3, 80);
        Measurement gap = measured.getLast();
        assertThat(gap.quantity()).isEqualTo(Quantity.HESSIAN_FISHER_GAP);
        assertThat(gap.value().value()).isCloseTo(0, within(1e-12));
        assertThat(gap.value().standardError()).isCloseTo(0, within(1e-12));
    }

    private static SoftmaxRegression surface() {
        double[] theta = new double[LANGUAGE.maxLength() * LANGUAGE.words() * LANGUAGE.words()];
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < theta.length; i++) {
            theta[i] = random.nextGaussian();
        }
        return new SoftmaxRegression(LANGUAGE.words(), theta);
    }
}
