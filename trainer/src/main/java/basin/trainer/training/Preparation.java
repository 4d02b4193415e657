package basin.trainer.training;

import basin.events.Measured;
import basin.events.spec.LanguageSpec;
import basin.events.spec.Objective;
import basin.events.spec.RunSpec;
import basin.events.spec.ValidationSpec;
import basin.lm.Languages;
import basin.lm.language.Language;
import basin.lm.language.OptimalLoss;
import basin.lm.language.SentenceSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all runs of a language share: the language, its optimal loss where it is known, and the validation sentences. Made once and kept, for they
 * are pure functions of the spec. Immutable; thread-safe.
 */
record Preparation(SentenceSource language, ValidationSet validation, Optional<Measured> optimum) {

    /** Keeps preparations by what they are made from. */
    static final class Shelf {
        private final Map<Key, Preparation> made = new ConcurrentHashMap<>();

        private record Key(LanguageSpec language, ValidationSpec validation, Objective objective) {}

        Preparation of(RunSpec run) {
            return made.computeIfAbsent(
                    new Key(run.language(), run.validation(), run.training().predicted()), Shelf::prepare);
        }

        private static Preparation prepare(Key key) {
            SentenceSource source = Languages.source(key.language());
            Optional<Measured> optimum =
                    source instanceof Language language ? Optional.of(optimum(language, key)) : Optional.empty();
            return new Preparation(source, ValidationSet.draw(source, key.validation(), key.objective()), optimum);
        }

        private static Measured optimum(Language language, Key key) {
            OptimalLoss optimum = OptimalLoss.of(
                    language,
                    key.objective(),
                    key.validation().sentences(),
                    key.validation().seed());
            return new Measured(optimum.nats(), optimum.standardError());
        }
    }
}
