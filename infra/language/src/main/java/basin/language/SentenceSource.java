package basin.language;

import java.util.random.RandomGenerator;

/**
 * A source of training sentences: a {@link Language}, whose distribution is known, or a text. A
 * sentence is an array of 1 to {@link #maxLength()} word ids in 0 .. {@link #vocabularySize()} - 1.
 * Implementations are immutable and thread-safe.
 */
public interface SentenceSource {
    /**
     * Returns the number of words of the vocabulary. Word ids are below it. Some words may never
     * occur.
     */
    int vocabularySize();

    /** Returns the maximum sentence length in words. */
    int maxLength();

    /**
     * Draws {@code count} training sentences, each with one of its positions. The only source of
     * randomness is {@code random}.
     */
    MaskedSentences masked(RandomGenerator random, int count);
}
