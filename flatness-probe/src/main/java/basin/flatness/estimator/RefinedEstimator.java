package basin.flatness.estimator;

import basin.study.Estimator;
import basin.study.Quantity;
import org.hipparchus.util.FastMath;

/**
 * Estimates tr H, and its difference from tr F, from forward passes alone ({@link ForwardForms}),
 * with more probes where they pay. A first probe over the whole batch shows which examples have
 * large quadratic forms. Further probes go to a selection of examples drawn with probabilities
 * according to these ({@link Selection}). A few examples carry most of the probe noise, so they get
 * several probes and most others none. Each further probe is unbiased by itself, because its
 * direction is independent of the first probe. So is the first, and the value is a fixed mixture of
 * both.
 */
final class RefinedEstimator extends PairwiseEstimator {
    private static final int ROUNDS = 4;
    /** Expected number of examples per round, as a share of the batch. */
    private static final double SHARE = 0.125;
    /** Weight of the first probe; the others together have about half its variance. */
    private static final double FIRST = 1 / 3.0;

    RefinedEstimator() {
        super(Estimator.HESSIAN_REFINED);
    }

    @Override
    PairWork begin(LossSurface surface, BatchSource batches, MeasurementSettings settings) {
        long seed = settings.seed();
        double distance =
                ForwardDistance.of(surface, batches, pair -> ProbeSampler.signs(seed, pair, 0, surface.parameters()));
        return (pair, batch, from, to, samples) -> {
            try (Midpoint middle = surface.midpoint(batch)) {
                for (int probe = from; probe < to; probe++) {
                    measure(surface, middle, batch.size(), seed, pair, probe, distance, samples);
                }
            }
        };
    }

    private static void measure(
            LossSurface surface,
            Midpoint middle,
            int size,
            long seed,
            int pair,
            int probe,
            double distance,
            PairSamples samples) {
        int direction = probe * (1 + ROUNDS);
        double[][] first = ForwardForms.ofExamples(
                middle, size, ProbeSampler.signs(seed, pair, direction, surface.parameters()), distance);
        double[] sizes = new double[size];
        double hessian = 0;
        double gap = 0;
        for (int i = 0; i < size; i++) {
            double own = first[0][i] - first[1][i];
            sizes[i] = FastMath.abs(own) + first[1][i];
            hessian += FIRST * first[0][i];
            gap += FIRST * own;
        }
        double expected = FastMath.max(1, SHARE * size);
        for (int round = 0; round < ROUNDS; round++) {
            Selection selected = Selection.of(sizes, expected, ProbeSampler.selection(seed, pair, probe, round), false);
            Direction signs = ProbeSampler.signs(seed, pair, direction + 1 + round, surface.parameters());
            try (Midpoint some = middle.only(selected.examples())) {
                double[][] forms = ForwardForms.ofExamples(some, selected.examples().length, signs, distance);
                double sum = selected.sum(forms[0]);
                hessian += (1 - FIRST) / ROUNDS * sum;
                gap += (1 - FIRST) / ROUNDS * (sum - selected.sum(forms[1]));
            }
        }
        samples.put(Quantity.HESSIAN_TRACE, pair, hessian / size);
        samples.put(Quantity.HESSIAN_FISHER_GAP, pair, gap / size);
    }
}
