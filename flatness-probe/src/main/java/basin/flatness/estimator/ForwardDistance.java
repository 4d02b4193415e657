package basin.flatness.estimator;

import basin.network.TokenBatch;
import basin.study.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.hipparchus.util.FastMath;

/** Chooses the distance of the differences of {@link ForwardForms} by trial on the first pairs. */
final class ForwardDistance {
    private static final int TRIED_PAIRS = 4;
    /** Of each pair's batch; twenty passes over large batches would be a good part of a short measurement. */
    private static final int TRIED_EXAMPLES = 64;
    /**
     * Distances that are tried, as multiples of what suits the arithmetic: shorter ones where the loss is curved more than twice, longer
     * ones where a large network's rounding outweighs so small a change.
     */
    private static final double[] MULTIPLES = {1, 0.5, 0.25, 2, 0.125, 4, 8, 16};
    /** Largest difference between the forms over a distance and over half of it, relative to the forms' root mean square. */
    private static final double LARGEST_CHANGE = 0.005;

    private ForwardDistance() {}

    /**
     * Returns the first distance over which the forms of some pairs are those over half of it.
     *
     * @param directions the direction of a pair
     */
    static double of(LossSurface surface, BatchSource batches, IntFunction<double[]> directions) {
        double suited = ForwardForms.distance(surface.precision());
        List<DoubleFunction<ForwardForms.Forms>> pairs = IntStream.range(0, TRIED_PAIRS)
                .mapToObj(pair -> forms(surface, batches.batch(pair), () -> directions.apply(pair)))
                .toList();
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

    /** A pair's forms by distance. One's half is another's whole: each is computed once. */
    private static DoubleFunction<ForwardForms.Forms> forms(
            LossSurface surface, TokenBatch drawn, Supplier<double[]> direction) {
        TokenBatch batch = drawn.part(0, FastMath.min(TRIED_EXAMPLES, drawn.size()));
        PerturbedForward middle = surface.forward(batch, new double[surface.parameters()], 0);
        Map<Double, ForwardForms.Forms> known = new HashMap<>();
        return distance ->
                known.computeIfAbsent(distance, far -> ForwardForms.of(surface, batch, middle, direction.get(), far));
    }

    private static double square(double value) {
        return value * value;
    }
}
