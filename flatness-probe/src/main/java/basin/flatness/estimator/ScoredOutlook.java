package basin.flatness.estimator;

import java.util.stream.IntStream;
import org.hipparchus.util.FastMath;

/** An outlook that keeps the scores of one prediction an example. Immutable. */
final class ScoredOutlook implements Outlook {
    private final double[][] scores;
    private final double[] normalizers;
    private final double[] losses;
    private final double[] misses;

    /**
     * @param scores of every example, before the softmax; not copied: the caller gives it away
     * @param targets the distributions that the scores are to come to, of every example
     * @param firstTarget the score that a target's first entry belongs to
     */
    ScoredOutlook(double[][] scores, double[][] targets, int firstTarget) {
        this(
                scores,
                targets,
                IntStream.generate(() -> firstTarget).limit(scores.length).toArray());
    }

    /**
     * The same with targets that do not all begin at one score.
     *
     * @param firstTargets of every example, the score that its target's first entry belongs to
     */
    ScoredOutlook(double[][] scores, double[][] targets, int[] firstTargets) {
        this.scores = scores;
        this.normalizers = new double[scores.length];
        this.losses = new double[scores.length];
        this.misses = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double[] own = scores[i];
            normalizers[i] = logSumExp(own);
            double squares = 0;
            for (int y = 0; y < own.length; y++) {
                int word = y - firstTargets[i];
                double target = word >= 0 && word < targets[i].length ? targets[i][word] : 0;
                double logarithm = own[y] - normalizers[i];
                if (target != 0) {
                    losses[i] -= target * logarithm;
                }
                double miss = FastMath.exp(logarithm) - target;
                squares += miss * miss;
            }
            misses[i] = FastMath.sqrt(squares);
        }
    }

    private ScoredOutlook(ScoredOutlook whole, int[] examples) {
        this.scores = new double[examples.length][];
        this.normalizers = new double[examples.length];
        this.losses = new double[examples.length];
        this.misses = new double[examples.length];
        for (int k = 0; k < examples.length; k++) {
            scores[k] = whole.scores[examples[k]];
            normalizers[k] = whole.normalizers[examples[k]];
            losses[k] = whole.losses[examples[k]];
            misses[k] = whole.misses[examples[k]];
        }
    }

    @Override
    public ScoredOutlook only(int... examples) {
        return new ScoredOutlook(this, examples);
    }

    @Override
    public double[] losses() {
        return losses;
    }

    @Override
    public double[] misses() {
        return misses;
    }

    @Override
    public double[] spreads() {
        double[] spreads = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double squares = 0;
            for (double score : scores[i]) {
                double probability = FastMath.exp(score - normalizers[i]);
                squares += probability * probability;
            }
            spreads[i] = 1 - squares;
        }
        return spreads;
    }

    @Override
    public double[] variances(Outlook ahead, Outlook behind) {
        if (!(ahead instanceof ScoredOutlook further && behind instanceof ScoredOutlook before)) {
            throw new IllegalArgumentException("These are outlooks of another surface.");
        }
        double[] variances = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double[] probabilities = new double[scores[i].length];
            double mean = 0;
            for (int y = 0; y < probabilities.length; y++) {
                probabilities[y] = FastMath.exp(scores[i][y] - normalizers[i]);
                mean += probabilities[y] * (further.scores[i][y] - before.scores[i][y]);
            }
            for (int y = 0; y < probabilities.length; y++) {
                double off = further.scores[i][y] - before.scores[i][y] - mean;
                variances[i] += probabilities[y] * off * off;
            }
        }
        return variances;
    }

    /** log Σ exp, without overflow. */
    private static double logSumExp(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = FastMath.max(largest, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += FastMath.exp(score - largest);
        }
        return largest + FastMath.log(sum);
    }
}
