package basin.network;

import basin.study.Objective;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Sequences of tokens as a network reads them, padded to one length, with the places at which tokens are predicted and what is to be predicted
 * there: the token seen, or a distribution. An objective is a way to make one. Immutable; thread-safe.
 */
public final class TokenBatch {
    private static final double[] CERTAIN = {1};

    private final int size;
    private final int length;
    private final long[] tokens;
    private final int[] lengths;
    /** By prediction, sequence by sequence: the sequence, the place in it, the first token of the target and the target. */
    private final int[] sequences;

    private final int[] places;
    private final int[] firsts;
    private final double[][] targets;
    /** By sequence: its first prediction; one more at the end. */
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
     * Sequences of tokens with the tokens seen as targets.
     *
     * @param rows tokens of each sequence as the network reads them, the mask in a hidden token's place
     * @param sequences for every prediction, the sequence that it lies in, in order
     * @param places for every prediction, where in its sequence, from 0: the network's scores there are asked for
     * @param labels for every prediction, the token that is to be predicted
     */
    public static TokenBatch of(int[][] rows, int[] sequences, int[] places, int[] labels) {
        return of(rows, 0, sequences.clone(), places.clone(), labels.clone(), certain(labels.length));
    }

    /**
     * Sequences of tokens whose scores are asked for; the targets are the tokens that stand there.
     *
     * @param rows tokens of each sequence as the network reads them
     * @param sequences for every place, the sequence that it lies in, in order
     * @param places for every place, where in its sequence, from 0
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
     * Sentences with one masked word each, behind the start token.
     *
     * @param sentences word ids from 0
     * @param positions the masked word of each sentence, from 0
     */
    public static TokenBatch masked(int[][] sentences, int[] positions) {
        return predicting(Objective.MASKED, sentences, positions, length -> EncoderShape.START);
    }

    /**
     * Sentences with the words that an objective predicts. A masked word's score is asked for in its own place, any other one's in
     * the place before it; then the last word is not read, because nothing is predicted from it.
     *
     * @param sentences word ids from 0
     * @param positions a position drawn for each sentence, from 0
     * @param first from a sentence's number of words to its first token
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
     * Sentences as they are, behind a first token of their own; the first word is called predicted from it.
     *
     * @param first from a sentence's number of words to its first token
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
     * The same sequences with the scores asked for at other places; the targets are the tokens that stand there.
     *
     * @param sequences for every place, the sequence that it lies in, in order
     * @param places for every place, where in its sequence, from 0
     */
    public TokenBatch predictingAt(int[] sequences, int[] places) {
        int[] seen = new int[places.length];
        Arrays.setAll(seen, k -> Math.toIntExact(tokens[sequences[k] * length + places[k]]));
        return new TokenBatch(length, tokens, lengths, sequences.clone(), places.clone(), seen, certain(places.length));
    }

    /**
     * The same sequences with other tokens to be predicted.
     *
     * @param labels one token a prediction
     */
    public TokenBatch withLabels(int[] labels) {
        return withTargets(labels, certain(labels.length));
    }

    /**
     * The same sequences with distributions to be predicted.
     *
     * @param first the token that every distribution's first entry belongs to
     * @param distributions one a prediction: probabilities of consecutive tokens from there on; not to be changed
     */
    public TokenBatch withTargets(int first, double[][] distributions) {
        int[] firsts = new int[distributions.length];
        Arrays.fill(firsts, first);
        return withTargets(firsts, distributions);
    }

    /**
     * The same sequences with distributions to be predicted.
     *
     * @param firsts for every prediction, the token that its distribution's first entry belongs to
     * @param distributions one a prediction: probabilities of consecutive tokens from there on; not to be changed
     */
    public TokenBatch withTargets(int[] firsts, double[][] distributions) {
        if (firsts.length != places.length || distributions.length != places.length) {
            throw new IllegalArgumentException("there are " + firsts.length + " labels and " + distributions.length
                    + " distributions: give one for each of " + places.length + " predictions.");
        }
        return new TokenBatch(length, tokens, lengths, sequences, places, firsts.clone(), distributions.clone());
    }

    /** Number of sequences. */
    public int size() {
        return size;
    }

    /** Tokens of the longest sequence. */
    public int length() {
        return length;
    }

    /** Number of words that are read in all sentences together, first tokens left out. */
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

    /** The tokens of sequence {@code i}, without padding; a copy. */
    public int[] sequence(int i) {
        return Arrays.stream(tokens, i * length, i * length + lengths[i])
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    /** Number of tokens of sequence {@code i}. */
    public int lengthOf(int i) {
        return lengths[i];
    }

    /** Number of predictions of all sequences. */
    public int predictions() {
        return firsts.length;
    }

    /** Number of predictions of sequence {@code i}. */
    public int predictionsOf(int i) {
        return starts[i + 1] - starts[i];
    }

    /** Whether every sequence has exactly one prediction. */
    boolean hasOnePredictionEach() {
        return IntStream.range(0, size).allMatch(i -> predictionsOf(i) == 1);
    }

    /** The number of the first prediction of sequence {@code i}. */
    public int firstPredictionOf(int i) {
        return starts[i];
    }

    /** The sequence of prediction {@code k}. */
    public int sequenceOf(int k) {
        return sequences[k];
    }

    /** The place of prediction {@code k} in its sequence, in tokens from the first. */
    public int placeOf(int k) {
        return places[k];
    }

    /** For every prediction, the number of its token among all tokens, row-major. */
    long[] rows() {
        long[] rows = new long[places.length];
        Arrays.setAll(rows, k -> (long) sequences[k] * length + places[k]);
        return rows;
    }

    /** The token that the target of prediction {@code k} begins with: where a token was seen, that token. */
    public int firstTargetOf(int k) {
        return firsts[k];
    }

    /** Probabilities of consecutive tokens from {@link #firstTargetOf} on; not to be changed. */
    @SuppressWarnings("EI_EXPOSE_REP") // Read in inner loops.
    public double[] targetOf(int k) {
        return targets[k];
    }

    /** Sequences {@code from} to {@code to}, exclusive, padded to the longest of them. */
    public TokenBatch part(int from, int to) {
        return only(IntStream.range(from, to).toArray());
    }

    /** The sequences of those numbers, in that order, padded to the longest of them; a number may stand there more than once. */
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
