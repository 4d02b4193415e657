package basin.language.task;

import basin.language.Derivation;
import basin.language.Pcfg;
import basin.study.Refusal;
import basin.study.TaskSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A task whose label is the non-terminal over a span. Thread-safe. */
final class SpanTask implements Task {
    private final Pcfg language;
    private final TaskSpec spec;
    private final int[] nonTerminals;
    /** The language whose sentences are excluded from the test set. */
    private final Optional<Pcfg> lacking;

    private SpanTask(Pcfg language, TaskSpec spec, int[] nonTerminals, Optional<Pcfg> lacking) {
        this.language = language;
        this.spec = spec;
        this.nonTerminals = nonTerminals;
        this.lacking = lacking;
    }

    /**
     * Returns the task on that language.
     *
     * @throws Refusal if no sentence can have a label
     */
    static SpanTask of(Pcfg language, TaskSpec spec) {
        int[] nonTerminals = IntStream.concat(
                        IntStream.of(SpanClasses.of(language, spec)),
                        IntStream.of(SpanClasses.of(Tasks.shifted(language, spec), spec)))
                .sorted()
                .distinct()
                .toArray();
        if (nonTerminals.length == 0) {
            throw new Refusal("the span of task '" + spec.name() + "' has start " + spec.start()
                    + " and length " + spec.length() + ": no non-terminal of this language, whose longest sentence has "
                    + language.maxLength() + " words, derives such a span; give another start or length.");
        }
        return new SpanTask(language, spec, nonTerminals, Optional.empty());
    }

    @Override
    public SpanTask onTest() {
        return spec.shift()
                .map(shift -> new SpanTask(
                        Tasks.shifted(language, spec),
                        spec,
                        nonTerminals,
                        shift.beyondTheLanguage() ? Optional.of(language) : Optional.empty()))
                .orElse(this);
    }

    /** Returns the names of the non-terminals that can derive a span of this length, by class. */
    @Override
    public List<String> names() {
        return Arrays.stream(nonTerminals)
                .mapToObj(language.grammar().nonTerminals()::get)
                .toList();
    }

    /**
     * Returns the class of a sentence. Empty if the sentence is too short for the span, or if the
     * span has no label.
     */
    OptionalInt label(Derivation derivation) {
        int from = spec.start();
        int to = end(derivation.sentence());
        if (to > derivation.sentence().length || from >= to) {
            return OptionalInt.empty();
        }
        OptionalInt symbol = isCertain()
                ? language.mostLikelyInside(derivation.sentence(), from, to)
                : derivation.ancestor(from, to);
        return symbol.stream()
                .map(label -> Arrays.binarySearch(nonTerminals, label))
                .findFirst();
    }

    @Override
    public Labelled draw(RandomGenerator random) {
        Derivation derivation = language.sampleDerivation(random);
        // The exclusion depends only on the words, so the posterior given the words is unchanged.
        boolean known = lacking.map(without -> without.logProbability(derivation.sentence()) > Double.NEGATIVE_INFINITY)
                .orElse(false);
        return new Labelled(derivation.sentence(), known ? OptionalInt.empty() : label(derivation));
    }

    @Override
    public boolean isCertain() {
        return spec.label() == TaskSpec.Label.INSIDE;
    }

    /**
     * Returns the Bayes accuracy given a whole sentence that has a label. It is the
     * largest posterior probability of a class, given that the span is a constituent. It is 1 if
     * the label is a function of the words.
     */
    @Override
    public double bestGuess(int[] sentence) {
        if (isCertain()) {
            return 1;
        }
        double[] posterior = language.spanPosterior(sentence, spec.start(), end(sentence));
        return Arrays.stream(posterior).max().orElseThrow()
                / Arrays.stream(posterior).sum();
    }

    private int end(int[] sentence) {
        return spec.length() == 0 ? sentence.length : spec.start() + spec.length();
    }
}
