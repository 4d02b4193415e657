package basin.trainer.training;

import basin.events.Measured;
import basin.events.spec.LanguageSpec;
import basin.events.spec.Objective;
import basin.events.spec.RunSpec;
import basin.events.spec.ValidationSpec;
import basin.lm.Languages;
import basin.lm.language.Language;
import basin.lm.language.OptimalLoss;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all runs of a language share: the language, its optimal loss and the validation sentences. Made once and kept, for they
 * are pure functions of the spec. Immutable; thread-safe.
 */
record Preparation(Language language, ValidationSet validation, Measured optimum) {

    /** Keeps preparations by what they are made from. */
    static final class Shelf {
        private final Map<Key, Preparation> made = new ConcurrentHashMap<>();

        private record Key(LanguageSpec language, ValidationSpec validation, Objective objective) {}

        Preparation of(RunSpec run) {
            return made.computeIfAbsent(
                    new Key(run.language(), run.validation(), run.training().predicted()), Shelf::prepare);
        }

        private static Preparation prepare(Key key) {
            Language language = Languages.of(key.language());
            OptimalLoss optimum = OptimalLoss.of(
                    language,
                    key.objective(),
                    key.validation().sentences(),
                    key.validation().seed());
            return new Preparation(
                    language,
                    ValidationSet.draw(language, key.validation(), key.objective()),
                    new Measured(optimum.nats(), optimum.standardError()));
        }
    }
}
