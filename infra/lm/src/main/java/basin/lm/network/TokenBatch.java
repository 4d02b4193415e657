package basin.lm.network;

import java.util.Arrays;

/**
 * Sentences as the network reads them: a start token and the words, filled up to the batch's longest. Immutable; thread-safe.
 */
public final class TokenBatch {
    private final int size;
    private final int length;
    private final long[] tokens;
    private final int[] lengths;
    private final int[] masked;
    private final int[] targets;

    private TokenBatch(int size, int length, long[] tokens, int[] lengths, int[] masked, int[] targets) {
        this.size = size;
        this.length = length;
        this.tokens = tokens;
        this.lengths = lengths;
        this.masked = masked;
        this.targets = targets;
    }

    /**
     * Sentences with one word hidden each.
     *
     * @param sentences word ids from 0
     * @param positions the hidden word of each sentence, from 0
     */
    public static TokenBatch masked(int[][] sentences, int[] positions) {
        TokenBatch batch = fill(sentences, positions);
        for (int i = 0; i < batch.size; i++) {
            batch.tokens[i * batch.length + batch.masked[i]] = EncoderShape.MASK;
        }
        return batch;
    }

    /** Sentences as they are; the "masked" position is the start token's. */
    public static TokenBatch plain(int[][] sentences) {
        TokenBatch batch = fill(sentences, new int[sentences.length]);
        Arrays.fill(batch.masked, 0);
        return batch;
    }

    private static TokenBatch fill(int[][] sentences, int[] positions) {
        int size = sentences.length;
        int length = 1
                + Arrays.stream(sentences)
                        .mapToInt(sentence -> sentence.length)
                        .max()
                        .orElse(0);
        long[] tokens = new long[size * length];
        int[] lengths = new int[size];
        int[] masked = new int[size];
        int[] targets = new int[size];
        Arrays.fill(tokens, EncoderShape.PADDING);
        for (int i = 0; i < size; i++) {
            int[] sentence = sentences[i];
            tokens[i * length] = EncoderShape.START;
            for (int t = 0; t < sentence.length; t++) {
                tokens[i * length + 1 + t] = (long) sentence[t] + EncoderShape.FIRST_WORD;
            }
            lengths[i] = sentence.length + 1;
            masked[i] = positions[i] + 1;
            targets[i] = sentence[positions[i]];
        }
        return new TokenBatch(size, length, tokens, lengths, masked, targets);
    }

    /** Sentences. */
    public int size() {
        return size;
    }

    /** Tokens of the longest sequence, start token included. */
    public int length() {
        return length;
    }

    /** Words in all sentences together. */
    public long words() {
        return Arrays.stream(lengths).asLongStream().sum() - size;
    }

    /** Whether some sequences are shorter than others. */
    public boolean padded() {
        return Arrays.stream(lengths).anyMatch(own -> own < length);
    }

    /** Token ids, row-major [size, length]; a copy. */
    public long[] tokens() {
        return tokens.clone();
    }

    /** Tokens of sequence {@code i}, start token included. */
    public int lengthOf(int i) {
        return lengths[i];
    }

    /** The masked place of sequence {@code i}, counted in tokens from the start token. */
    public int maskedPlace(int i) {
        return masked[i];
    }

    /** The hidden word of sentence {@code i}. */
    public int target(int i) {
        return targets[i];
    }

    /**
     * The same sentences with other words to be predicted.
     *
     * @param labels one a sentence, from 0
     */
    public TokenBatch labelled(int[] labels) {
        if (labels.length != size) {
            throw new IllegalArgumentException(
                    "there are " + labels.length + " labels: give one for each of " + size + " sentences.");
        }
        return new TokenBatch(size, length, tokens, lengths, masked, labels.clone());
    }

    /** Sentences {@code from} to {@code to}, exclusive, with the same padding. */
    public TokenBatch part(int from, int to) {
        return new TokenBatch(
                to - from,
                length,
                Arrays.copyOfRange(tokens, from * length, to * length),
                Arrays.copyOfRange(lengths, from, to),
                Arrays.copyOfRange(masked, from, to),
                Arrays.copyOfRange(targets, from, to));
    }
}
