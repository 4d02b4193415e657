package basin.language.study;

import basin.language.Language;
import basin.language.SentenceSource;
import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.NetworkShape;
import basin.network.RecurrentShape;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.Seeds;
import basin.study.SizeSpec;
import java.util.Locale;
import java.util.stream.IntStream;

/** The networks of run specifications. Thread-safe. */
public final class Networks {
    private Networks() {}

    /** Returns the source of the run's training sentences. */
    public static SentenceSource language(RunSpec spec) {
        return Languages.source(spec.language());
    }

    /**
     * Returns the run's network.
     *
     * @throws Refusal if the language or the network is impossible; one sentence
     */
    public static LanguageModel model(RunSpec spec) {
        return LanguageModel.of(shape(spec), spec.training().predicted());
    }

    /**
     * Returns the shape of the run's network.
     *
     * @throws Refusal if the language or the network is impossible; one sentence
     */
    public static NetworkShape shape(RunSpec spec) {
        Read read = Read.of(spec.language());
        SizeSpec size = spec.size();
        Objective objective = spec.training().predicted();
        return switch (size.madeOf()) {
            case TRANSFORMER -> objective.masks() ? encoder(spec, size) : decoder(read, size);
            case LSTM -> {
                if (!objective.masks()) {
                    throw new Refusal("training.objective is "
                            + objective.name().toLowerCase(Locale.ROOT) + ": give size '" + size.name()
                            + "' another architecture, for an LSTM that reads both ways sees the words that it would"
                            + " predict.");
                }
                yield new RecurrentShape(read.vocabularySize(), read.maxLength(), size.width(), size.layers());
            }
        };
    }

    /**
     * Returns the shape of an encoder of any size that reads the run's language.
     *
     * @throws Refusal if the language or the network is impossible; one sentence
     */
    public static EncoderShape encoder(RunSpec spec, SizeSpec size) {
        Read read = Read.of(spec.language());
        return new EncoderShape(
                read.vocabularySize(),
                read.maxLength(),
                size.width(),
                size.layers(),
                size.heads(),
                size.intermediate());
    }

    private static DecoderShape decoder(Read read, SizeSpec size) {
        return new DecoderShape(
                read.vocabularySize(),
                read.maxLength(),
                size.width(),
                size.layers(),
                size.heads(),
                size.intermediate(),
                read.severalLengths());
    }

    /** The properties of a language that determine its networks. */
    private record Read(int vocabularySize, int maxLength, boolean severalLengths) {
        static Read of(LanguageSpec spec) {
            if (spec instanceof LanguageSpec.Teacher teacher) {
                // Does not load the weights, which may be large or elsewhere.
                return new Read(teacher.tokens(), teacher.maxLength(), teacher.minLength() < teacher.maxLength());
            }
            SentenceSource source = Languages.source(spec);
            return new Read(source.vocabularySize(), source.maxLength(), hasLengths(source));
        }

        /** Returns whether sentences differ in length. Those of a text do. */
        private static boolean hasLengths(SentenceSource source) {
            return !(source instanceof Language language)
                    || IntStream.rangeClosed(1, language.maxLength())
                                    .filter(length -> language.lengthProbability(length) > 0)
                                    .count()
                            > 1;
        }
    }

    /**
     * Returns the number of trainable parameters of the run's network, 0 if the algorithm trains
     * nothing.
     */
    public static long parameters(RunSpec spec) {
        return spec.algorithm().isTrained() ? shape(spec).parameterCount() : 0;
    }

    /**
     * Returns the initial weights, float32. They depend on shape, initial deviation and seed, so
     * that all learning rates of a seed start from the same weights.
     */
    public static float[] initial(RunSpec spec) {
        return Initialisation.of(
                shape(spec), spec.training().initialDeviation(), Seeds.derive(spec.seed(), "initial-weights"));
    }
}
