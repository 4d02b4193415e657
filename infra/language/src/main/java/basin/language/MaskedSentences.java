package basin.language;

/**
 * Sentences with one position each, drawn uniformly; not to be changed.
 *
 * @param sentences word ids
 * @param positions of the masked word, one a sentence
 */
@SuppressWarnings("ArrayRecordComponent") // Drawn by the thousand; who draws them owns them.
public record MaskedSentences(int[][] sentences, int[] positions) {}
