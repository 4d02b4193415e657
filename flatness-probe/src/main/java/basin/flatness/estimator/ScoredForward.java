package basin.flatness.estimator;

import basin.network.TokenBatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.util.FastMath;

/**
 * A forward pass that keeps the scores of every prediction. A sample's values are means over its
 * predictions. Immutable.
 *
 * @param samples sample of each prediction
 * @param scores [predictions, vocabulary], before the softmax
 * @param normalizers log Σ exp of the scores of each prediction
 * @param lossesOfPredictions loss of each prediction, in nats
 * @param counts number of predictions of each sample
 */
@SuppressWarnings("ArrayRecordComponent") // As many as scores; shared and read only.
record ScoredForward(
        int[] samples, double[][] scores, double[] normalizers, double[] lossesOfPredictions, double[] counts)
        implements PerturbedForward {
    /**
     * Creates the forward pass of a batch.
     *
     * @param scores scores of every prediction, before the softmax; not copied, so the caller must
     *     not use them afterwards
     */
    static ScoredForward of(TokenBatch batch, double[][] scores) {
        double[] normalizers = new double[scores.length];
        double[] losses = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            double[] own = scores[k];
            double[] targets = batch.targetOf(k);
            int first = batch.firstTargetOf(k);
            normalizers[k] = logSumExp(own);
            for (int y = 0; y < own.length; y++) {
                int at = y - first;
                double target = at >= 0 && at < targets.length ? targets[at] : 0;
                if (target != 0) {
                    losses[k] -= target * (own[y] - normalizers[k]);
                }
            }
        }
        return new ScoredForward(
                IntStream.range(0, scores.length).map(batch::sequenceOf).toArray(),
                scores,
                normalizers,
                losses,
                IntStream.range(0, batch.size())
                        .mapToDouble(batch::predictionsOf)
                        .toArray());
    }

    private double[] means(double[] ofPredictions) {
        double[] means = new double[counts.length];
        for (int k = 0; k < ofPredictions.length; k++) {
            means[samples[k]] += ofPredictions[k] / counts[samples[k]];
        }
        return means;
    }

    @Override
    public double[] losses() {
        return means(lossesOfPredictions);
    }

    @Override
    public double[] spreads() {
        double[] spreads = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            double squares = 0;
            for (double score : scores[k]) {
                double probability = FastMath.exp(score - normalizers[k]);
                squares += probability * probability;
            }
            spreads[k] = 1 - squares;
        }
        return means(spreads);
    }

    @Override
    public double[] variances(PerturbedForward ahead, PerturbedForward behind) {
        if (!(ahead instanceof ScoredForward further && behind instanceof ScoredForward before)) {
            throw new IllegalArgumentException("These are forward passes of another surface.");
        }
        double[] variances = new double[scores.length];
        for (int k = 0; k < scores.length; k++) {
            double[] probabilities = new double[scores[k].length];
            double mean = 0;
            for (int y = 0; y < probabilities.length; y++) {
                probabilities[y] = FastMath.exp(scores[k][y] - normalizers[k]);
                mean += probabilities[y] * (further.scores[k][y] - before.scores[k][y]);
            }
            for (int y = 0; y < probabilities.length; y++) {
                double off = further.scores[k][y] - before.scores[k][y] - mean;
                variances[k] += probabilities[y] * off * off;
            }
        }
        return means(variances);
    }

    @Override
    public ScoredForward only(int... wanted) {
        int[] kept = Arrays.stream(wanted)
                .flatMap(i -> IntStream.range(0, samples.length).filter(k -> samples[k] == i))
                .toArray();
        int[] owners = IntStream.range(0, wanted.length)
                .flatMap(i -> IntStream.generate(() -> i).limit((long) counts[wanted[i]]))
                .toArray();
        return new ScoredForward(
                owners,
                Arrays.stream(kept).mapToObj(k -> scores[k]).toArray(double[][]::new),
                pick(normalizers, kept),
                pick(lossesOfPredictions, kept),
                pick(counts, wanted));
    }

    private static double[] pick(double[] values, int[] numbers) {
        return Arrays.stream(numbers).mapToDouble(k -> values[k]).toArray();
    }

    /** Returns log Σ exp, without overflow. */
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
