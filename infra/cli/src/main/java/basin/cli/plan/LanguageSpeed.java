package basin.cli.plan;

import basin.language.Language;
import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.language.study.AbsentModelException;
import basin.language.study.Languages;
import basin.study.LanguageSpec;
import basin.study.Objective;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/** How fast this machine computes exact conditionals and a teacher writes: measured, for that differs a millionfold between languages. */
public final class LanguageSpeed {
    private static final long NANOSECONDS = 150_000_000;

    /** Sentences that a teacher writes at once: some, as in training, and few enough to be waited for. */
    private static final int AT_ONCE = 16;

    private LanguageSpeed() {}

    /**
     * Seconds of one core for what one sentence is held against: an exact conditional, or the exact distributions of all next words.
     *
     * @return 0 for a text, which has none; empty where the language is a model's that this machine does not have
     */
    public static OptionalDouble conditionalSeconds(LanguageSpec spec, Objective objective) {
        SentenceSource source;
        try {
            source = Languages.source(spec);
        } catch (AbsentModelException absent) {
            return OptionalDouble.empty();
        }
        if (!(source instanceof Language language)) {
            return OptionalDouble.of(0);
        }
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        double first = seconds(language, objective, random);
        // What runs for the first time is slow; where it takes this long, that is not what takes it.
        return OptionalDouble.of(first > 1 ? first : seconds(language, objective, random));
    }

    private static double seconds(Language language, Objective objective, RandomGenerator random) {
        long started = System.nanoTime();
        int done = 0;
        do {
            MaskedSentences drawn = language.masked(random, 1);
            language.targets(objective, drawn.sentences()[0], drawn.positions()[0]);
            done++;
        } while (System.nanoTime() - started < NANOSECONDS);
        return 1e-9 * (System.nanoTime() - started) / done;
    }

    /**
     * Seconds of one core for a sentence to learn from, where a teacher writes it.
     *
     * @return 0 for all other languages, whose sentences cost next to nothing, and where the teacher is not on this machine
     */
    public static double sentenceSeconds(LanguageSpec spec) {
        if (!(spec instanceof LanguageSpec.Teacher)) {
            return 0;
        }
        SentenceSource source;
        try {
            source = Languages.source(spec);
        } catch (AbsentModelException absent) {
            return 0;
        }
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        source.masked(random, 1); // What runs for the first time is slow.
        long started = System.nanoTime();
        int done = 0;
        do {
            source.masked(random, AT_ONCE);
            done += AT_ONCE;
        } while (System.nanoTime() - started < NANOSECONDS);
        return 1e-9 * (System.nanoTime() - started) / done;
    }
}
