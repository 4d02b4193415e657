package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.within;

/**
 * A span task: name the non-terminal over a span of the sentence.
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

    /** Which non-terminal is the label. */
    public enum Label {
        /** The one with the largest inside probability of the span: a function of the span's words. */
        INSIDE,
        /** The one that the derivation really used; spans that are no constituent are left out and counted. */
        ANCESTOR
    }
}
