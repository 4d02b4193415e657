package basin.lm;

import basin.events.spec.LanguageSpec;
import basin.events.spec.RunSpec;
import basin.events.spec.SizeSpec;
import basin.lm.language.SentenceSource;
import basin.lm.network.EncoderShape;
import basin.lm.network.Initialisation;

/** Networks by their runs' specifications. Thread-safe. */
public final class Networks {
    private Networks() {}

    /** What the run learns from. */
    public static SentenceSource language(RunSpec spec) {
        return Languages.source(spec.language());
    }

    /**
     * The shape of the run's network.
     *
     * @throws IllegalArgumentException where language or network cannot be, in one sentence
     */
    public static EncoderShape shape(RunSpec spec) {
        return shape(spec, spec.size());
    }

    /**
     * The shape of a network of another size that reads the run's language.
     *
     * @throws IllegalArgumentException where language or network cannot be, in one sentence
     */
    public static EncoderShape shape(RunSpec spec, SizeSpec size) {
        if (spec.language() instanceof LanguageSpec.Teacher teacher) {
            return shape(
                    teacher.tokens(), teacher.longest(), size); // Without its weights, which may be large or elsewhere.
        }
        SentenceSource language = language(spec);
        return shape(language.words(), language.longest(), size);
    }

    private static EncoderShape shape(int words, int longest, SizeSpec size) {
        return new EncoderShape(words, longest, size.width(), size.layers(), size.heads(), size.intermediate());
    }

    /** Trainable parameters of the run's network; 0 where nothing is trained. */
    public static long parameters(RunSpec spec) {
        return spec.algorithm().isTrained() ? shape(spec).parameterCount() : 0;
    }

    /** The weights before the first step: of size and seed alone, so that all rates of a seed start alike. */
    public static float[] initial(RunSpec spec) {
        return Initialisation.of(
                shape(spec), spec.training().initialDeviation(), Seeds.derive(spec.seed(), "initial-weights"));
    }
}
