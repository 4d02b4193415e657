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
        double[] scale = Directions.magnitudes(surface.theta());
        double[] zeros = new double[surface.parameters()];
        return (pair, batch, from, to, samples) -> {
            double[] middle = surface.forward(batch, zeros, 0).losses();
            for (int probe = from; probe < to; probe++) {
                double[] normal = ProbeSampler.normal(settings.seed(), pair, probe, surface.parameters());
                double[] direction = adaptive ? Directions.scaled(normal, scale) : normal;
                double[] ahead = surface.forward(batch, direction, radius).losses();
                double[] behind = surface.forward(batch, direction, -radius).losses();
                double rise = 0;
                for (int example = 0; example < middle.length; example++) {
                    // Differences of small numbers are taken example by example, before large
                    // numbers are summed.
                    rise += (ahead[example] - middle[example]) + (behind[example] - middle[example]);
                }
                samples.put(quantities().getFirst(), pair, rise / (2 * middle.length));
            }
        };
    }
}
