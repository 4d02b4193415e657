package basin.trainer.training;

import basin.events.Measured;
import basin.events.spec.LanguageSpec;
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

        private record Key(LanguageSpec language, ValidationSpec validation) {}

        Preparation of(LanguageSpec language, ValidationSpec validation) {
            return made.computeIfAbsent(new Key(language, validation), key -> prepare(language, validation));
        }

        private static Preparation prepare(LanguageSpec languageSpec, ValidationSpec validationSpec) {
            Language language = Languages.of(languageSpec);
            OptimalLoss optimum = Languages.optimalLoss(language, validationSpec.sentences(), validationSpec.seed());
            return new Preparation(
                    language,
                    ValidationSet.draw(language, validationSpec),
                    new Measured(optimum.nats(), optimum.standardError()));
        }
    }
}
