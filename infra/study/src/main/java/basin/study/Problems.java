package basin.study;

import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one file, so that you can mend it all at once. Not thread-safe. */
public final class Problems {
    private final List<String> sentences = new ArrayList<>();

    /** Notes one sentence that names the field, the value and the fix. */
    public void add(String sentence) {
        if (!sentences.contains(sentence)) {
            sentences.add(sentence);
        }
    }

    /** Applies a rule and notes what it refuses. */
    public void attempt(Runnable rule) {
        attempt("", rule);
    }

    /**
     * Applies a rule and notes what it refuses.
     *
     * @param where put before each sentence, such as {@code "line 7: "}
     */
    public void attempt(String where, Runnable rule) {
        try {
            rule.run();
        } catch (Refusal refused) {
            String.valueOf(refused.getMessage()).lines().forEach(sentence -> add(where + sentence));
        }
    }

    /** Notes {@code field} unless {@code holds}. */
    void require(boolean holds, String field, Object value, String fix) {
        if (!holds) {
            add(field + " is " + value + ": " + fix + ".");
        }
    }

    /** Ends here if anything was noted. */
    void refuse() {
        if (!sentences.isEmpty()) {
            throw new Refusal(String.join("\n", sentences));
        }
    }

    /**
     * Ends here if anything was noted.
     *
     * @param origin the file's name
     * @throws Refusal one sentence after the file's name, or a line for each
     */
    public void refuse(String origin) {
        if (sentences.size() == 1) {
            throw new Refusal(origin + ": " + sentences.getFirst());
        }
        if (!sentences.isEmpty()) {
            throw new Refusal(origin + " has " + sentences.size() + " mistakes:\n  " + String.join("\n  ", sentences));
        }
    }
}
