package basin.lm;

import basin.events.spec.RunSpec;
import basin.lm.language.Language;
import basin.lm.network.EncoderShape;
import basin.lm.network.Initialisation;

/** Networks by their runs' specifications. Thread-safe. */
public final class Networks {
    private Networks() {}

    /** The run's language. */
    public static Language language(RunSpec spec) {
        return Languages.of(spec.language());
    }

    /**
     * The shape of the run's network.
     *
     * @throws IllegalArgumentException where language or network cannot be, in one sentence
     */
    public static EncoderShape shape(RunSpec spec) {
        Language language = language(spec);
        var size = spec.size();
        return new EncoderShape(
                language.words(), language.longest(), size.width(), size.layers(), size.heads(), size.intermediate());
    }

    /** The weights before the first step: of size and seed alone, so that all rates of a seed start alike. */
    public static float[] initial(RunSpec spec) {
        return Initialisation.of(
                shape(spec), spec.training().initialDeviation(), Seeds.derive(spec.seed(), "initial-weights"));
    }
}
