package basin.language;

/**
 * Sentences with one uniformly drawn position each. Callers must not modify the arrays.
 *
 * @param sentences word ids
 * @param positions position of the masked word, one per sentence
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand, hence not copied.
public record MaskedSentences(int[][] sentences, int[] positions) {}
