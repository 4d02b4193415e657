package basin.events.spec;

import static basin.events.spec.InvalidSpecException.positive;

/**
 * All that determines a run: the same spec trains the same network, bit for bit within a numeric profile. Its hash is the
 * run's id.
 *
 * @param rate peak learning rate
 * @param seed draws the initial weights, the sentences and the masked positions
 */
public record RunSpec(
        LanguageSpec language,
        SizeSpec size,
        AlgorithmSpec algorithm,
        double rate,
        long seed,
        TrainingSpec training,
        CheckpointSpec checkpoints,
        ValidationSpec validation,
        PlatformSpec platform) {
    /** AdamW with nothing over it. */
    public static final AlgorithmSpec ADAMW = new AlgorithmSpec.AdamW();

    public RunSpec {
        positive("rate", rate);
    }
}
