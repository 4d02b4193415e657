package basin.flatness.estimator;

import basin.record.Measured;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/** tr(A)²/‖A‖²_F, free from products: E‖Av‖² = ‖A‖²_F for a probe v of independent signs. */
final class EffectiveRank {
    private EffectiveRank() {}

    /**
     * The rank from a trace and the squared norms of the products behind it. The square of a mean is too large by the mean's
     * variance, which is taken off; nothing is given where the trace cannot be told from zero that way.
     *
     * @param trace mean of v'Av over pairs
     * @param squaredNorms ‖Av‖², one a pair
     */
    static Optional<Double> of(Measured trace, double[] squaredNorms) {
        double square = trace.value() * trace.value() - trace.standardError() * trace.standardError();
        double frobenius = StatUtils.mean(squaredNorms);
        return square > 0 && frobenius > 0 ? Optional.of(square / frobenius) : Optional.empty();
    }
}
