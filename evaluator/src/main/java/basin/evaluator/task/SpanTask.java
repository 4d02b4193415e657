package basin.evaluator.task;

import basin.events.spec.TaskSpec;
import basin.lm.language.Derivation;
import basin.lm.language.Pcfg;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** A span task on a language: what the classes are, what a sentence's label is, and how well it can be known. Thread-safe. */
public final class SpanTask {
    private final Pcfg language;
    private final TaskSpec spec;
    private final int[] nonTerminals;

    private SpanTask(Pcfg language, TaskSpec spec) {
        this.language = language;
        this.spec = spec;
        this.nonTerminals = SpanClasses.of(language, spec);
        if (nonTerminals.length == 0) {
            throw new IllegalArgumentException("the span of task '" + spec.name() + "' has start " + spec.start()
                    + " and length " + spec.length() + ": no non-terminal of this language, whose longest sentence has "
                    + language.longest() + " words, derives such a span; give another start or length.");
        }
    }

    /**
     * The task on that language.
     *
     * @throws IllegalArgumentException where no sentence can have a label
     */
    public static SpanTask of(Pcfg language, TaskSpec spec) {
        return new SpanTask(language, spec);
    }

    /** Different labels: non-terminals that can derive a span of this length. */
    public int classes() {
        return nonTerminals.length;
    }

    /** Names of the non-terminals, by class. */
    public List<String> names() {
        return Arrays.stream(nonTerminals)
                .mapToObj(language.grammar().nonTerminals()::get)
                .toList();
    }

    /** The class of a sentence; empty where it is too short for the span, or the span has no label. */
    public OptionalInt label(Derivation derivation) {
        int from = spec.start();
        int to = end(derivation.sentence());
        if (to > derivation.sentence().length || from >= to) {
            return OptionalInt.empty();
        }
        OptionalInt symbol = switch (spec.label()) {
            case INSIDE -> language.mostLikelyInside(derivation.sentence(), from, to);
            case ANCESTOR -> derivation.ancestor(from, to);
        };
        return symbol.isPresent()
                ? OptionalInt.of(Arrays.binarySearch(nonTerminals, symbol.getAsInt()))
                : OptionalInt.empty();
    }

    /**
     * How often the best guess is right for a sentence that has a label and is seen whole: the largest posterior probability of a
     * class, given that the span is a constituent; 1 for a label that is a function of the words.
     */
    public double bestGuess(int[] sentence) {
        return switch (spec.label()) {
            case INSIDE -> 1;
            case ANCESTOR -> {
                double[] posterior = language.spanPosterior(sentence, spec.start(), end(sentence));
                yield Arrays.stream(posterior).max().orElseThrow()
                        / Arrays.stream(posterior).sum();
            }
        };
    }

    private int end(int[] sentence) {
        return spec.length() == 0 ? sentence.length : spec.start() + spec.length();
    }
}
