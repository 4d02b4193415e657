package basin.study.file;

import basin.study.Problems;
import basin.study.Refusal;
import basin.study.StudySpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Study files: YAML in the form of {@link StudySpec}, with file names instead of hashes and
 * contents. Thread-safe.
 */
public final class StudyFile {
    /** The hash that a draft has for an absent model or file. */
    public static final String ABSENT = "0".repeat(64);

    private static final int MAX_BYTES = 1_000_000;
    private static final String START_FROM = "start_from";

    private static final SpecReader<StudySpec> READER = new SpecReader<>(StudySpec.class, FileSchema.study());

    private StudyFile() {}

    /**
     * Reads a study from a file. A grammar named by {@code file:} is read from the study file's
     * folder. A model named by {@code folder:} is hashed and remembered, and so are the files of a
     * text and of tables, and the tokenizer in that folder if tables need it.
     *
     * @throws Refusal if the file has a mistake; one sentence with the field, the value and the fix
     */
    public static StudySpec read(Path file) {
        return parse(text(file), file.toString(), file.toAbsolutePath().getParent(), false);
    }

    /**
     * Reads a study for display, without running it. A model named by {@code folder:}, its
     * tokenizer and the files of tables may be absent; their hash is then {@link #ABSENT}.
     *
     * @throws Refusal if {@link #read} would refuse the file for another reason
     */
    public static StudySpec draft(Path file) {
        return parse(text(file), file.toString(), file.toAbsolutePath().getParent(), true);
    }

    /** Reads a study from text. {@code origin} names it in messages. */
    public static StudySpec parse(String yaml, String origin) {
        return parse(yaml, origin, Path.of(""), false);
    }

    private static StudySpec parse(String yaml, String origin, @Nullable Path folder, boolean draft) {
        Path beside = folder == null ? Path.of("") : folder;
        return READER.read(
                yaml,
                origin,
                "study: begin with 'name:' and the fields of a study file",
                (tree, problems) -> resolve(tree, beside, draft, problems));
    }

    private static void resolve(ObjectNode tree, Path beside, boolean draft, Problems problems) {
        JsonNode tasks = tree.path("tasks");
        if (tree.get("language") instanceof ObjectNode language) {
            String kind = language.path("kind").asText();
            if (kind.equals("text")) {
                problems.attempt(() -> DataNames.language(language, beside));
            } else if (kind.equals("grammar") && !language.has("grammar")) {
                problems.attempt(() -> grammar(language, beside));
            }
            if (language.has("folder")) {
                String name = language.remove("folder").asText();
                problems.attempt(() -> {
                    Path model = FileNames.beside(beside, name, "language.folder");
                    problems.attempt(
                            () -> language.put("weights", draft && !Files.exists(model) ? ABSENT : hash(model)));
                    problems.attempt(() -> tasks.forEach(task -> DataNames.tokenizer(task, model, draft)));
                });
            }
        }
        tasks.forEach(task -> problems.attempt(() -> DataNames.task(task, beside, draft)));
        for (JsonNode entry : tree.path("flatness")) {
            problems.attempt(() -> named(entry, "expandTo", "flatness.expandTo", tree.path("sizes"), "size"));
        }
        for (JsonNode arm : tree.path("algorithms")) {
            for (JsonNode part = arm; !part.isMissingNode(); part = part.path("base")) {
                JsonNode own = part;
                problems.attempt(() -> named(own, "task", "algorithms.task", tasks, "task"));
            }
        }
        budgets(tree);
        if (tree.has(START_FROM)) {
            tree.set("startFrom", tree.remove(START_FROM));
            listed(tree, "startFrom");
        }
        if (tree.at("/analysis/claim") instanceof ObjectNode claim) {
            listed(claim, "within");
            listed(claim, "given");
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

    /**
     * Replaces a protocol with several label counts by one protocol for each, with the count in its
     * name.
     */
    private static void budgets(ObjectNode tree) {
        ArrayNode expanded = tree.arrayNode();
        for (JsonNode protocol : tree.path("protocols")) {
            if (!protocol.path("labels").isArray()) {
                expanded.add(protocol);
            }
            for (JsonNode own : protocol.path("labels")) {
                ObjectNode one = protocol.deepCopy();
                one.put("name", protocol.path("name").asText() + "-" + own.asInt());
                one.set("labels", own);
                expanded.add(one);
            }
        }
        tree.set("protocols", expanded);
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
