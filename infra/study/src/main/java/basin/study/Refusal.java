package basin.study;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A user's mistake: a setting, file, or argument that Basin does not accept. The message is one
 * sentence with the field, its value and the fix, and is shown without a stack trace. What a value
 * brings into it is made safe, as {@link SafeText#sentence} does. Any other exception is a bug of
 * Basin or a fault of its environment, and must not be reported as a refusal.
 */
public class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> sentences;

    /**
     * Creates a refusal.
     *
     * @param message one sentence with the field, the value and the fix
     */
    public Refusal(String message) {
        super(SafeText.sentence(message));
        this.sentences = List.of(String.valueOf(getMessage()));
    }

    /**
     * Creates a refusal with a cause.
     *
     * @param message one sentence with the field, the value and the fix
     * @param cause the failure that was found
     */
    public Refusal(String message, Throwable cause) {
        super(SafeText.sentence(message), cause);
        this.sentences = List.of(String.valueOf(getMessage()));
    }

    /** Creates a refusal of several mistakes; its message has a line for each sentence. */
    Refusal(List<String> sentences) {
        super(sentences.stream().map(SafeText::sentence).collect(Collectors.joining("\n")));
        this.sentences = sentences.stream().map(SafeText::sentence).toList();
    }

    /** Returns the lines of the message, one or more. */
    public final List<String> sentences() {
        return sentences;
    }
}
