package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * The rows of an output probe in place of labels, [predictions, vocabulary], divided by the square
 * root of the sample's number of predictions. Java draws, and the device computes what depends on
 * the scores. For one part of a batch and one thread.
 */
final class ProbeRows {
    private final BatchPart part;
    private final NDArray scores;
    private final int vocabulary;
    private final MemorySegment numbers;

    private ProbeRows(BatchPart part, NDArray scores, Arena memory) {
        this.part = part;
        this.scores = scores;
        this.vocabulary = Math.toIntExact(scores.getShape().get(1));
        this.numbers = memory.allocate(scores.size() * scores.getDataType().getNumOfBytes(), Double.BYTES);
    }

    /**
     * Returns the rows. Call without recording.
     *
     * @param scores scores of the part, [predictions, vocabulary]
     * @param memory arena to be closed after the scores' scope
     */
    static NDArray of(OutputProbe probe, BatchPart part, NDArray scores, Arena memory) {
        return switch (probe) {
            case OutputProbe.Labels labels -> new ProbeRows(part, scores, memory).labels(labels);
            case OutputProbe.Signs signs when signs.ofTargets() -> new ProbeRows(part, scores, memory).targets(signs);
            case OutputProbe.Signs signs -> ofPredictions(signs, part, scores);
        };
    }

    /** Returns √p∘u, and frees everything else that is as large at once. */
    private static NDArray ofPredictions(OutputProbe.Signs probe, BatchPart part, NDArray scores) {
        try (Arena memory = Arena.ofConfined();
                NDArray signs = new ProbeRows(part, scores, memory).signs(probe);
                NDArray probabilities = scores.softmax(1);
                NDArray roots = probabilities.sqrt()) {
            return roots.mul(signs);
        }
    }

    private void set(int prediction, int token, double value) {
        long at = (long) prediction * vocabulary + token;
        if (scores.getDataType() == DataType.FLOAT64) {
            numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, at, value);
        } else {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT, at, (float) value);
        }
    }

    private NDArray array() {
        return Torch.lent(
                scores.getManager(),
                numbers,
                scores.getDataType(),
                scores.getShape().getShape());
    }

    private double share(int prediction) {
        TokenBatch batch = part.batch();
        return 1 / Math.sqrt((double) batch.predictionsOf(batch.sequenceOf(prediction)));
    }

    private int example(int prediction) {
        return part.from() + part.batch().sequenceOf(prediction);
    }

    private int place(int prediction) {
        TokenBatch batch = part.batch();
        return prediction - batch.firstPredictionOf(batch.sequenceOf(prediction));
    }

    /**
     * Puts a share at each drawn token: the first whose cumulative probability exceeds a number.
     */
    private NDArray labels(OutputProbe.Labels labels) {
        int predictions = part.batch().predictions();
        double[] uniforms = new double[predictions];
        for (int k = 0; k < predictions; k++) {
            uniforms[k] = labels.uniform(example(k), place(k));
        }
        NDArray probabilities = scores.softmax(1).toType(DataType.FLOAT64, false);
        NDArray reached = Torch.cumulative(probabilities)
                .lte(scores.getManager().create(uniforms).expandDims(1));
        double[] drawn = Torch.doubles(reached.toType(DataType.FLOAT64, false).sum(new int[] {1}));
        double[] last = Torch.doubles(lastPossible(probabilities));
        for (int k = 0; k < predictions; k++) {
            // Rounding can leave the sum of probabilities slightly below 1.
            set(k, (int) Math.min(drawn[k], last[k]), share(k));
        }
        return array();
    }

    /** Returns the last token of each row that has a probability above zero. */
    private NDArray lastPossible(NDArray probabilities) {
        NDArray tokens = scores.getManager().arange(0, vocabulary, 1, DataType.FLOAT64);
        return probabilities.gt(0).toType(DataType.FLOAT64, false).mul(tokens).max(new int[] {1});
    }

    private NDArray signs(OutputProbe.Signs signs) {
        for (int k = 0; k < part.batch().predictions(); k++) {
            RandomGenerator random = signs.bits(example(k), place(k));
            double share = share(k);
            long bits = 0;
            for (int y = 0; y < vocabulary; y++) {
                bits = y % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
                set(k, y, (bits & 1) == 0 ? -share : share);
            }
        }
        return array();
    }

    private NDArray targets(OutputProbe.Signs signs) {
        for (int k = 0; k < part.batch().predictions(); k++) {
            RandomGenerator random = signs.bits(example(k), place(k));
            double[] target = part.batch().targetOf(k);
            int first = part.batch().firstTargetOf(k);
            double share = share(k);
            long bits = 0;
            for (int y = 0; y < first + target.length; y++) {
                bits = y % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
                if (y >= first) {
                    double root = share * Math.sqrt(target[y - first]);
                    set(k, y, (bits & 1) == 0 ? -root : root);
                }
            }
        }
        return array();
    }
}
