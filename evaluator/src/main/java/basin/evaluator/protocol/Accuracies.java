package basin.evaluator.protocol;

import basin.evaluator.task.Means;
import basin.record.Measured;
import java.util.List;

/**
 * The accuracies, from 0 to 1, of a protocol's repetitions, in order.
 *
 * @param values one per repetition, at least one
 * @param tests number of test examples, which all repetitions share
 */
record Accuracies(List<Double> values, int tests) {
    Accuracies {
        values = List.copyOf(values);
    }

    /**
     * Returns the mean accuracy. The standard error covers what varies between repetitions: the
     * training examples, their order and the initial weights of a fine-tuned head. It does not
     * cover the draw of the test examples, which is the same for all checkpoints and therefore
     * leaves differences between them unaffected. A single repetition does not show that spread, so
     * its standard error is the binomial error over the test examples.
     */
    Measured mean() {
        if (values.size() == 1) {
            double only = values.getFirst();
            return new Measured(only, Math.sqrt(only * (1 - only) / tests));
        }
        return Means.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
