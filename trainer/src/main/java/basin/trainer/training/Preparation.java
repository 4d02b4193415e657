package basin.trainer.training;

import basin.language.Language;
import basin.language.OptimalLoss;
import basin.language.SentenceSource;
import basin.language.study.Languages;
import basin.record.Measured;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.RunSpec;
import basin.study.ValidationSpec;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.Optional;

/**
 * The data that all runs on a language share. A pure function of the specification. Immutable;
 * thread-safe.
 *
 * @param language the source of sentences
 * @param validation the validation sentences
 * @param optimum the optimal loss in nats, if it is known
 */
record Preparation(SentenceSource language, ValidationSet validation, Optional<Measured> optimum) {

    /**
     * A cache of preparations. It holds at most 8, because each may have many megabytes of
     * conditionals, and evicts one after 10 min without access. A rebuilt preparation is bitwise
     * the same. Thread-safe.
     */
    static final class Cache {
        private static final int MAX_SIZE = 8;
        private static final Duration MAX_IDLE = Duration.ofMinutes(10);

        private final LoadingCache<Key, Preparation> made = Caffeine.newBuilder()
                .maximumSize(MAX_SIZE)
                .expireAfterAccess(MAX_IDLE)
                .executor(Runnable::run)
                .build(Cache::prepare);

        private record Key(LanguageSpec language, ValidationSpec validation, Objective objective) {}

        Preparation of(RunSpec run) {
            return made.get(
                    new Key(run.language(), run.validation(), run.training().predicted()));
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
