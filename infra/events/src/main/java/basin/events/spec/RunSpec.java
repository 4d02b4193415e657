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
        String algorithm,
        double rate,
        long seed,
        TrainingSpec training,
        CheckpointSpec checkpoints,
        ValidationSpec validation,
        PlatformSpec platform) {
    /** The one algorithm that can be asked for so far. */
    public static final String ADAMW = "adamw";

    public RunSpec {
        positive("rate", rate);
        InvalidSpecException.require(algorithm.equals(ADAMW), "algorithm", "'" + algorithm + "'", "give " + ADAMW);
    }
}
