package basin.flatness.estimator;

import basin.study.Estimator;

/**
 * Estimates the average sharpness E L(θ + ρz) − L(θ) from forward passes alone. The entries of z
 * are independent and standard normal, or normal and scaled elementwise by |θ|. Each pair has one z
 * and one fresh batch. Each z is evaluated on both sides (antithetic sampling), so the gradient's
 * contribution, by far the noisiest, cancels. For small ρ the mean is ρ²/2 · tr H, or ρ²/2 times
 * the adaptive trace, with an error of order ρ⁴.
 */
final class AverageSharpnessEstimator extends PairwiseEstimator {
    private final double radius;
    private final boolean adaptive;

    /**
     * Creates the plain or the adaptive estimator.
     *
     * @param radius ρ, above 0
     * @param adaptive whether z is scaled by |θ|
     */
    AverageSharpnessEstimator(Estimator estimator, double radius, boolean adaptive) {
        super(estimator);
        this.radius = radius;
        this.adaptive = adaptive;
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        return (pair, batch, from, to, samples) -> {
            try (Midpoint middle = surface.midpoint(batch)) {
                for (int probe = from; probe < to; probe++) {
                    Direction normal = ProbeSampler.normal(settings.seed(), pair, probe, surface.parameters());
                    Direction direction = adaptive ? Directions.scaled(normal, surface.theta()) : normal;
                    Midpoint.Differences moved = middle.differences(direction, radius);
                    double rise = 0;
                    for (int example = 0; example < batch.size(); example++) {
                        rise += moved.second(example);
                    }
                    samples.put(quantities().getFirst(), pair, rise / (2 * batch.size()));
                }
            }
        };
    }
}
