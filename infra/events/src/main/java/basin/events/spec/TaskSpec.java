package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.within;

/**
 * A task: name what a span of the sentence has, be it the non-terminal of a grammar over it or the hidden state behind its one word.
 *
 * @param name shown on plots and as a metric label
 * @param start first position of the span, 0-based, in words
 * @param length length of the span in words; 0 means to the end of the sentence
 * @param label what counts as right
 */
public record TaskSpec(String name, int start, int length, Label label) {
    public TaskSpec {
        identifier("tasks.name", name);
        within(0, 10_000, "tasks.start", start);
        within(0, 10_000, "tasks.length", length);
    }

    /** What the label is. Every language has some of them: see the documentation of study files. */
    public enum Label {
        /** The one with the largest inside probability of the span: a function of the span's words. */
        INSIDE,
        /** The one that the derivation really used; spans that are no constituent are left out and counted. */
        ANCESTOR,
        /** The hidden state that the span's one word was emitted from. */
        STATE,
        /** The hidden state that is most likely given the whole sentence: a function of its words. */
        LIKELIEST,
        /** How many brackets open within the span. */
        OPENINGS
    }
}
