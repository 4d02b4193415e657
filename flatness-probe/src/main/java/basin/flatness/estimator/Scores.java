package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * Functions of the scores of a batch's predictions, [predictions, vocabulary], computed in
 * float64, some rows at a time. Call without recording.
 */
final class Scores {
    /** Scores that are widened to float64 at once. */
    private static final int AT_ONCE = 1 << 20;

    private static final int[] ROW = {1};

    private Scores() {}

    /** A function of some rows, one number each. */
    @FunctionalInterface
    private interface Rows {
        NDArray of(List<NDArray> wide, int from, int to);
    }

    /** A use of some rows. */
    @FunctionalInterface
    private interface RowsUse {
        void take(List<NDArray> wide, int from, int to);
    }

    private static double[] values(List<NDArray> tables, Rows function) {
        double[] values =
                new double[Math.toIntExact(tables.getFirst().getShape().get(0))];
        map(
                tables,
                (wide, from, to) ->
                        System.arraycopy(Torch.doubles(function.of(wide, from, to)), 0, values, from, to - from));
        return values;
    }

    /** Hands over rows of tables of one shape, some at a time. */
    private static void map(List<NDArray> tables, RowsUse use) {
        int rows = Math.toIntExact(tables.getFirst().getShape().get(0));
        int atOnce = Math.max(
                1, AT_ONCE / Math.toIntExact(tables.getFirst().getShape().get(1)));
        for (int from = 0; from < rows; from += atOnce) {
            int first = from;
            int to = Math.min(rows, from + atOnce);
            try (NDManager scope = Torch.scope()) {
                List<NDArray> wide = tables.stream()
                        .map(table -> Torch.piece(scope, table, first, to).toType(DataType.FLOAT64, false))
                        .toList();
                use.take(wide, from, to);
            }
        }
    }

    /**
     * Returns the loss of every prediction, in nats. Java computes it, so that equal scores have
     * equal losses on every device; losses are put on record.
     */
    static double[] losses(NDArray scores, TokenBatch batch) {
        double[] losses = new double[batch.predictions()];
        map(List.of(scores), (wide, from, to) -> {
            double[] flat = Torch.doubles(wide.getFirst());
            int vocabulary = flat.length / (to - from);
            for (int k = from; k < to; k++) {
                int row = (k - from) * vocabulary;
                double[] targets = batch.targetOf(k);
                double normalizer = logSumExp(flat, row, row + vocabulary);
                for (int y = 0; y < targets.length; y++) {
                    if (targets[y] != 0) {
                        losses[k] -= targets[y] * (flat[row + batch.firstTargetOf(k) + y] - normalizer);
                    }
                }
            }
        });
        return losses;
    }

    /** Returns log Σ exp, without overflow. */
    private static double logSumExp(double[] scores, int from, int to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            largest = FastMath.max(largest, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += FastMath.exp(scores[i] - largest);
        }
        return largest + FastMath.log(sum);
    }

    /** Returns the loss of every prediction, computed on the device, for differences of losses. */
    static double[] nativeLosses(NDArray scores, TokenBatch batch) {
        return values(List.of(scores), (wide, from, to) -> losses(wide.getFirst(), batch, from, to));
    }

    private static NDArray losses(NDArray scores, TokenBatch batch, int from, int to) {
        int width = 0;
        for (int k = from; k < to; k++) {
            width = Math.max(width, batch.targetOf(k).length);
        }
        long[] tokens = new long[(to - from) * width];
        double[] targets = new double[tokens.length];
        for (int k = from; k < to; k++) {
            double[] target = batch.targetOf(k);
            int at = (k - from) * width;
            for (int y = 0; y < width; y++) {
                tokens[at + y] = (long) batch.firstTargetOf(k) + Math.min(y, target.length - 1);
                targets[at + y] = y < target.length ? target[y] : 0;
            }
        }
        NDManager manager = scores.getManager();
        Shape shape = new Shape(to - from, width);
        return scores.logSoftmax(1)
                .gather(manager.create(tokens, shape), 1)
                .mul(manager.create(targets, shape))
                .sum(ROW)
                .neg();
    }

    /** Returns 1 − Σ_y p(y)² of every prediction p. */
    static double[] spreads(NDArray scores) {
        return values(
                List.of(scores),
                (wide, from, to) ->
                        wide.getFirst().softmax(1).square().sum(ROW).neg().add(1));
    }

    /** Returns Var_p(ahead − behind) of every prediction, with p from the scores in the middle. */
    static double[] variances(NDArray middle, NDArray ahead, NDArray behind) {
        return values(List.of(middle, ahead, behind), (wide, from, to) -> {
            NDArray probabilities = wide.get(0).softmax(1);
            NDArray change = wide.get(1).sub(wide.get(2));
            NDArray mean = probabilities.mul(change).sum(ROW, true);
            return change.sub(mean).square().mul(probabilities).sum(ROW);
        });
    }

    /** Returns the mean of every sample's predictions. */
    static double[] means(TokenBatch batch, double[] ofPredictions) {
        double[] means = new double[batch.size()];
        for (int k = 0; k < ofPredictions.length; k++) {
            int sample = batch.sequenceOf(k);
            means[sample] += ofPredictions[k] / batch.predictionsOf(sample);
        }
        return means;
    }
}
