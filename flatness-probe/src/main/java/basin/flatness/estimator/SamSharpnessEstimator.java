package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Estimator;
import basin.study.Quantity;
import java.lang.foreign.Arena;

/**
 * Estimates L(θ + ρg/‖g‖) − L(θ), where g is the gradient of one fresh batch and the rise is
 * measured on another. This is the step of sharpness-aware minimisation (Foret, Kleiner, Mobahi and
 * Neyshabur, arXiv 2010.01412, equation 2), which maximises the loss's first-order model in the
 * ball ‖δ‖ ≤ ρ.
 *
 * <p>No other point of the ball is evaluated, so the value is at most the largest rise there. For
 * this to hold, the rise is measured on another batch than the one that chose the direction. On its
 * own batch a direction also rises by fitting that batch's noise, and the mean could exceed the
 * population's maximum.
 */
final class SamSharpnessEstimator extends PairwiseEstimator {
    private final double radius;

    /**
     * Creates the estimator.
     *
     * @param radius ρ, above 0
     */
    SamSharpnessEstimator(double radius) {
        super(Estimator.SHARPNESS_SAM);
        this.radius = radius;
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, from, to, samples) -> {
            // Batches numbered after those of all pairs are fresh.
            TokenBatch other = batches.batch(settings.pairs() + pair);
            double rise = 0;
            try (Arena memory = Arena.ofShared()) {
                ParameterVector gradient = surface.gradient(batch, memory);
                double norm = gradient.norm();
                if (norm > 0) {
                    double[] here = surface.losses(other);
                    double[] there = surface.losses(other, gradient, radius / norm);
                    for (int example = 0; example < here.length; example++) {
                        rise += (there[example] - here[example]) / here.length;
                    }
                }
            }
            for (int probe = from; probe < to; probe++) {
                samples.put(Quantity.SAM_SHARPNESS, pair, rise);
            }
        };
    }
}
