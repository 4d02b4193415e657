package basin.network;

import basin.study.Objective;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A batch of token sequences, padded to one length, with prediction places and targets. A target is
 * an observed token or a distribution. Each objective creates batches in its own way. Immutable;
 * thread-safe.
 */
public final class TokenBatch {
    private static final double[] CERTAIN = {1};

    private final int size;
    private final int length;
    private final long[] tokens;
    private final int[] lengths;
    /**
     * For each prediction, sequence by sequence: its sequence, its place in it, the first token of
     * its target, and its target.
     */
    private final int[] sequences;

    private final int[] places;
    private final int[] firsts;
    private final double[][] targets;
    /** For each sequence, its first prediction; one more entry at the end. */
    private final int[] starts;

    private TokenBatch(
            int length, long[] tokens, int[] lengths, int[] sequences, int[] places, int[] firsts, double[][] targets) {
        this.size = lengths.length;
        this.length = length;
        this.tokens = tokens;
        this.lengths = lengths;
        this.sequences = sequences;
        this.places = places;
        this.firsts = firsts;
        this.targets = targets;
        this.starts = starts();
    }

    private static TokenBatch of(
            int[][] rows, int padding, int[] sequences, int[] places, int[] firsts, double[][] targets) {
        int[] lengths = Arrays.stream(rows).mapToInt(row -> row.length).toArray();
        if (lengths.length == 0 || Arrays.stream(lengths).anyMatch(own -> own == 0)) {
            throw new IllegalArgumentException("A batch has " + rows.length
                    + " sequences, or one of no tokens: give at least" + " one sequence of at least one token.");
        }
        if (sequences.length == 0 || sequences.length != places.length || sequences.length != firsts.length) {
            throw new IllegalArgumentException(
                    "A batch has predictions in " + sequences.length + " sequences, at " + places.length
                            + " places and of " + firsts.length + " tokens: give as many of each, at least one.");
        }
        int length = Arrays.stream(lengths).max().orElseThrow();
        long[] tokens = new long[rows.length * length];
        Arrays.fill(tokens, padding);
        for (int i = 0; i < rows.length; i++) {
            for (int t = 0; t < rows[i].length; t++) {
                tokens[i * length + t] = rows[i][t];
            }
        }
        return new TokenBatch(length, tokens, lengths, sequences, places, firsts, targets);
    }

    private int[] starts() {
        int[] found = new int[size + 1];
        for (int k = 0; k < sequences.length; k++) {
            if (k > 0 && sequences[k] < sequences[k - 1]) {
                throw new IllegalArgumentException("Prediction " + k + " is in sequence " + sequences[k]
                        + ", that before it in " + sequences[k - 1] + ": give them sequence by sequence.");
            }
            if (places[k] < 0 || places[k] >= lengths[sequences[k]]) {
                throw new IllegalArgumentException("Place " + places[k] + " is asked for in a sequence of "
                        + lengths[sequences[k]] + " tokens: give one inside, from 0.");
            }
            found[sequences[k] + 1]++;
        }
        for (int i = 0; i < size; i++) {
            found[i + 1] += found[i];
        }
        return found;
    }

    /**
     * Creates a batch with observed tokens as targets.
     *
     * @param rows tokens of each sequence as the network reads them, with the mask in the place of
     *     a hidden token
     * @param sequences for every prediction, its sequence, in ascending order
     * @param places for every prediction, its place in its sequence, from 0, at which the network's
     *     logits are used
     * @param labels for every prediction, the token to predict
     */
    public static TokenBatch of(int[][] rows, int[] sequences, int[] places, int[] labels) {
        return of(rows, 0, sequences.clone(), places.clone(), labels.clone(), certain(labels.length));
    }

    /**
     * Creates a batch whose logits are used at given places. The targets are the tokens at those
     * places.
     *
     * @param rows tokens of each sequence as the network reads them
     * @param sequences for every place, its sequence, in ascending order
     * @param places for every place, its index in its sequence, from 0
     */
    public static TokenBatch at(int[][] rows, int[] sequences, int[] places) {
        int[] seen = new int[places.length];
        Arrays.setAll(seen, k -> rows[sequences[k]][places[k]]);
        return of(rows, sequences, places, seen);
    }

    private static double[][] certain(int predictions) {
        double[][] targets = new double[predictions][];
        Arrays.fill(targets, CERTAIN);
        return targets;
    }

