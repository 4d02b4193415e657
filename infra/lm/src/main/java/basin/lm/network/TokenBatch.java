package basin.lm.network;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Sentences as the network reads them: a first token and the words, filled up to the batch's longest, with the places at which words are to be
 * predicted. Immutable; thread-safe.
 */
public final class TokenBatch {
    private final int size;
    private final int length;
    private final long[] tokens;
    private final int[] lengths;
    /** By prediction, sentence by sentence: the sequence that it belongs to, the place in it, the word to be predicted. */
    private final int[] sequences;

    private final int[] places;
    private final int[] targets;

    private TokenBatch(
            int size, int length, long[] tokens, int[] lengths, int[] sequences, int[] places, int[] targets) {
        this.size = size;
        this.length = length;
        this.tokens = tokens;
        this.lengths = lengths;
        this.sequences = sequences;
        this.places = places;
        this.targets = targets;
    }

    /**
     * Sentences with one word hidden each.
     *
     * @param sentences word ids from 0
     * @param positions the hidden word of each sentence, from 0
     */
    public static TokenBatch masked(int[][] sentences, int[] positions) {
        int size = sentences.length;
        int[] places = new int[size];
        int[] targets = new int[size];
        for (int i = 0; i < size; i++) {
            places[i] = positions[i] + 1;
            targets[i] = sentences[i][positions[i]];
        }
        TokenBatch batch = fill(
                sentences,
                length -> EncoderShape.START,
                IntStream.range(0, size).toArray(),
                places,
                targets);
        for (int i = 0; i < size; i++) {
            batch.tokens[i * batch.length + places[i]] = EncoderShape.MASK;
        }
        return batch;
    }

    /** Sentences as they are; the "masked" position is the start token's. */
    public static TokenBatch plain(int[][] sentences) {
        return plain(sentences, length -> EncoderShape.START);
    }

    /**
     * Sentences as they are, behind a first token of their own.
     *
     * @param first from a sentence's number of words to its first token
     */
    public static TokenBatch plain(int[][] sentences, IntUnaryOperator first) {
        int size = sentences.length;
        return fill(
                sentences,
                first,
                IntStream.range(0, size).toArray(),
                new int[size],
                Arrays.stream(sentences).mapToInt(sentence -> sentence[0]).toArray());
    }

    /**
     * Sentences of which every word is to be predicted from those before it: from the first token the first word, and so on. The last word
     * is left out of what is read, for nothing is predicted from it.
     *
     * @param first from a sentence's number of words to its first token
     */
    public static TokenBatch causal(int[][] sentences, IntUnaryOperator first) {
        int predictions =
                Arrays.stream(sentences).mapToInt(sentence -> sentence.length).sum();
        int[] sequences = new int[predictions];
        int[] places = new int[predictions];
        int[] targets = new int[predictions];
        int[][] beginnings = new int[sentences.length][];
        int at = 0;
        for (int i = 0; i < sentences.length; i++) {
            beginnings[i] = Arrays.copyOf(sentences[i], sentences[i].length - 1);
            for (int t = 0; t < sentences[i].length; t++) {
                sequences[at] = i;
                places[at] = t;
                targets[at++] = sentences[i][t];
            }
        }
        return fill(beginnings, words -> first.applyAsInt(words + 1), sequences, places, targets);
    }

    private static TokenBatch fill(
            int[][] sentences, IntUnaryOperator first, int[] sequences, int[] places, int[] targets) {
        int size = sentences.length;
        int length = 1
                + Arrays.stream(sentences)
                        .mapToInt(sentence -> sentence.length)
                        .max()
                        .orElse(0);
        long[] tokens = new long[size * length];
        int[] lengths = new int[size];
        Arrays.fill(tokens, EncoderShape.PADDING);
        for (int i = 0; i < size; i++) {
            int[] sentence = sentences[i];
            tokens[i * length] = first.applyAsInt(sentence.length);
            for (int t = 0; t < sentence.length; t++) {
                tokens[i * length + 1 + t] = (long) sentence[t] + EncoderShape.FIRST_WORD;
            }
            lengths[i] = sentence.length + 1;
        }
        return new TokenBatch(size, length, tokens, lengths, sequences, places, targets);
    }

    /** Sentences. */
    public int size() {
        return size;
    }

    /** Tokens of the longest sequence, first token included. */
    public int length() {
        return length;
    }

    /** Words that are read in all sentences together. */
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

    /** Tokens of sequence {@code i}, first token included. */
    public int lengthOf(int i) {
        return lengths[i];
    }

    /** Predictions of all sequences. */
    public int predictions() {
        return targets.length;
    }

    /** Predictions of sequence {@code i}, at least one. */
    public int predictionsOf(int i) {
        int from = firstOf(i);
        return firstOf(i + 1) - from;
    }

    /** The first prediction of a sequence, or of a later one. */
    private int firstOf(int i) {
        if (targets.length == size) {
            return i;
        }
        int at = Arrays.binarySearch(sequences, i);
        if (at < 0) {
            return targets.length;
        }
        while (at > 0 && sequences[at - 1] == i) {
            at--;
        }
        return at;
    }

    /** The sequence of prediction {@code k}. */
    public int sequenceOf(int k) {
        return sequences[k];
    }

    /** The place of prediction {@code k} in its sequence, counted in tokens from the first. */
    public int placeOf(int k) {
        return places[k];
    }

    /** The masked place of sequence {@code i}, counted in tokens from the start token. */
    public int maskedPlace(int i) {
        return places[i];
    }

    /** The word of prediction {@code k}: where one word is hidden in each sentence, that of sentence {@code k}. */
    public int target(int k) {
        return targets[k];
    }

    /**
     * The same sentences with other words to be predicted.
     *
     * @param labels one a prediction, from 0
     */
    public TokenBatch labelled(int[] labels) {
        if (labels.length != targets.length) {
            throw new IllegalArgumentException(
                    "there are " + labels.length + " labels: give one for each of " + targets.length + " predictions.");
        }
        return new TokenBatch(size, length, tokens, lengths, sequences, places, labels.clone());
    }

    /** Sentences {@code from} to {@code to}, exclusive, with the same padding. */
    public TokenBatch part(int from, int to) {
        int first = firstOf(from);
        int end = firstOf(to);
        return new TokenBatch(
                to - from,
                length,
                Arrays.copyOfRange(tokens, from * length, to * length),
                Arrays.copyOfRange(lengths, from, to),
                Arrays.stream(sequences, first, end).map(own -> own - from).toArray(),
                Arrays.copyOfRange(places, first, end),
                Arrays.copyOfRange(targets, first, end));
    }
}
