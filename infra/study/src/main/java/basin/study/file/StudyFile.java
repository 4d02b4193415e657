package basin.study.file;

import basin.study.Refusal;
import basin.study.StudyRules;
import basin.study.StudySpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Study files: YAML in the form of {@link StudySpec}, with file names instead of hashes and
 * contents. Thread-safe.
 */
public final class StudyFile {
    /** The hash that a draft has for an absent model or file. */
    public static final String ABSENT = "0".repeat(64);

    private static final int MAX_BYTES = 1_000_000;

    private static final ObjectNode SCHEMA = FileSchema.study();
    private static final SpecReader<StudySpec> READER =
            new SpecReader<>(StudySpec.class, SCHEMA, Fields.STUDY, new Steps(false));
    private static final SpecReader<StudySpec> DRAFTS =
            new SpecReader<>(StudySpec.class, SCHEMA, Fields.STUDY, new Steps(true));

    private StudyFile() {}

    /** Further rules of a study, such as those that need its language. */
    public interface Rules {
        /** No further rules. */
        Rules NONE = new Rules() {};

        /**
         * Checks the parts of a study that are right, also if others are wrong.
         *
         * @param parts parts by the names of {@link StudySpec}'s components; a list has its right
         *     entries
         * @param incomplete names of lists of which an entry is wrong
         * @throws Refusal a sentence for every rule that does not hold, which begins with the field
         *     and {@code is}
         */
        default void parts(Map<String, Object> parts, Set<String> incomplete) {}

        /**
         * Checks a study without mistakes.
         *
         * @throws Refusal likewise
         */
        default void whole(StudySpec study) {}
    }

    /**
     * Reads a study from a file and applies further rules, whose refusals then tell lines.
     *
     * @param draft whether models and tables may be absent, as for {@link #draft}
     * @throws Refusal as {@link #read(Path)}
     */
    public static StudySpec read(Path file, boolean draft, Rules rules) {
        return read(draft ? DRAFTS : READER, file, rules).spec();
    }

    /**
     * Reads a study from a file. A grammar named by {@code file:} is read from the study file's
     * folder. A model named by {@code folder:} is hashed and remembered, and so are the files of a
     * text and of tables, and the tokenizer in that folder if tables need it. Fields that the file
     * leaves out have their defaults.
     *
     * @throws Refusal if the file has a mistake; one sentence for each, with the line, the field,
     *     the value and the fix
     */
    public static StudySpec read(Path file) {
        return read(file, false, Rules.NONE);
    }

    /**
     * Reads a study for display, without running it. A model named by {@code folder:}, its
     * tokenizer and the files of tables may be absent; their hash is then {@link #ABSENT}.
     *
     * @throws Refusal if {@link #read} would refuse the file for another reason
     */
    public static StudySpec draft(Path file) {
        return read(file, true, Rules.NONE);
    }

    /**
     * Returns a study file with every value in it, also those that the file leaves out. It is the
     * same study: it has the same id in the same folder.
     *
     * @throws Refusal as {@link #draft}
     */
    public static String whole(Path file) {
        return YamlText.of(read(DRAFTS, file, Rules.NONE).file(), Fields.STUDY);
    }

    /**
     * Returns the comments with which a study file begins, without those that are for editors.
     *
     * @throws Refusal if the file cannot be read
     */
    public static List<String> comments(Path file) {
        return text(file)
                .lines()
                .takeWhile(line -> line.startsWith("#"))
                .filter(line -> !line.contains("yaml-language-server"))
                .map(line -> line.substring(1).strip())
                .toList();
    }

    /** Reads a study from text. {@code origin} names it in messages. */
    public static StudySpec parse(String yaml, String origin) {
        return read(READER, yaml, origin, Path.of(""), Rules.NONE).spec();
    }

    private static SpecReader.Read<StudySpec> read(SpecReader<StudySpec> reader, Path file, Rules rules) {
        Path folder = file.toAbsolutePath().getParent();
        return read(reader, text(file), file.toString(), folder == null ? Path.of("") : folder, rules);
    }

    private static SpecReader.Read<StudySpec> read(
            SpecReader<StudySpec> reader, String yaml, String origin, Path folder, Rules rules) {
        return reader.read(
                yaml,
                origin,
                "study: begin with 'name:' and the fields of a study file",
                folder,
                new SpecReader.Rules<>(rules::parts, rules::whole));
    }

    /**
     * The steps of study files.
     *
     * @param draft whether models and tables may be absent
     */
    private record Steps(boolean draft) implements SpecReader.Steps {
        /** Writes out a size that is given as its width, and an algorithm as its name. */
        @Override
        public void expand(ObjectNode file) {
            sizes(file);
            replace(file.path("algorithms"), Steps::algorithm);
        }

        private static JsonNode algorithm(JsonNode written) {
            if (written instanceof ObjectNode fields) {
                if (fields.has("base")) {
                    fields.set("base", algorithm(fields.get("base")));
                }
                return fields;
            }
            String kind = written.asText();
            boolean hasParameters =
                    Fields.STUDY.all().stream().anyMatch(field -> field.path().startsWith("algorithms(" + kind + ")."));
            return hasParameters ? JsonNodeFactory.instance.objectNode().put("kind", kind) : written;
        }

