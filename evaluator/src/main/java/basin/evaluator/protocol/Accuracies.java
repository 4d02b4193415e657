package basin.evaluator.protocol;

import basin.evaluator.task.Means;
import basin.record.Measured;
import java.util.List;

/**
 * The accuracies of a protocol's repetitions, in order, 0 to 1.
 *
 * @param values one a repetition, at least one
 * @param tests test examples, common to all repetitions
 */
record Accuracies(List<Double> values, int tests) {
    Accuracies {
        values = List.copyOf(values);
    }

    /**
     * Their mean. The standard error covers what differs between repetitions, that is training examples and their order, the start
     * of a fine-tuned head too; it does not cover the draw of the test examples, which is the same for all checkpoints and so
     * leaves differences between them. With a single repetition nothing tells that spread, and the binomial error over test
     * examples stands instead.
     */
    Measured mean() {
        if (values.size() == 1) {
            double only = values.getFirst();
            return new Measured(only, Math.sqrt(only * (1 - only) / tests));
        }
        return Means.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
