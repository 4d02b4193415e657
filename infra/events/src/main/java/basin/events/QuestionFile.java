package basin.events;

import basin.events.spec.EstimatorSpec;
import basin.events.spec.QuestionSpec;
import basin.events.spec.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Analysis files: YAML in the form of {@link QuestionSpec}, every field optional and no other allowed. Thread-safe. */
public final class QuestionFile {
    private static final JsonMapper YAML = Yaml.mapper()
            // Absent is what keeps the study's own value.
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private QuestionFile() {}

    /** The text of an analysis file, UTF-8, of at most 1,000,000 bytes. */
    public static String text(Path file) {
        if (!Files.exists(file)) {
            throw new Refusal(file + " does not exist: name an analysis file.");
        }
        return StudyFile.text(file);
    }

    /**
     * The question in a file, or the study's own where none is named.
     *
     * @throws basin.events.spec.Refusal one sentence that names the field, the value and the fix
     */
    public static QuestionSpec read(Optional<Path> file) {
        return file.map(own -> parse(text(own), own.toString())).orElse(QuestionSpec.OWN);
    }

    /**
     * Reads a question from text; {@code origin} names it in messages. Text without a field is the study's own question.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    public static QuestionSpec parse(String yaml, String origin) {
        try {
            @Nullable JsonNode tree = YAML.readTree(yaml);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return QuestionSpec.OWN;
            }
            if (!tree.isObject()) {
                throw new Refusal(
                        origin + " holds no question: give fields of an analysis file, such as 'band: 0.05'.");
            }
            return YAML.treeToValue(tree, QuestionSpec.class);
        } catch (JsonProcessingException e) {
            throw new Refusal(origin + ": " + StudyFile.explain(e));
        }
    }

    /**
     * Reads an estimator as {@code paired}, or with settings of its own as {@code paired,pairs=80,batch=24,seed=7}.
     *
     * @param base settings that are not named
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    public static EstimatorSpec estimator(String text, EstimatorSpec base) {
        ObjectNode entry = YAML.valueToTree(base);
        boolean first = true;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0 && first) {
                entry.put("estimator", part.strip());
                // Another estimator's radius, probes and error would be no settings of this one.
                entry.remove(List.of("radius", "probes", "to"));
            } else if (equals < 0) {
                throw new Refusal("--measure is '" + text + "': give an estimator and settings, such as"
                        + " paired,pairs=80,batch=24,seed=7.");
            } else {
                String name = part.substring(0, equals).strip();
                String value = part.substring(equals + 1).strip();
                if (name.equals("estimator")) {
                    entry.put(name, value);
                } else if (name.equals("radius") || name.equals("to")) {
                    entry.put(name, number(name, value));
                } else if (value.matches("-?\\d{1,18}")) {
                    entry.put(name, Long.parseLong(value));
                } else {
                    throw new Refusal("--measure has " + name + "=" + value + ": give a whole number.");
                }
            }
            first = false;
        }
        try {
            return YAML.treeToValue(entry, EstimatorSpec.class);
        } catch (JsonProcessingException e) {
            throw new Refusal("--measure: " + StudyFile.explain(e));
        }
    }

    private static double number(String name, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new Refusal("--measure has " + name + "=" + value + ": give a number, such as 0.01.");
        }
    }
}
