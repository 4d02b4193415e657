package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import org.hipparchus.util.FastMath;

/**
 * Chooses the step length of the finite differences of {@link ForwardForms} by trial on the first
 * pairs.
 */
final class ForwardDistance {
    private static final int TRIED_PAIRS = 4;
    /**
     * Examples tried from each pair's batch. Limited, because twenty passes over large batches
     * would be a substantial part of a short measurement.
     */
    private static final int TRIED_EXAMPLES = 64;
    /**
     * Step lengths to try, as multiples of the default for the arithmetic's precision. Shorter ones
     * suit losses with large higher derivatives; longer ones suit large networks, in which rounding
     * exceeds so small a change.
     */
    private static final double[] MULTIPLES = {1, 0.5, 0.25, 2, 0.125, 4, 8, 16};
    /**
     * Largest accepted difference between the forms at a step length and at half of it, relative to
     * the forms' root mean square.
     */
    private static final double LARGEST_CHANGE = 0.005;

    private ForwardDistance() {}

    /**
     * Returns the first step length at which the forms of the trial pairs agree with those at half
     * of it.
     *
     * @param directions the direction for each pair
     * @throws Refusal if no step length passes
     */
    static double of(LossSurface surface, BatchSource batches, IntFunction<Direction> directions) {
        List<Midpoint> middles = new ArrayList<>();
        List<DoubleFunction<ForwardForms.Forms>> pairs = new ArrayList<>();
        try {
            for (int pair = 0; pair < TRIED_PAIRS; pair++) {
                TokenBatch drawn = batches.batch(pair);
                TokenBatch batch = drawn.part(0, FastMath.min(TRIED_EXAMPLES, drawn.size()));
                middles.add(surface.midpoint(batch));
                pairs.add(forms(middles.getLast(), batch.size(), directions.apply(pair)));
            }
            return of(pairs, ForwardForms.distance(surface.precision()));
        } finally {
            middles.forEach(Midpoint::close);
        }
    }

    private static double of(List<DoubleFunction<ForwardForms.Forms>> pairs, double suited) {
        double best = Double.POSITIVE_INFINITY;
        for (double multiple : MULTIPLES) {
            double squares = 0;
            double apart = 0;
            for (DoubleFunction<ForwardForms.Forms> pair : pairs) {
                ForwardForms.Forms whole = pair.apply(multiple * suited);
                ForwardForms.Forms half = pair.apply(multiple * suited / 2);
                squares += square(half.hessian()) + square(half.fisher());
                apart += square(whole.hessian() - half.hessian()) + square(whole.fisher() - half.fisher());
            }
            double relative = squares == 0 ? 0 : FastMath.sqrt(apart / squares);
            if (relative <= LARGEST_CHANGE) {
                // The full step's error is four thirds of the change on halving, and its rounding
                // error is smaller than the half step's.
                return multiple * suited;
            }
            best = FastMath.min(best, relative);
        }
        throw new Refusal(String.format(
                Locale.ROOT,
                "second differences of the loss do not settle at these weights: halving their distance changes them by"
                        + " %.1f %% at best; use an estimator with exact products, such as 'paired'",
                100 * best));
    }

    /**
     * Returns a pair's forms as a function of the step length. Cached, because half of one step
     * length may be another.
     */
    private static DoubleFunction<ForwardForms.Forms> forms(Midpoint middle, int size, Direction direction) {
        Map<Double, ForwardForms.Forms> known = new HashMap<>();
        return distance -> known.computeIfAbsent(distance, far -> ForwardForms.of(middle, size, direction, far));
    }

    private static double square(double value) {
        return value * value;
    }
}
