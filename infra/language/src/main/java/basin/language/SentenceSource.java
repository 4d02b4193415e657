package basin.language;

import java.util.random.RandomGenerator;

/**
 * Sentences that a network learns from: a {@link Language}, of which everything is known, or a text. A sentence is an array of word ids in
 * 0 .. {@link #vocabularySize()} - 1, between one and {@link #maxLength()} long. Implementations are immutable and thread-safe.
 */
public interface SentenceSource {
    /** Number of words of the vocabulary; word ids lie below it. Some words may never occur. */
    int vocabularySize();

    /** Length in words of the longest sentence. */
    int maxLength();

    /** So many sentences to learn from, each with one of its positions. Uses only draws of {@code random}. */
    MaskedSentences masked(RandomGenerator random, int count);
}
