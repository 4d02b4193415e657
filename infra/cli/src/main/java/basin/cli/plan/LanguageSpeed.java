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
        // The first run is slow; where it takes this long, that is not because it is the first.
        return OptionalDouble.of(first > 1 ? first : seconds(one));
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
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        return source(spec)
                .map(source -> {
                    source.masked(random, 1); // The first run is slow.
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

    /** Mean seconds of a run of the work, which is repeated for 0.15 s or more. */
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
