package basin.study;

import static basin.study.Checks.positive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * The complete specification of a run. The same spec trains the same network, bit for bit within a
 * numeric profile. Its hash is the run's id.
 *
 * @param learningRate peak learning rate, without a unit
 * @param seed seed of the initial weights, the sentences and the masked positions
 * @param start the checkpoint whose weights it starts from; absent if it starts from its initial
 *     weights
 * @param ingested its name if another program trained it; of its training only the last step is
 *     then known
 */
public record RunSpec(
        LanguageSpec language,
        SizeSpec size,
        AlgorithmSpec algorithm,
        double learningRate,
        long seed,
        TrainingSpec training,
        CheckpointSpec checkpoints,
        ValidationSpec validation,
        PlatformSpec platform,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<StartSpec> start,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> ingested) {
    /** AdamW without modifiers. */
    public static final AlgorithmSpec ADAMW = new AlgorithmSpec.AdamW();

    public RunSpec {
        positive("learningRate", learningRate);
    }

    /** Returns the same run, starting from a checkpoint's weights. */
    public RunSpec from(StartSpec checkpoint) {
        return Records.with(this, Map.of("start", Optional.of(checkpoint)));
    }
}
