package basin.language;

import basin.study.Refusal;
import basin.study.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The language of a hidden Markov model whose sentence length is uniform between a minimum and a
 * maximum. All probabilities are exact, by the forward-backward algorithm in float64. Every vector
 * of the recursions is normalised, so that long sentences do not underflow. Immutable; thread-safe.
 */
public final class Hmm implements Language {
    private static final double ROUNDING = 1e-9;

    private final double[] initial;
    private final double[][] transitions;
    private final double[][] emissions;
    private final int minLength;
    private final int maxLength;

    private final double[] initialUpTo;
    private final double[][] transitionsUpTo;
    private final double[][] emissionsUpTo;

    private Hmm(double[] initial, double[][] transitions, double[][] emissions, int minLength, int maxLength) {
        this.initial = initial;
        this.transitions = transitions;
        this.emissions = emissions;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.initialUpTo = Categorical.cumulative(initial);
        this.transitionsUpTo =
                Arrays.stream(transitions).map(Categorical::cumulative).toArray(double[][]::new);
        this.emissionsUpTo =
                Arrays.stream(emissions).map(Categorical::cumulative).toArray(double[][]::new);
    }

    /**
     * Returns the language of the given matrices.
     *
     * @param initial P(first state), one entry per state
     * @param transitions row i is P(next state | state i)
     * @param emissions row i is P(word | state i)
     * @param minLength minimum sentence length in words, at least 1
     * @param maxLength maximum sentence length in words; all lengths in between are equally likely
     * @throws Refusal if the lengths are out of range
     * @throws IllegalArgumentException if a row is no distribution or the shapes do not match
     */
    public static Hmm of(double[] initial, double[][] transitions, double[][] emissions, int minLength, int maxLength) {
        if (minLength < 1 || maxLength < minLength) {
            throw new Refusal("minLength is " + minLength + " and maxLength is " + maxLength
                    + ": give at least one word, and a longest sentence that is no shorter.");
        }
        int states = initial.length;
        if (transitions.length != states || emissions.length != states || states == 0) {
            throw new IllegalArgumentException("there are " + states + " first states, " + transitions.length
                    + " rows of transitions and " + emissions.length + " of emissions: give one of each a state.");
        }
        distribution("the first states", initial, states);
        int vocabularySize = emissions[0].length;
        for (int state = 0; state < states; state++) {
            distribution("the transitions of state " + state, transitions[state], states);
            distribution("the emissions of state " + state, emissions[state], vocabularySize);
        }
        return new Hmm(initial.clone(), copy(transitions), copy(emissions), minLength, maxLength);
    }

    /**
     * Returns a model drawn from a seed. Each row of initial, transition and emission probabilities
     * is a softmax of {@code sharpness} times independent standard normal numbers, so every entry
     * is positive. The study's own matrices were never published; this is our choice.
     *
     * @param sharpness at least 0; 0 makes every row uniform, and larger values concentrate a row
     *     on fewer entries
     */
    public static Hmm random(
            int states, int vocabularySize, int minLength, int maxLength, double sharpness, long seed) {
        return of(
                softmax(Seeds.generator(seed, "hmm/first"), states, sharpness),
                rows(Seeds.generator(seed, "hmm/transitions"), states, states, sharpness),
                rows(Seeds.generator(seed, "hmm/emissions"), states, vocabularySize, sharpness),
                minLength,
                maxLength);
    }

    private static double[][] rows(RandomGenerator random, int rows, int columns, double sharpness) {
        double[][] drawn = new double[rows][];
        for (int row = 0; row < rows; row++) {
            drawn[row] = softmax(random, columns, sharpness);
        }
        return drawn;
    }

    private static double[] softmax(RandomGenerator random, int size, double sharpness) {
        double[] row = new double[size];
        Seeds.gaussian(random, row);
        for (int i = 0; i < size; i++) {
            // StrictMath gives the same language on every machine. The exponent is at most 10·9, so
            // nothing overflows.
            row[i] = StrictMath.exp(sharpness * row[i]);
        }
        Categorical.scale(row);
        return row;
    }

    private static void distribution(String what, double[] row, int size) {
        double total = 0;
        for (double p : row) {
            total += p >= 0 ? p : Double.NaN;
        }
        if (row.length != size || !(Math.abs(total - 1) <= ROUNDING)) {
            throw new IllegalArgumentException(what + " are " + row.length + " numbers that sum to " + total + ": give "
                    + size + " probabilities that sum to 1.");
        }
    }

    private static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /** Returns the number of hidden states. */
    public int states() {
        return initial.length;
    }

