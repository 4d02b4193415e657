package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** How a checkpoint is evaluated on a task. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ProtocolSpec.LinearProbe.class, name = "linear-probe"),
    @JsonSubTypes.Type(value = ProtocolSpec.FineTune.class, name = "fine-tune"),
    @JsonSubTypes.Type(value = ProtocolSpec.Scores.class, name = "scores")
})
public sealed interface ProtocolSpec {

    /** Shown on plots and as a metric label. */
    String name();

    /** Labelled training examples; 0 where another program gives the scores. */
    default int labels() {
        return 0;
    }

    /** Labelled test examples, fresh ones; 0 where another program gives the scores. */
    default int test() {
        return 0;
    }

    /** Repetitions, each with its own training examples and order. */
    default int repetitions() {
        return 1;
    }

    /** Seed of the training examples, test examples, order and projection; 0 where another program gives the scores. */
    default long seed() {
        return 0;
    }

    /** Which checkpoints are evaluated. */
    default CheckpointChoice on() {
        return CheckpointChoice.ALL;
    }

    /** Fewest labelled training examples. */
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
     * @param features how token states become one vector
     * @param project random projection of the features to so many dimensions, common to all widths; 0 for none
     * @param epochs passes over the labelled examples
     * @param batch examples a step
     * @param learningRate AdamW's rate
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
     * The whole network trained on from the checkpoint, with a linear classifier on the state of the first token, [CLS].
     *
     * @param epochs passes over the labelled examples
     * @param batch examples a step
     * @param learningRate AdamW's peak rate
     * @param warmupSteps steps over which the rate rises
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
     * Scores that another program gives. What is wanted of a checkpoint is what comes.
     *
     * @param metric the score's name in that program's results, such as {@code acc}, or its name and filter, such as
     *     {@code exact_match,strict-match}
     */
    record Scores(String name, String metric) implements ProtocolSpec {
        public Scores {
            identifier("protocols.name", name);
            for (String part : metric.split(",", 2)) {
                identifier("protocols.metric", part);
            }
        }
    }

    /** How the states of a sentence's tokens become one feature vector. */
    enum Features {
        /** All token states, one after the other; sentences shorter than the longest are filled with zeros. */
        CONCATENATED,
        /** Their mean. */
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