        @Override
        public void resolve(ObjectNode file, Path folder, Mistakes mistakes) {
            JsonNode tasks = file.path("tasks");
            if (file.get("language") instanceof ObjectNode language) {
                String kind = language.path("kind").asText();
                if (kind.equals("text")) {
                    mistakes.attempt("/language", () -> DataNames.language(language, folder));
                } else if (kind.equals("grammar") && language.has("file")) {
                    mistakes.attempt("/language", () -> grammar(language, folder));
                }
                if (language.has("folder")) {
                    String name = language.remove("folder").asText();
                    mistakes.attempt("/language", () -> {
                        Path model = FileNames.beside(folder, name, "language.folder");
                        mistakes.attempt(
                                "/language",
                                () -> language.put("weights", draft && !Files.exists(model) ? ABSENT : hash(model)));
                        entries("/tasks", tasks, mistakes, task -> DataNames.tokenizer(task, model, draft));
                    });
                }
            }
            entries("/tasks", tasks, mistakes, task -> DataNames.task(task, folder, draft));
            entries(
                    "/flatness",
                    file.path("flatness"),
                    mistakes,
                    entry -> named(entry, "expandTo", "flatness.expandTo", file.path("sizes"), "size"));
            entries("/algorithms", file.path("algorithms"), mistakes, arm -> {
                for (JsonNode part = arm; !part.isMissingNode(); part = part.path("base")) {
                    named(part, "task", "algorithms.task", tasks, "task");
                }
            });
            listed(file, "startFrom");
            if (file.at("/analysis/claim") instanceof ObjectNode claim) {
                listed(claim, "within");
                listed(claim, "given");
            }
        }

        private static void entries(String place, JsonNode list, Mistakes mistakes, Consumer<JsonNode> each) {
            for (int i = 0; i < list.size(); i++) {
                JsonNode entry = list.get(i);
                mistakes.attempt(place + "/" + i, () -> each.accept(entry));
            }
        }

        /**
         * Returns a protocol for each of several label counts, with the count in its name, and
         * under the name that the record has for the choice of checkpoints.
         */
        @Override
        public List<JsonNode> entries(String part, JsonNode entry) {
            if (!part.equals("protocols") || !(entry instanceof ObjectNode protocol)) {
                return List.of(entry);
            }
            ObjectNode own = protocol.deepCopy();
            own.set("on", own.remove("checkpoints"));
            if (!own.path("labels").isArray()) {
                return List.of(own);
            }
            List<JsonNode> all = new ArrayList<>();
            for (JsonNode labels : own.path("labels")) {
                ObjectNode one = own.deepCopy();
                one.put("name", own.path("name").asText() + "-" + labels.asInt());
                one.set("labels", labels);
                all.add(one);
            }
            return all;
        }

        @Override
        public void check(Map<String, Object> parts, Set<String> incomplete, Mistakes mistakes) {
            mistakes.attempt("", () -> StudyRules.check(parts, incomplete));
        }
    }

    /** Writes out the sizes that are given as their width. */
    static void sizes(ObjectNode file) {
        replace(
                file.path("sizes"),
                size -> size.isIntegralNumber() ? file.objectNode().set("width", size) : size);
    }

    private static void replace(JsonNode list, UnaryOperator<JsonNode> by) {
        if (list instanceof ArrayNode entries) {
            for (int i = 0; i < entries.size(); i++) {
                entries.set(i, by.apply(entries.get(i)));
            }
        }
    }

    /** Converts a single item that is given without brackets to a list. */
    private static void listed(ObjectNode fields, String name) {
        if (fields.has(name) && !fields.get(name).isArray()) {
            fields.set(name, fields.arrayNode().add(fields.get(name)));
        }
    }

    /**
     * Replaces the name of one of the study's sizes or tasks by the size or task itself, because
     * names differ between studies.
     */
    private static void named(JsonNode entry, String field, String path, JsonNode all, String what) {
        if (entry instanceof ObjectNode fields && fields.path(field).isTextual()) {
            String name = fields.path(field).asText();
            List<String> names =
                    all.valueStream().map(one -> one.path("name").asText()).toList();
            if (!names.contains(name)) {
                throw new Refusal(path + " is '" + name + "': give one of the study's " + what + "s, "
                        + String.join(", ", names) + ", or a " + what + " with all its fields.");
            }
            fields.set(field, all.get(names.indexOf(name)));
        }
    }

    /** Replaces the name of a grammar's file by its text. */
    private static void grammar(ObjectNode language, Path beside) {
        String name = language.path("file").asText();
        Path file = FileNames.beside(beside, name, "language.file");
        if (!Files.isRegularFile(file)) {
            throw new Refusal("language.file is '" + name + "', and there is no file " + file
                    + ": name a grammar file beside the study file.");
        }
        language.remove("file");
        language.put("grammar", text(file));
    }

    private static String hash(Path model) {
        if (!Files.exists(model.resolve("config.json"))) {
            throw new Refusal("language.folder is " + model
                    + ": name a folder with config.json and model.safetensors, as save_pretrained writes it.");
        }
        try {
            return ModelFolders.remember(model);
        } catch (IOException e) {
            throw new Refusal("language.folder " + model + " cannot be read: " + e.getMessage() + ".");
        }
    }

    static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new Refusal(file + " is a folder: name a study file.");
            }
            return Utf8Files.read(file, MAX_BYTES);
        } catch (NoSuchFileException e) {
            throw new Refusal(file + " does not exist: name a study that comes with Basin or an existing file.");
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage() + ".");
        }
    }
}
