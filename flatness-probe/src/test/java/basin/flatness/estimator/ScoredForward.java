package basin.flatness.estimator;

import basin.network.TokenBatch;
import java.util.Arrays;
import org.hipparchus.util.FastMath;

/**
 * A forward pass that keeps the scores of every prediction, computed in Java. A sample's values are
 * means over its predictions. Immutable.
 *
 * @param batch samples, with one prediction each
 * @param scores [predictions, vocabulary], before the softmax
 * @param losses loss of each sample, in nats
 */
@SuppressWarnings("ArrayRecordComponent") // As many as scores; shared and read only.
record ScoredForward(TokenBatch batch, double[][] scores, double[] losses) {
    static ScoredForward of(TokenBatch batch, double[][] scores) {
        double[] losses = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            double[] targets = batch.targetOf(k);
            double normalizer = logSumExp(scores[k]);
            for (int y = 0; y < targets.length; y++) {
                if (targets[y] != 0) {
                    losses[k] -= targets[y] * (scores[k][batch.firstTargetOf(k) + y] - normalizer);
                }
            }
        }
        return new ScoredForward(batch, scores, means(batch, losses));
    }

    ScoredForward withLosses(double[] others) {
        return new ScoredForward(batch, scores, others);
    }

    private static double[] means(TokenBatch batch, double[] ofPredictions) {
        double[] means = new double[batch.size()];
        for (int k = 0; k < ofPredictions.length; k++) {
            int sample = batch.sequenceOf(k);
            means[sample] += ofPredictions[k] / batch.predictionsOf(sample);
        }
        return means;
    }

    private double[] prediction(int k) {
        double normalizer = logSumExp(scores[k]);
        return Arrays.stream(scores[k])
                .map(score -> FastMath.exp(score - normalizer))
                .toArray();
    }

    /** Returns the mean over predictions p of 1 − Σ_y p(y)². */
    double[] spreads() {
        double[] spreads = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            spreads[k] = 1 - Arrays.stream(prediction(k)).map(p -> p * p).sum();
        }
        return means(batch, spreads);
    }

    /** Returns the mean over predictions p of Var_p(ahead − behind). */
    double[] variances(ScoredForward ahead, ScoredForward behind) {
        double[] variances = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            double[] probabilities = prediction(k);
            double mean = 0;
            for (int y = 0; y < probabilities.length; y++) {
                mean += probabilities[y] * (ahead.scores[k][y] - behind.scores[k][y]);
            }
            for (int y = 0; y < probabilities.length; y++) {
                double off = ahead.scores[k][y] - behind.scores[k][y] - mean;
                variances[k] += probabilities[y] * off * off;
            }
        }
        return means(batch, variances);
    }

    /** Returns log Σ exp, without overflow. */
    private static double logSumExp(double[] scores) {
        double largest = Arrays.stream(scores).max().orElseThrow();
        return largest
                + FastMath.log(Arrays.stream(scores)
                        .map(score -> FastMath.exp(score - largest))
                        .sum());
    }
}
