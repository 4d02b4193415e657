package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** A protocol that evaluates a checkpoint on a task. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ProtocolSpec.LinearProbe.class, name = "linear-probe"),
    @JsonSubTypes.Type(value = ProtocolSpec.FineTune.class, name = "fine-tune"),
    @JsonSubTypes.Type(value = ProtocolSpec.Scores.class, name = "scores")
})
public sealed interface ProtocolSpec {

    /** Returns the name for plots and metric labels. */
    String name();

    /** Returns the number of labelled training examples; 0 if another program gives the scores. */
    default int labels() {
        return 0;
    }

    /**
     * Returns the number of fresh labelled test examples; 0 if another program gives the scores.
     */
    default int test() {
        return 0;
    }

    /** Returns the number of repetitions, each with its own training examples and order. */
    default int repetitions() {
        return 1;
    }

    /**
     * Returns the seed of the training examples, test examples, order and projection; 0 if another
     * program gives the scores.
     */
    default long seed() {
        return 0;
    }

    /** Returns which checkpoints are evaluated. */
    default CheckpointChoice on() {
        return CheckpointChoice.ALL;
    }

    /** The fewest labelled training examples. */
    int MIN_LABELS = 2;

    /** Returns the same protocol under another name, with another number of labels. */
    default ProtocolSpec called(String another, int examples) {
        Map<String, ?> others = Map.of("name", another, "labels", examples);
        return switch (this) {
            case LinearProbe own -> Records.with(own, others);
            case FineTune own -> Records.with(own, others);
            case Scores own -> new Scores(another, own.metric());
        };
    }

    /**
     * A linear classifier on frozen features.
     *
     * @param features pooling of token states into one vector
     * @param project dimensions of a random projection of the features, the same for all widths; 0
     *     for none
     * @param labels number of labelled training examples
     * @param test number of fresh labelled test examples
     * @param epochs passes over the labelled examples
     * @param batch examples per step
     * @param learningRate AdamW's learning rate, without a unit
     * @param repetitions number of repetitions, each with its own training examples and order
     * @param seed seed of the training examples, test examples, order and projection
     */
    record LinearProbe(
            String name,
            Features features,
            int project,
            int labels,
            int test,
            int epochs,
            int batch,
            double learningRate,
            int repetitions,
            long seed,
            CheckpointChoice on)
            implements ProtocolSpec {
        public LinearProbe {
            check(name, labels, test, epochs, batch, learningRate, repetitions);
            within(0, 65_536, "protocols.project", project);
        }
    }

    /**
     * Fine-tuning of the whole network from the checkpoint, with a linear classifier on the state
     * of the first token, [CLS].
     *
     * @param labels number of labelled training examples
     * @param test number of fresh labelled test examples
     * @param epochs passes over the labelled examples
     * @param batch examples per step
     * @param learningRate AdamW's peak learning rate, without a unit
     * @param warmupSteps steps over which the learning rate rises
     * @param repetitions number of repetitions, each with its own training examples and order
     * @param seed seed of the training examples, test examples and order
     */
    record FineTune(
            String name,
            int labels,
            int test,
            int epochs,
            int batch,
            double learningRate,
            int warmupSteps,
            int repetitions,
            long seed,
            CheckpointChoice on)
            implements ProtocolSpec {
        public FineTune {
            check(name, labels, test, epochs, batch, learningRate, repetitions);
            within(0, 1_000_000, "protocols.warmupSteps", warmupSteps);
        }
    }

    /**
     * Scores that another program gives. No scores are requested for a checkpoint; those that
     * arrive are used.
     *
     * @param metric the score's name in that program's results, such as {@code acc}, or its name
     *     and filter, such as {@code exact_match,strict-match}
     */
    record Scores(String name, String metric) implements ProtocolSpec {
        public Scores {
            identifier("protocols.name", name);
            for (String part : metric.split(",", 2)) {
                identifier("protocols.metric", part);
            }
        }
    }

    /** The pooling of a sentence's token states into one feature vector. */
    enum Features {
        /**
         * All token states, concatenated. Sentences shorter than the longest are padded with zeros.
         */
        CONCATENATED,
        /** The mean of all token states. */
        MEAN
    }

    private static void check(
            String name, int labels, int test, int epochs, int batch, double learningRate, int repetitions) {
        identifier("protocols.name", name);
        within(MIN_LABELS, 10_000_000, "protocols.labels", labels);
        within(2, 10_000_000, "protocols.test", test);
        within(1, 100_000, "protocols.epochs", epochs);
        within(1, 65_536, "protocols.batch", batch);
        positive("protocols.learningRate", learningRate);
        within(1, 1_000, "protocols.repetitions", repetitions);
    }
}