    @Override
    public int vocabularySize() {
        return emissions[0].length;
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public double lengthProbability(int length) {
        return length < minLength || length > maxLength ? 0 : 1.0 / (maxLength - minLength + 1);
    }

    @Override
    public int[] sample(RandomGenerator random) {
        return samplePath(random).sentence();
    }

    /**
     * Draws a sentence with its hidden states. The words are those that {@link #sample} draws from
     * the same generator.
     */
    public HiddenPath samplePath(RandomGenerator random) {
        int length = minLength + random.nextInt(maxLength - minLength + 1);
        int[] sentence = new int[length];
        int[] states = new int[length];
        for (int t = 0; t < length; t++) {
            states[t] = Categorical.draw(random, t == 0 ? initialUpTo : transitionsUpTo[states[t - 1]]);
            sentence[t] = Categorical.draw(random, emissionsUpTo[states[t]]);
        }
        return new HiddenPath(sentence, states);
    }

    @Override
    public double logProbability(int[] sentence) {
        Vocabulary.check(sentence, vocabularySize());
        if (sentence.length < minLength || sentence.length > maxLength) {
            return Double.NEGATIVE_INFINITY;
        }
        return logLikelihood(Math.log(lengthProbability(sentence.length)), sentence);
    }

    /**
     * Returns {@code log} plus the log probability of the words as a prefix, by the forward
     * recursion.
     */
    private double logLikelihood(double log, int[] words) {
        double sum = log;
        double[] predicted = initial;
        for (int t = 0; t < words.length; t++) {
            double[] seen = seen(predicted, words[t]);
            double mass = Categorical.scale(seen);
            if (!(mass > 0)) {
                return Double.NEGATIVE_INFINITY;
            }
            sum += Math.log(mass);
            predicted = t + 1 < words.length ? step(seen) : seen;
        }
        return sum;
    }

    @Override
    public double[][] conditionals(int[] sentence) {
        check(sentence);
        double[][] before = before(sentence, sentence.length - 1);
        double[][] after = after(sentence, 0);
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            rows[t] = row(before[t], after[t], t);
        }
        return rows;
    }

    @Override
    public double[] conditional(int[] sentence, int position) {
        check(sentence);
        return row(before(sentence, position)[position], after(sentence, position)[position], position);
    }

    @Override
    public double[][] nextWords(int[] sentence) {
        check(sentence);
        double[] every = new double[states()];
        Arrays.fill(every, 1);
        double[][] before = before(sentence, sentence.length - 1);
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            // The words that follow are free, so all states have equal weight.
            rows[t] = emitted(before[t], every);
            if (!(Categorical.scale(rows[t]) > 0)) {
                throw Vocabulary.noBeginning(t);
            }
        }
        return rows;
    }

    /**
     * Returns P(state at {@code position} | the whole sentence), one entry per state.
     *
     * @throws IllegalArgumentException if the sentence is not of the language
     */
    public double[] statePosterior(int[] sentence, int position) {
        check(sentence);
        double[] posterior = seen(before(sentence, position)[position], sentence[position]);
        double[] later = after(sentence, position)[position];
        for (int state = 0; state < posterior.length; state++) {
            posterior[state] *= later[state];
        }
        if (!(Categorical.scale(posterior) > 0)) {
            throw new IllegalArgumentException("the sentence is not of the language: give one that is.");
        }
        return posterior;
    }

    private void check(int[] sentence) {
        Vocabulary.check(sentence, vocabularySize(), minLength, maxLength);
    }

    /**
     * Returns rows 0 to {@code last}. Row t is P(state t | words before t), up to a factor; it is
     * zero if no sentence has these words.
     */
    private double[][] before(int[] sentence, int last) {
        double[][] rows = new double[last + 1][];
        rows[0] = initial;
        for (int t = 1; t <= last; t++) {
            double[] seen = seen(rows[t - 1], sentence[t - 1]);
            Categorical.scale(seen);
            rows[t] = step(seen);
        }
        return rows;
    }

    /**
     * Returns an array whose rows {@code first} and later are set. Row t is P(words after t | state
     * t), up to a factor.
     */
    private double[][] after(int[] sentence, int first) {
        double[][] rows = new double[sentence.length][];
        double[] last = new double[states()];
        Arrays.fill(last, 1);
        rows[sentence.length - 1] = last;
        for (int t = sentence.length - 2; t >= first; t--) {
            double[] seen = seen(rows[t + 1], sentence[t + 1]);
            double[] row = new double[states()];
            for (int state = 0; state < row.length; state++) {
                double sum = 0;
                double[] next = transitions[state];
                for (int other = 0; other < row.length; other++) {
                    sum += next[other] * seen[other];
                }
                row[state] = sum;
            }
            Categorical.scale(row);
            rows[t] = row;
        }
        return rows;
    }

    private double[] seen(double[] states, int word) {
        double[] seen = new double[states.length];
        for (int state = 0; state < states.length; state++) {
            seen[state] = states[state] * emissions[state][word];
        }
        return seen;
    }

    private double[] step(double[] from) {
        double[] to = new double[from.length];
        for (int state = 0; state < from.length; state++) {
            if (from[state] > 0) {
                double[] next = transitions[state];
                for (int other = 0; other < to.length; other++) {
                    to[other] += from[state] * next[other];
                }
            }
        }
        return to;
    }

    private double[] row(double[] before, double[] after, int position) {
        double[] row = emitted(before, after);
        if (!(Categorical.scale(row) > 0)) {
            throw Vocabulary.disagreement(position);
        }
        return row;
    }

    private double[] emitted(double[] before, double[] after) {
        double[] row = new double[vocabularySize()];
        for (int state = 0; state < before.length; state++) {
            double weight = before[state] * after[state];
            if (weight > 0) {
                double[] emitted = emissions[state];
                for (int word = 0; word < row.length; word++) {
                    row[word] += weight * emitted[word];
                }
            }
        }
        return row;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.byBeginnings(this, limit, (words, _) -> logLikelihood(0, words) > Double.NEGATIVE_INFINITY);
    }
}
