package basin.cli.plan;

import basin.language.Language;
import basin.language.MaskedSentences;
import basin.language.SentenceSource;
import basin.language.study.AbsentModelException;
import basin.language.study.Languages;
import basin.study.LanguageSpec;
import basin.study.Objective;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * This machine's time for an exact conditional and for a teacher's sentence. Both are measured
 * because they differ a millionfold between languages.
 */
public final class LanguageSpeed {
    private static final long NANOSECONDS = 150_000_000;

    /**
     * Sentences that a teacher generates per batch: several, as in training, but few enough for a
     * short measurement.
     */
    private static final int AT_ONCE = 16;

    private LanguageSpeed() {}

    /**
     * Returns the core seconds for the target of one sentence: an exact conditional, or the exact
     * distributions of all next words.
     *
     * @return 0 for a text, which has no exact target; empty if the language needs a model that is
     *     not on this machine
     */
    public static OptionalDouble conditionalSeconds(LanguageSpec spec, Objective objective) {
        Optional<SentenceSource> source = source(spec);
        if (source.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!(source.get() instanceof Language language)) {
            return OptionalDouble.of(0);
        }
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        Runnable one = () -> {
            MaskedSentences drawn = language.masked(random, 1);
            language.targets(objective, drawn.sentences()[0], drawn.positions()[0]);
        };
        double first = seconds(one);
        // The first run includes warm-up; a run of more than 1 s is slow for another reason.
        return OptionalDouble.of(first > 1 ? first : seconds(one));
    }

    /**
     * Returns the core seconds for one training sentence that a teacher generates.
     *
     * @return 0 for all other languages, whose sentences cost next to nothing, and if the teacher
     *     is not on this machine
     */
    public static double sentenceSeconds(LanguageSpec spec) {
        if (!(spec instanceof LanguageSpec.Teacher)) {
            return 0;
        }
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        return source(spec)
                .map(source -> {
                    source.masked(random, 1); // Warm-up.
                    return seconds(() -> source.masked(random, AT_ONCE)) / AT_ONCE;
                })
                .orElse(0.0);
    }

    private static Optional<SentenceSource> source(LanguageSpec spec) {
        try {
            return Optional.of(Languages.source(spec));
        } catch (AbsentModelException absent) {
            return Optional.empty();
        }
    }

    /** Returns the mean seconds per run of the work, which is repeated for at least 0.15 s. */
    private static double seconds(Runnable work) {
        long started = System.nanoTime();
        int done = 0;
        do {
            work.run();
            done++;
        } while (System.nanoTime() - started < NANOSECONDS);
        return 1e-9 * (System.nanoTime() - started) / done;
    }
}
