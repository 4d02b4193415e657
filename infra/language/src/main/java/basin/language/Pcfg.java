package basin.language;

import basin.study.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The language of a probabilistic context-free grammar. All probabilities are exact, by the
 * inside-outside algorithm. Immutable; thread-safe.
 */
public final class Pcfg implements Language {
    private final Grammar grammar;
    private final NormalForm form;
    private final Sampler sampler;
    private final double[] free;
    private final double[] lengthProbabilities;
    private final double shortEnough;

    private Pcfg(Grammar grammar) {
        this.grammar = grammar;
        this.form = new NormalForm(grammar);
        this.sampler = new Sampler(grammar);
        this.free = Lengths.inside(form, grammar.maxLength());
        double[] masses = new double[grammar.maxLength() + 1];
        Arrays.setAll(masses, length -> free[length * form.symbols + form.start]);
        this.shortEnough = Arrays.stream(masses).sum();
        if (!(shortEnough > 0)) {
            throw new Refusal("maxLength is " + grammar.maxLength()
                    + ": the grammar has no sentence that short; give a larger number.");
        }
        this.lengthProbabilities =
                Arrays.stream(masses).map(mass -> mass / shortEnough).toArray();
    }

    /**
     * Returns the language of a grammar.
     *
     * @throws Refusal if the grammar has no sentence of at most {@code maxLength} words
     */
    public static Pcfg of(Grammar grammar) {
        return new Pcfg(grammar);
    }

    /** Returns the grammar. */
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int vocabularySize() {
        return grammar.words().size();
    }

    @Override
    public int maxLength() {
        return grammar.maxLength();
    }

    @Override
    public double lengthProbability(int length) {
        return length < 1 || length > maxLength() ? 0 : lengthProbabilities[length];
    }

    @Override
    public int[] sample(RandomGenerator random) {
        return sampler.draw(random, false).sentence();
    }

    /**
     * Draws a sentence with its constituents. The words are those that {@link #sample} draws from
     * the same generator.
     */
    public Derivation sampleDerivation(RandomGenerator random) {
        return sampler.draw(random, true);
    }

    @Override
    public double logProbability(int[] sentence) {
        check(sentence);
        if (sentence.length > maxLength()) {
            return Double.NEGATIVE_INFINITY;
        }
        return Chart.inside(form, sentence).logProbability() - Math.log(shortEnough);
    }

    @Override
    public double[][] conditionals(int[] sentence) {
        Chart chart = chart(sentence);
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            rows[t] = row(chart, t);
        }
        return rows;
    }

    @Override
    public double[] conditional(int[] sentence, int position) {
        return row(chart(sentence), position);
    }

    @Override
    public double[][] nextWords(int[] sentence) {
        Chart chart = inside(sentence).outside(free);
        double[][] rows = new double[sentence.length][];
        for (int t = 0; t < sentence.length; t++) {
            rows[t] = emissions(chart, t);
            if (!(Categorical.scale(rows[t]) > 0)) {
                throw Vocabulary.noBeginning(t);
            }
        }
        return rows;
    }

    private Chart chart(int[] sentence) {
        return inside(sentence).outside(new double[0]);
    }

    private Chart inside(int[] sentence) {
        check(sentence);
        if (sentence.length > maxLength()) {
            throw new IllegalArgumentException("the sentence has " + sentence.length
                    + " words: this language has sentences of at most " + maxLength() + ".");
        }
        return Chart.inside(form, sentence);
    }

    private double[] row(Chart chart, int t) {
        double[] row = emissions(chart, t);
        if (!(Categorical.scale(row) > 0)) {
            throw Vocabulary.disagreement(t);
        }
        return row;
    }

    /** Returns the likelihood of each word at position {@code t}, up to a common factor. */
    private double[] emissions(Chart chart, int t) {
        double[] row = new double[vocabularySize()];
        for (int word = 0; word < row.length; word++) {
            double sum = 0;
            for (int e = 0; e < form.emitters[word].length; e++) {
                sum += form.emissions[word][e] * chart.emissionOutside(t, form.emitters[word][e]);
            }
            row[word] = sum;
        }
        return row;
    }

    /**
     * Returns the non-terminal with the largest inside probability over a span, the lowest index
     * among equals. Empty if no non-terminal derives the span. It depends only on the words of the
     * span.
     */
    public OptionalInt mostLikelyInside(int[] sentence, int from, int to) {
        check(sentence);
        Chart chart = Chart.inside(form, Arrays.copyOfRange(sentence, from, to));
        return Categorical.likeliest(IntStream.range(0, form.nonTerminals)
                .mapToDouble(symbol -> chart.inside(0, to - from, symbol))
                .toArray());
    }

    /**
     * Returns the posterior probability of each non-terminal as the constituent over exactly this
     * span, given the whole sentence. In a chain of unary rules the constituent is the lowest. The
     * sum is the probability that the span is a constituent.
     *
     * @throws IllegalArgumentException if the sentence is not of the language
     */
    public double[] spanPosterior(int[] sentence, int from, int to) {
        Chart chart = chart(sentence);
        if (!(chart.logProbability() > Double.NEGATIVE_INFINITY)) {
            throw new IllegalArgumentException("the sentence is not of the language: give one that is.");
        }
        double[] posterior = new double[form.nonTerminals];
        for (int symbol = 0; symbol < posterior.length; symbol++) {
            posterior[symbol] = chart.branchingPosterior(from, to, symbol);
        }
        return posterior;
    }

    @Override
    public Optional<List<int[]>> sentences(int limit) {
        return Enumeration.sentences(form, maxLength(), limit).map(ArrayList::new);
    }

    private void check(int[] sentence) {
        Vocabulary.check(sentence, vocabularySize());
    }
}