    /**
     * Creates a batch of sentences with one masked word each, after the start token.
     *
     * @param sentences word ids from 0
     * @param positions the masked word of each sentence, from 0
     */
    public static TokenBatch masked(int[][] sentences, int[] positions) {
        return predicting(Objective.MASKED, sentences, positions, length -> EncoderShape.START);
    }

    /**
     * Creates a batch of sentences with the words that an objective predicts. A masked word is
     * predicted at its own place, any other word at the place before it. In the latter case the
     * last word is not read, because nothing is predicted from it.
     *
     * @param sentences word ids from 0
     * @param positions a position drawn for each sentence, from 0
     * @param first function from a sentence's number of words to its first token
     */
    public static TokenBatch predicting(
            Objective objective, int[][] sentences, int[] positions, IntUnaryOperator first) {
        int[][] rows = rows(sentences, first);
        IntStream.Builder sequences = IntStream.builder();
        IntStream.Builder places = IntStream.builder();
        IntStream.Builder labels = IntStream.builder();
        for (int i = 0; i < rows.length; i++) {
            if (positions[i] < 0 || positions[i] >= sentences[i].length) {
                throw new IllegalArgumentException("Masked position is " + positions[i] + " in a sentence of "
                        + sentences[i].length + " words: give a position inside the sentence, from 0.");
            }
            int[] row = objective.masks() ? rows[i].clone() : Arrays.copyOf(rows[i], sentences[i].length);
            for (int k = 0; k < objective.predictions(sentences[i].length); k++) {
                int word = 1 + objective.position(sentences[i].length, positions[i], k);
                sequences.add(i);
                places.add(objective.masks() ? word : word - 1);
                labels.add(rows[i][word]);
                if (objective.masks()) {
                    row[word] = EncoderShape.MASK;
                }
            }
            rows[i] = row;
        }
        return sentences(
                rows,
                sequences.build().toArray(),
                places.build().toArray(),
                labels.build().toArray());
    }

    /**
     * Creates a batch of unmasked sentences, each after its first token. The only target is the
     * first word, predicted at the first token.
     *
     * @param first function from a sentence's number of words to its first token
     */
    public static TokenBatch plain(int[][] sentences, IntUnaryOperator first) {
        int[][] rows = rows(sentences, first);
        return sentences(
                rows,
                IntStream.range(0, rows.length).toArray(),
                new int[rows.length],
                Arrays.stream(rows).mapToInt(row -> row[1]).toArray());
    }

    private static TokenBatch sentences(int[][] rows, int[] sequences, int[] places, int[] labels) {
        return of(rows, EncoderShape.PADDING, sequences, places, labels, certain(labels.length));
    }

    private static int[][] rows(int[][] sentences, IntUnaryOperator first) {
        return Arrays.stream(sentences)
                .map(sentence -> IntStream.concat(
                                IntStream.of(first.applyAsInt(sentence.length)),
                                Arrays.stream(sentence).map(word -> word + EncoderShape.FIRST_WORD))
                        .toArray())
                .toArray(int[][]::new);
    }

    /**
     * Returns the same sequences with other prediction places. The targets are the tokens at those
     * places.
     *
     * @param sequences for every place, its sequence, in ascending order
     * @param places for every place, its index in its sequence, from 0
     */
    public TokenBatch predictingAt(int[] sequences, int[] places) {
        int[] seen = new int[places.length];
        Arrays.setAll(seen, k -> Math.toIntExact(tokens[sequences[k] * length + places[k]]));
        return new TokenBatch(length, tokens, lengths, sequences.clone(), places.clone(), seen, certain(places.length));
    }

    /**
     * Returns the same sequences with other tokens to predict.
     *
     * @param labels one token per prediction
     */
    public TokenBatch withLabels(int[] labels) {
        return withTargets(labels, certain(labels.length));
    }

    /**
     * Returns the same sequences with distributions to predict.
     *
     * @param first the token that the first entry of every distribution belongs to
     * @param distributions one per prediction: probabilities of consecutive tokens from {@code
     *     first} on; must not be changed
     */
    public TokenBatch withTargets(int first, double[][] distributions) {
        int[] firsts = new int[distributions.length];
        Arrays.fill(firsts, first);
        return withTargets(firsts, distributions);
    }

