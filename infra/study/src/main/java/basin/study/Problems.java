package basin.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A collector of all mistakes in one file, so that the user can correct them all at once. Not
 * thread-safe.
 */
public final class Problems {
    private final Set<String> sentences = new LinkedHashSet<>();

    /** Adds one sentence with the field, the value and the fix. */
    public void add(String sentence) {
        sentences.add(sentence);
    }

    /** Applies a rule and collects what it refuses. */
    public void attempt(Runnable rule) {
        try {
            rule.run();
        } catch (Refusal refused) {
            refused.sentences().forEach(this::add);
        }
    }

    /** Adds a sentence about {@code field} unless {@code holds}. */
    void require(boolean holds, String field, Object value, String fix) {
        if (!holds) {
            add(field + " is " + value + ": " + fix + ".");
        }
    }

    /** Throws a {@link Refusal} if anything was collected. */
    public void refuse() {
        if (!sentences.isEmpty()) {
            throw new Refusal(List.copyOf(sentences));
        }
    }

    /**
     * Throws if anything was collected.
     *
     * @param origin the file's name
     * @param many whether there are more mistakes than were collected
     * @throws Refusal one sentence after the file's name, or a line for each
     */
    public void refuse(String origin, boolean many) {
        if (sentences.size() == 1) {
            throw new Refusal(origin + ": " + sentences.iterator().next());
        }
        if (!sentences.isEmpty()) {
            List<String> lines = new ArrayList<>(
                    List.of(origin + " has " + (many ? "more than " : "") + sentences.size() + " mistakes:"));
            sentences.forEach(sentence -> lines.add("  " + sentence));
            throw new Refusal(lines);
        }
    }
}
