package basin.flatness.estimator;

import basin.events.Quantity;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * Traces in two phases: a forward pass over the whole batch tells which examples matter, and only a selection of them, drawn with chances
 * after that ({@link Selection}), is given the dearer second phase. Unbiased for any sizes by which one selects.
 *
 * <ul>
 *   <li>tr F: examples by the covariance trace of a label drawn from their prediction, for ‖J's‖² grows with ‖s‖²; most predictions of a
 *       trained model are nearly certain and add next to nothing;
 *   <li>tr H − tr F: examples by the distance of prediction and target, for H − F = Σ_y (p(y) − p*(y)) ∇²z_y; quadratic forms from
 *       forward passes alone ({@link ForwardForms});
 *   <li>tr H as the sum of both.
 * </ul>
 */
final class SelectedEstimator extends PairwiseEstimator {
    /** Meetings expected in a selection, as a share of the batch. */
    private static final double SHARE = 0.25;

    private static final int LEAST_EXAMPLES = 2560;

    private final boolean hessian;

    /** @param hessian whether tr H and its difference from tr F are measured too */
    SelectedEstimator(String name, boolean hessian) {
        super(
                name,
                hessian
                        ? List.of(Quantity.HESSIAN_TRACE, Quantity.FISHER_TRACE, Quantity.HESSIAN_FISHER_GAP)
                        : List.of(Quantity.FISHER_TRACE),
                new Cost(1 / 3.0, SHARE * (hessian ? 4 / 3.0 : 2 / 3.0)));
        this.hessian = hessian;
    }

    /** A selection is a quarter of the batch, and its weights are uneven. */
    @Override
    public int leastExamples() {
        return LEAST_EXAMPLES;
    }

    @Override
    <B extends Batch<B>> PairWork<B> begin(
            LossSurface<B> surface, BatchSource<B> batches, MeasurementSettings settings) {
        long seed = settings.seed();
        double distance = hessian
                ? ForwardDistance.of(surface, batches, pair -> Draws.signs(seed, pair, 0, surface.parameters()))
                : 0;
        double[] still = new double[surface.parameters()];
        return (pair, batch, from, to, samples) -> {
            Outlook middle = surface.look(batch, still, 0);
            double expected = FastMath.max(1, SHARE * batch.size());
            for (int probe = from; probe < to; probe++) {
                double uniform = Draws.selection(seed, pair, probe);
                Selection uncertain = Selection.of(middle.spreads(), expected, uniform, true);
                double fisher = uncertain.sum(surface.gradientNorms(
                                batch.only(uncertain.examples()), Draws.outputSigns(seed, pair, probe)))
                        / batch.size();
                samples.put(Quantity.FISHER_TRACE, pair, fisher);
                if (hessian) {
                    Selection wrong = Selection.of(middle.misses(), expected, uniform, false);
                    B some = batch.only(wrong.examples());
                    double[][] forms = ForwardForms.ofExamples(
                            surface,
                            some,
                            surface.look(some, still, 0),
                            Draws.signs(seed, pair, probe, surface.parameters()),
                            distance);
                    double[] gaps = new double[forms[0].length];
                    for (int i = 0; i < gaps.length; i++) {
                        gaps[i] = forms[0][i] - forms[1][i];
                    }
                    double gap = wrong.sum(gaps) / batch.size();
                    samples.put(Quantity.HESSIAN_FISHER_GAP, pair, gap);
                    samples.put(Quantity.HESSIAN_TRACE, pair, fisher + gap);
                }
            }
        };
    }
}
