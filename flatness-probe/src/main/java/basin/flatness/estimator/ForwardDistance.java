package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.hipparchus.util.FastMath;

/** How far to go from the weights for {@link ForwardForms}: tried out on the first pairs. */
final class ForwardDistance {
    private static final int TRIED_PAIRS = 4;
    /** Of each pair's batch; twenty passes over large batches would be a good part of a short measurement. */
    private static final int TRIED_EXAMPLES = 64;
    /**
     * Distances that are tried, as multiples of what suits the arithmetic: shorter ones where the loss is curved more than twice, longer
     * ones where a large network's rounding outweighs so small a change.
     */
    private static final double[] MULTIPLES = {1, 0.5, 0.25, 2, 0.125, 4, 8, 16};
    /** So far a form may be from that over half the distance, relative to the forms' root mean square. */
    private static final double MOST_APART = 0.005;

    private ForwardDistance() {}

    /**
     * Returns the first distance over which the forms of some pairs are those over half of it.
     *
     * @param directions the direction of a pair
     */
    static double of(LossSurface surface, BatchSource batches, IntFunction<double[]> directions) {
        double suited = ForwardForms.distance(surface.precision());
        List<Tried> pairs = IntStream.range(0, TRIED_PAIRS)
                .mapToObj(pair -> new Tried(surface, batches, pair))
                .toList();
        double best = Double.POSITIVE_INFINITY;
        for (double multiple : MULTIPLES) {
            double squares = 0;
            double apart = 0;
            for (Tried pair : pairs) {
                ForwardForms.Forms whole = pair.over(multiple * suited, directions);
                ForwardForms.Forms half = pair.over(multiple * suited / 2, directions);
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
        throw new Refusal(String.format(
                Locale.ROOT,
                "second differences of the loss do not settle at these weights: halving their distance changes them by"
                        + " %.1f %% at best; use an estimator with exact products, such as 'paired'",
                100 * best));
    }

    /** A pair that distances are tried on. One's half is another's whole: each is looked at once. */
    private static final class Tried {
        private final LossSurface surface;
        private final TokenBatch batch;
        private final int pair;
        private final PerturbedForward middle;
        private final Map<Double, ForwardForms.Forms> looked = new HashMap<>();

        Tried(LossSurface surface, BatchSource batches, int pair) {
            TokenBatch drawn = batches.batch(pair);
            this.surface = surface;
            this.batch = drawn.part(0, FastMath.min(TRIED_EXAMPLES, drawn.size()));
            this.pair = pair;
            this.middle = surface.forward(batch, new double[surface.parameters()], 0);
        }

        ForwardForms.Forms over(double distance, IntFunction<double[]> directions) {
            return looked.computeIfAbsent(
                    distance, far -> ForwardForms.of(surface, batch, middle, directions.apply(pair), far));
        }
    }

    private static double square(double value) {
        return value * value;
    }
}
