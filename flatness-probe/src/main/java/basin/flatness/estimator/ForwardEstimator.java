package basin.flatness.estimator;

import basin.events.Quantity;
import java.util.List;
import java.util.Locale;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.util.FastMath;

/**
 * Traces from forward passes alone ({@link ForwardForms}), one probe of independent signs a batch:
 *
 * <ul>
 *   <li>tr H from v'Hv, tr F from v'Fv, tr H − tr F from their difference of the same batch and probe;
 *   <li>tr(|θ| H |θ|) from v = |θ|∘u;
 *   <li>split: tr H as tr F + (tr H − tr F), with tr F of the same batch from a probe in output space. Near the optimum the difference has
 *       a third of the noise of v'Hv.
 * </ul>
 *
 * The distance of the differences is tried out on the first pairs: the first one is taken that gives the same as half of it.
 */
final class ForwardEstimator extends PairwiseEstimator {
    private static final int TRIED_PAIRS = 4;
    /** Distances that are tried, as multiples of what suits the arithmetic. */
    private static final double[] MULTIPLES = {1, 0.5, 0.25, 2, 0.125, 4};
    /** So far a form may be from that over half the distance, relative to the forms' root mean square. */
    private static final double MOST_APART = 0.005;

    private final boolean split;

    /** @param split whether tr F, and with it tr H, comes from a probe in output space */
    ForwardEstimator(String name, List<Quantity> quantities, boolean split) {
        super(name, quantities);
        this.split = split;
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        double[] scale = Directions.magnitudes(surface.theta());
        long seed = settings.seed();
        boolean plain = quantities().contains(Quantity.HESSIAN_TRACE)
                || quantities().contains(Quantity.HESSIAN_FISHER_GAP)
                || (!split && quantities().contains(Quantity.FISHER_TRACE));
        boolean adaptive = quantities().contains(Quantity.ADAPTIVE_TRACE);
        double straight = plain ? distance(surface, batches, pair -> Draws.signs(seed, pair, surface.parameters())) : 0;
        double scaled = adaptive
                ? distance(
                        surface,
                        batches,
                        pair -> Directions.scaled(Draws.signs(seed, pair, surface.parameters()), scale))
                : 0;
        double[] still = new double[surface.parameters()];
        return (pair, batch, samples) -> {
            double[] signs = Draws.signs(seed, pair, surface.parameters());
            Outlook middle = surface.look(batch, still, 0);
            if (plain) {
                ForwardForms.Forms forms = ForwardForms.of(surface, batch, middle, signs, straight);
                double gap = forms.hessian() - forms.fisher();
                double fisher = split
                        ? StatUtils.mean(surface.probedGradientNorms(batch, Draws.outputSigns(seed, pair, 0)))
                        : forms.fisher();
                samples.put(Quantity.FISHER_TRACE, pair, fisher);
                samples.put(Quantity.HESSIAN_TRACE, pair, split ? fisher + gap : forms.hessian());
                samples.put(Quantity.HESSIAN_FISHER_GAP, pair, gap);
            }
            if (adaptive) {
                ForwardForms.Forms forms =
                        ForwardForms.of(surface, batch, middle, Directions.scaled(signs, scale), scaled);
                samples.put(Quantity.ADAPTIVE_TRACE, pair, forms.hessian());
            }
        };
    }

    /** The direction of a pair. */
    @FunctionalInterface
    private interface DirectionSource {
        double[] of(int pair);
    }

    /** The first distance over which the forms of some pairs are those over half of it. */
    private static double distance(LossSurface surface, BatchSource batches, DirectionSource directions) {
        double suited = ForwardForms.distance(surface.precision());
        double[] still = new double[surface.parameters()];
        double best = Double.POSITIVE_INFINITY;
        for (double multiple : MULTIPLES) {
            double squares = 0;
            double apart = 0;
            for (int pair = 0; pair < TRIED_PAIRS; pair++) {
                MaskedBatch batch = batches.batch(pair);
                Outlook middle = surface.look(batch, still, 0);
                double[] direction = directions.of(pair);
                ForwardForms.Forms whole = ForwardForms.of(surface, batch, middle, direction, multiple * suited);
                ForwardForms.Forms half = ForwardForms.of(surface, batch, middle, direction, multiple * suited / 2);
                squares += square(half.hessian()) + square(half.fisher());
                apart += square(whole.hessian() - half.hessian()) + square(whole.fisher() - half.fisher());
            }
            double relative = squares == 0 ? 0 : FastMath.sqrt(apart / squares);
            if (relative <= MOST_APART) {
                // The whole distance errs by four thirds of what halving it changes, and rounding less than over half
                // of it.
                return multiple * suited;
            }
            best = FastMath.min(best, relative);
        }
        throw new ArithmeticException(String.format(
                Locale.ROOT,
                "second differences of the loss do not settle at these weights: halving their distance changes them by"
                        + " %.1f %% at best; use an estimator with exact products, such as 'paired'",
                100 * best));
    }

    private static double square(double value) {
        return value * value;
    }
}
