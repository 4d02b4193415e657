package basin.study.file;

import basin.study.EstimatorSpec;
import basin.study.Json;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Analysis files: YAML in the form of {@link QuestionSpec}. Every field is optional, and no other
 * is allowed. Thread-safe.
 */
public final class QuestionFile {
    /** The readers. They take time to make, and the study's own question needs none. */
    private static final class Readers {
        static final SpecReader<QuestionSpec> QUESTION =
                new SpecReader<>(QuestionSpec.class, FileSchema.question(), Fields.QUESTION, SpecReader.Steps.NONE);
        static final SpecReader<EstimatorSpec> SETTINGS = new SpecReader<>(
                EstimatorSpec.class, FileSchema.of(EstimatorSpec.class), Fields.NONE, SpecReader.Steps.NONE);

        private Readers() {}
    }

    private QuestionFile() {}

    /**
     * Returns the text of an analysis file: UTF-8, at most 1,000,000 bytes.
     *
     * @throws Refusal if the file is absent, unreadable, too large or not UTF-8
     */
    public static String text(Path file) {
        if (!Files.exists(file)) {
            throw new Refusal(file + " does not exist: name an analysis file.");
        }
        return StudyFile.text(file);
    }

    /**
     * Returns the question in a file, or the study's own if no file is given.
     *
     * @throws basin.study.Refusal if the file has a mistake; one sentence with the field, the value
     *     and the fix
     */
    public static QuestionSpec read(Optional<Path> file) {
        return file.map(own -> parse(text(own), own.toString())).orElse(QuestionSpec.OWN);
    }

    /**
     * Reads a question from text. {@code origin} names it in messages. Text without fields is the
     * study's own question.
     *
     * @throws Refusal if the text has a mistake; one sentence with the field, the value and the fix
     */
    public static QuestionSpec parse(String yaml, String origin) {
        JsonNode tree = YamlTree.parse(yaml, origin).root();
        return tree.isMissingNode() || tree.isNull()
                ? QuestionSpec.OWN
                : Readers.QUESTION
                        .read(
                                yaml,
                                origin,
                                "question: give fields of an analysis file, such as 'band: 0.05'",
                                Path.of(""),
                                SpecReader.Rules.none())
                        .spec();
    }

    /**
     * Reads an estimator as {@code paired}, or with its own settings as {@code
     * paired,pairs=80,batch=24,seed=7}.
     *
     * @param base defaults of the other settings
     * @throws Refusal if the text has a mistake; one sentence with the field, the value and the fix
     */
    public static EstimatorSpec estimator(String text, EstimatorSpec base) {
        ObjectNode entry = Json.mapper().valueToTree(base);
        boolean first = true;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0 && first) {
                entry.put("estimator", part.strip());
                // The radius, probes and target error of the base may not apply to another
                // estimator.
                entry.remove(List.of("radius", "probes", "to"));
            } else if (equals < 0) {
                throw new Refusal("--measure is '" + text + "': give an estimator and settings, such as"
                        + " paired,pairs=80,batch=24,seed=7.");
            } else {
                entry.set(
                        part.substring(0, equals).strip(),
                        YamlTree.scalar(part.substring(equals + 1).strip()));
            }
            first = false;
        }
        // JSON is valid YAML.
        return Readers.SETTINGS
                .read(entry.toString(), "--measure", "estimator", Path.of(""), SpecReader.Rules.none())
                .spec();
    }
}
