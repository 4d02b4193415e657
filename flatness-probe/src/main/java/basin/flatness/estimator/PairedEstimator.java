package basin.flatness.estimator;

import basin.events.Measured;
import basin.events.Quantity;
import basin.events.spec.EstimatorSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * Several quantities from the same pairs of one fresh batch and one fresh probe, so that they are compared on the same draws:
 *
 * <ul>
 *   <li>tr F: mean ‖∇ log p(y)‖² of the batch's examples, labels drawn from the model (sampled Fisher);
 *   <li>tr H: v'Hv with independent signs v (Hutchinson 1990), an exact product, targets as the batch states them;
 *   <li>tr(|θ| H |θ|): the same with v = |θ|∘u, u the signs of the product before;
 *   <li>tr H − tr F: v'Hv − v'Fv from one product. Near the optimum this has far less noise than the difference of the two
 *       traces above, because batch and probe are the same in both terms.
 * </ul>
 *
 * Asked for some quantities only, it does only their work and gives the same bits.
 */
final class PairedEstimator implements FlatnessEstimator {
    private final String name;
    private final List<Quantity> quantities;

    PairedEstimator(String name, List<Quantity> quantities) {
        this.name = name;
        this.quantities = List.copyOf(quantities);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public List<Quantity> quantities() {
        return quantities;
    }

    @Override
    public int leastPairs() {
        return EstimatorSpec.LEAST_PAIRS;
    }

    @Override
    public int leastExamples() {
        return EstimatorSpec.LEAST_EXAMPLES;
    }

    @Override
    public List<Measurement> measure(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        if (settings.pairs() < leastPairs()) {
            throw new IllegalArgumentException("flatness.pairs is " + settings.pairs() + ": give at least "
                    + leastPairs() + ", below which the interval of '" + name + "' does not cover.");
        }
        int examples = settings.pairs() * batches.batch(0).size();
        if (examples < leastExamples()) {
            throw new IllegalArgumentException("flatness.batch makes " + examples + " examples in all: give at least "
                    + Math.ceilDiv(leastExamples(), settings.pairs()) + " a batch, below which the interval of '" + name
                    + "' does not cover.");
        }
        Map<Quantity, Samples> samples = new EnumMap<>(Quantity.class);
        quantities.forEach(quantity -> samples.put(quantity, new Samples(settings.pairs())));
        double[] scale = magnitudes(surface.theta());
        for (int pair = 0; pair < settings.pairs(); pair++) {
            measurePair(pair, surface, batches.batch(pair), scale, settings.seed(), samples);
        }
        return quantities.stream()
                .map(quantity -> measurement(quantity, required(samples, quantity), surface.parameters(), settings))
                .toList();
    }

    private void measurePair(
            int pair,
            LossSurface surface,
            MaskedBatch batch,
            double[] scale,
            long seed,
            Map<Quantity, Samples> samples) {
        if (quantities.contains(Quantity.FISHER_TRACE)) {
            double[] norms = surface.sampledGradientNorms(batch, Draws.uniforms(seed, pair, batch.size()));
            required(samples, Quantity.FISHER_TRACE).values[pair] = StatUtils.mean(norms);
        }
        boolean plain = quantities.contains(Quantity.HESSIAN_TRACE) || quantities.contains(Quantity.HESSIAN_FISHER_GAP);
        boolean adaptive = quantities.contains(Quantity.ADAPTIVE_TRACE);
        if (!plain && !adaptive) {
            return;
        }
        double[] signs = Draws.signs(seed, pair, surface.parameters());
        List<double[]> directions = new ArrayList<>();
        if (plain) {
            directions.add(signs);
        }
        if (adaptive) {
            directions.add(scaled(signs, scale));
        }
        List<CurvatureProduct> products = surface.products(batch, directions);
        if (plain) {
            CurvatureProduct product = products.getFirst();
            double hessianForm = product.hessianForm();
            samples.computeIfPresent(
                    Quantity.HESSIAN_TRACE, (quantity, kept) -> kept.put(pair, hessianForm, product.squaredNorm()));
            samples.computeIfPresent(
                    Quantity.HESSIAN_FISHER_GAP,
                    (quantity, kept) -> kept.put(pair, hessianForm - product.fisherForm(), 0));
        }
        if (adaptive) {
            CurvatureProduct product = products.getLast();
            required(samples, Quantity.ADAPTIVE_TRACE).put(pair, product.hessianForm(), product.squaredNorm(scale));
        }
    }

    private static Measurement measurement(
            Quantity quantity, Samples samples, int parameters, MeasurementSettings settings) {
        Measured mean = PairStatistics.mean(samples.values);
        Optional<Double> rank = switch (quantity) {
            case HESSIAN_TRACE, ADAPTIVE_TRACE -> EffectiveRank.of(mean, samples.squaredNorms);
            case FISHER_TRACE, HESSIAN_FISHER_GAP -> Optional.empty();
        };
        return new Measurement(
                quantity,
                mean,
                PairStatistics.interval(samples.values, settings.confidence()),
                settings.pairs(),
                rank,
                parameters);
    }

    private static Samples required(Map<Quantity, Samples> samples, Quantity quantity) {
        return Objects.requireNonNull(samples.get(quantity));
    }

    private static double[] magnitudes(double[] theta) {
        double[] magnitudes = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            magnitudes[i] = Math.abs(theta[i]);
        }
        return magnitudes;
    }

    private static double[] scaled(double[] signs, double[] scale) {
        double[] direction = new double[signs.length];
        for (int i = 0; i < signs.length; i++) {
            direction[i] = signs[i] * scale[i];
        }
        return direction;
    }

    /** One value a pair, and the squared norm of the product behind it where there is one. */
    private static final class Samples {
        private final double[] values;
        private final double[] squaredNorms;

        Samples(int pairs) {
            this.values = new double[pairs];
            this.squaredNorms = new double[pairs];
        }

        Samples put(int pair, double value, double squaredNorm) {
            values[pair] = value;
            squaredNorms[pair] = squaredNorm;
            return this;
        }
    }
}