    /**
     * Returns the same sequences with distributions to predict.
     *
     * @param firsts for every prediction, the token that the first entry of its distribution
     *     belongs to
     * @param distributions one per prediction: probabilities of consecutive tokens from there on;
     *     must not be changed
     */
    public TokenBatch withTargets(int[] firsts, double[][] distributions) {
        if (firsts.length != places.length || distributions.length != places.length) {
            throw new IllegalArgumentException("there are " + firsts.length + " labels and " + distributions.length
                    + " distributions: give one for each of " + places.length + " predictions.");
        }
        return new TokenBatch(length, tokens, lengths, sequences, places, firsts.clone(), distributions.clone());
    }

    /** Returns the number of sequences. */
    public int size() {
        return size;
    }

    /** Returns the number of tokens of the longest sequence. */
    public int length() {
        return length;
    }

    /** Returns the number of words read in all sentences together, excluding first tokens. */
    public long words() {
        return Arrays.stream(lengths).asLongStream().sum() - size;
    }

    /** Returns whether some sequences are shorter than others. */
    public boolean padded() {
        return Arrays.stream(lengths).anyMatch(own -> own < length);
    }

    /** Returns a copy of the token ids, row-major [size, length]. */
    public long[] tokens() {
        return tokens.clone();
    }

    /** Returns a copy of the tokens of sequence {@code i}, without padding. */
    public int[] sequence(int i) {
        return Arrays.stream(tokens, i * length, i * length + lengths[i])
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Returns the number of tokens of sequence {@code i}. */
    public int lengthOf(int i) {
        return lengths[i];
    }

    /** Returns the number of predictions of all sequences. */
    public int predictions() {
        return firsts.length;
    }

    /** Returns the number of predictions of sequence {@code i}. */
    public int predictionsOf(int i) {
        return starts[i + 1] - starts[i];
    }

    /** Returns whether every sequence has exactly one prediction. */
    boolean hasOnePredictionEach() {
        return IntStream.range(0, size).allMatch(i -> predictionsOf(i) == 1);
    }

    /** Returns the number of the first prediction of sequence {@code i}. */
    public int firstPredictionOf(int i) {
        return starts[i];
    }

    /** Returns the sequence of prediction {@code k}. */
    public int sequenceOf(int k) {
        return sequences[k];
    }

    /** Returns the place of prediction {@code k} in its sequence, in tokens from 0. */
    public int placeOf(int k) {
        return places[k];
    }

    /** Returns, for every prediction, the row-major index of its token among all tokens. */
    long[] rows() {
        long[] rows = new long[places.length];
        Arrays.setAll(rows, k -> (long) sequences[k] * length + places[k]);
        return rows;
    }

    /**
     * Returns the token that the first entry of the target of prediction {@code k} belongs to; for
     * an observed token, that token.
     */
    public int firstTargetOf(int k) {
        return firsts[k];
    }

    /**
     * Returns the probabilities of consecutive tokens from {@link #firstTargetOf} on. The array
     * must not be changed.
     */
    @SuppressWarnings("EI_EXPOSE_REP") // Read in inner loops.
    public double[] targetOf(int k) {
        return targets[k];
    }

    /** Returns sequences {@code from} to {@code to}, exclusive, padded to the longest of them. */
    public TokenBatch part(int from, int to) {
        return only(IntStream.range(from, to).toArray());
    }

    /**
     * Returns the sequences with these numbers, in that order, padded to the longest of them. A
     * number may occur more than once.
     */
    public TokenBatch only(int... numbers) {
        int[][] rows = Arrays.stream(numbers).mapToObj(this::sequence).toArray(int[][]::new);
        int[] kept = Arrays.stream(numbers)
                .flatMap(i -> IntStream.range(starts[i], starts[i + 1]))
                .toArray();
        int[] owners = IntStream.range(0, numbers.length)
                .flatMap(i -> IntStream.generate(() -> i).limit(predictionsOf(numbers[i])))
                .toArray();
        return of(
                rows,
                EncoderShape.PADDING,
                owners,
                Arrays.stream(kept).map(k -> places[k]).toArray(),
                Arrays.stream(kept).map(k -> firsts[k]).toArray(),
                Arrays.stream(kept).mapToObj(k -> targets[k]).toArray(double[][]::new));
    }
}
