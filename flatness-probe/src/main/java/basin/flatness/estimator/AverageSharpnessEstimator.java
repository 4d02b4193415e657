package basin.flatness.estimator;

import basin.study.Estimator;

/**
 * E L(θ + ρz) − L(θ) from forward passes alone: z independent and standard normal, or scaled by |θ| entry by entry, one z and one fresh batch
 * a pair. Each z is looked at on both sides, so that the gradient's share, by far the noisiest, cancels out. Where ρ is small the mean is
 * ρ²/2 · tr H, or of the adaptive trace; it errs from that by order ρ⁴.
 */
final class AverageSharpnessEstimator extends PairwiseEstimator {
    private final double radius;
    private final boolean adaptive;

    /**
     * Of one of the two.
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
        double[] still = new double[surface.parameters()];
        return (pair, batch, from, to, samples) -> {
            double[] middle = surface.forward(batch, still, 0).losses();
            for (int probe = from; probe < to; probe++) {
                double[] normal = ProbeSampler.normal(settings.seed(), pair, probe, surface.parameters());
                double[] direction = adaptive ? Directions.scaled(normal, scale) : normal;
                double[] ahead = surface.forward(batch, direction, radius).losses();
                double[] behind = surface.forward(batch, direction, -radius).losses();
                double rise = 0;
                for (int example = 0; example < middle.length; example++) {
                    // Example by example: differences of small numbers are taken before large ones are added up.
                    rise += (ahead[example] - middle[example]) + (behind[example] - middle[example]);
                }
                samples.put(quantities().getFirst(), pair, rise / (2 * middle.length));
            }
        };
    }
}
