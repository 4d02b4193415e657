package basin.local.plan;

import basin.events.spec.LanguageSpec;
import basin.events.spec.Objective;
import basin.lm.AbsentModelException;
import basin.lm.Languages;
import basin.lm.language.Language;
import basin.lm.language.MaskedSentences;
import basin.lm.language.SentenceSource;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/** How fast this machine computes exact conditionals: measured, for they differ a millionfold between languages. */
public final class LanguageSpeed {
    private static final long NANOSECONDS = 150_000_000;

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
        seconds(language, objective, random); // What runs for the first time is slow.
        return OptionalDouble.of(seconds(language, objective, random));
    }

    private static double seconds(Language language, Objective objective, RandomGenerator random) {
        long started = System.nanoTime();
        int done = 0;
        do {
            MaskedSentences drawn = language.masked(random, 1);
            if (objective == Objective.CAUSAL) {
                language.nextWords(drawn.sentences()[0]);
            } else {
                language.conditional(drawn.sentences()[0], drawn.positions()[0]);
            }
            done++;
        } while (System.nanoTime() - started < NANOSECONDS);
        return 1e-9 * (System.nanoTime() - started) / done;
    }
}
