package basin.events;

import basin.events.spec.Refusal;
import basin.events.spec.StudySpec;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Study files: YAML in the form of {@link StudySpec}, every field checked at the door. Thread-safe. */
public final class StudyFile {
    /** What the parser says of itself and not of the text. */
    private static final Pattern PARSER_INTERNALS =
            Pattern.compile(", from `Stream[^`]*`| \\(start marker at \\[Source: .*?\\]\\)|\\.$");

    /** The single value in a parser's complaint of one in the place of a list. */
    private static final Pattern GIVEN = Pattern.compile("from \\S+ value \\('?((?!token `)[^\\n]*?)'?\\)$");

    /** The hash of no model and no file: what a draft has in the place of one that is not there. */
    public static final String ABSENT = "0".repeat(64);

    private static final int MOST_BYTES = 1_000_000;
    private static final String START_FROM = "start_from";

    private static final JsonMapper YAML = Yaml.mapper().build();

    private StudyFile() {}

    /**
     * Reads a study from a file; a grammar that it names by {@code file:} is read from beside it, and a model that it names by {@code
     * folder:} is hashed and remembered, as are the files of a text and of tables, and the tokenizer in that folder where tables are read with
     * it.
     *
     * @throws Refusal one sentence that names the field, the value and the fix
     */
    public static StudySpec read(Path file) {
        return parse(text(file), file.toString(), file.toAbsolutePath().getParent(), false);
    }

    /**
     * Reads a study that is to be looked at and not run: a model that it names by {@code folder:}, its tokenizer and the files of tables need
     * not be there, and then stand as {@link #ABSENT}.
     *
     * @throws Refusal as {@link #read}
     */
    public static StudySpec draft(Path file) {
        return parse(text(file), file.toString(), file.toAbsolutePath().getParent(), true);
    }

    /** Reads a study from text; {@code origin} names it in messages. */
    public static StudySpec parse(String yaml, String origin) {
        return parse(yaml, origin, Path.of(""), false);
    }

    private static StudySpec parse(String yaml, String origin, @Nullable Path folder, boolean draft) {
        @Nullable JsonNode tree = null;
        try {
            tree = YAML.readTree(yaml);
            if (tree == null || !tree.isObject()) {
                throw new Refusal(origin + " holds no study: begin with 'name:' and the fields of a study file.");
            }
            Path beside = folder == null ? Path.of("") : folder;
            if (tree.get("language") instanceof ObjectNode language && isText(language)) {
                DataNames.language(language, beside);
            } else if (tree.get("language") instanceof ObjectNode language && isGrammar(language)) {
                grammar(language, beside, origin);
            }
            if (tree.get("language") instanceof ObjectNode language && language.has("folder")) {
                Path model = beside.resolve(Path.of(language.remove("folder").asText()));
                language.put("weights", draft && !Files.exists(model) ? ABSENT : hash(model));
                tree.path("tasks").forEach(task -> DataNames.tokenizer(task, model, draft));
            }
            tree.path("tasks").forEach(task -> DataNames.task(task, beside, draft));
            embed(tree, origin);
            starts(tree);
            budgets(tree, origin);
            tree.path("algorithms").forEach(new TaskNames(tree.path("tasks"), origin)::resolve);
            return YAML.treeToValue(tree, StudySpec.class);
        } catch (JsonProcessingException e) {
            throw new Refusal(origin + ": " + explain(tree, e));
        }
    }

    /** One checkpoint may stand without brackets; the record writes the field as it writes all others. */
    private static void starts(JsonNode tree) {
        if (tree instanceof ObjectNode fields && fields.has(START_FROM)) {
            JsonNode given = fields.remove(START_FROM);
            fields.set("startFrom", given.isArray() ? given : fields.arrayNode().add(given));
        }
    }

    private static boolean isText(JsonNode language) {
        return language.path("kind").asText().equals("text");
    }

    private static boolean isGrammar(JsonNode language) {
        return language.path("kind").asText().equals("grammar") && !language.has("grammar");
    }

    /** The record holds a grammar whole. */
    private static void grammar(ObjectNode language, Path beside, String origin) {
        String name = language.path("file").asText();
        Path file = beside.resolve(name);
        if (!language.path("file").isTextual() || !Files.isRegularFile(file)) {
            throw new Refusal(origin + ": language.file is "
                    + (language.has("file") ? "'" + name + "', and there is no file " + file : "absent")
                    + ": name a grammar file beside the study file.");
        }
        language.remove("file");
        language.put("grammar", text(file));
    }

    /** A flatness entry may name one of the study's sizes; what is asked for holds the size itself, for other studies have other names. */
    private static void embed(JsonNode tree, String origin) {
        for (JsonNode entry : tree.path("flatness")) {
            if (entry instanceof ObjectNode fields && fields.path("embed").isTextual()) {
                String name = fields.path("embed").asText();
                List<String> names = tree.path("sizes")
                        .valueStream()
                        .map(size -> size.path("name").asText())
                        .toList();
                if (!names.contains(name)) {
                    throw new Refusal(origin + ": flatness.embed is '" + name + "': give one of the study's sizes, "
                            + String.join(", ", names) + ", or a size with all its fields.");
                }
                fields.set("embed", tree.path("sizes").get(names.indexOf(name)));
            }
        }
    }

    /** A protocol may have several numbers of labels: it is as many protocols, each named after its own. */
    private static void budgets(JsonNode tree, String origin) {
        if (!(tree.get("protocols") instanceof ArrayNode protocols)) {
            return;
        }
        List<JsonNode> expanded = new ArrayList<>();
        for (JsonNode protocol : protocols) {
            JsonNode labels = protocol.path("labels");
            if (!(protocol instanceof ObjectNode fields) || !labels.isArray()) {
                expanded.add(protocol);
                continue;
            }
            if (labels.isEmpty()
                    || !labels.valueStream().allMatch(JsonNode::canConvertToInt)
                    || !labels.valueStream().allMatch(JsonNode::isIntegralNumber)) {
                throw new Refusal(origin + ": protocols.labels is " + labels
                        + ": give a whole number, or a list of them such as [25, 100, 400].");
            }
            if (labels.valueStream().distinct().count() < labels.size()) {
                throw new Refusal(origin + ": protocols.labels is " + labels + ": name each number once.");
            }
            for (JsonNode own : labels) {
                ObjectNode one = fields.deepCopy();
                one.put("name", protocol.path("name").asText() + "-" + own.asInt());
                one.set("labels", own);
                expanded.add(one);
            }
        }
        protocols.removeAll();
        expanded.forEach(protocols::add);
    }

    /** An adversary may name one of the study's tasks; what is asked for holds the task itself. */
    private record TaskNames(JsonNode tasks, String origin) {
        void resolve(JsonNode algorithm) {
            if (algorithm instanceof ObjectNode fields && fields.path("task").isTextual()) {
                String name = fields.path("task").asText();
                List<String> names = tasks.valueStream()
                        .map(task -> task.path("name").asText())
                        .toList();
                if (!names.contains(name)) {
                    throw new Refusal(origin + ": algorithms.task is '" + name
                            + "': give one of the study's tasks, " + String.join(", ", names)
                            + ", or a task with all its fields.");
                }
                fields.set("task", tasks.get(names.indexOf(name)));
            }
            if (algorithm.has("base")) {
                resolve(algorithm.get("base"));
            }
        }
    }

    /** A missing field beside an unknown one is most likely a misspelt one: the unknown name says more. */
    private static Optional<String> misspelt(JsonNode tree, MismatchedInputException e) {
        JsonNode node = tree;
        List<JsonMappingException.Reference> path = e.getPath();
        Class<?> type = path.isEmpty() || !(path.getLast().getFrom() instanceof Class<?> from) ? null : record(from);
        if (type == null) {
            return Optional.empty();
        }
        for (JsonMappingException.Reference reference : path.subList(0, path.size() - 1)) {
            node = reference.getFieldName() == null
                    ? node.path(reference.getIndex())
                    : node.path(reference.getFieldName());
        }
        List<String> known = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .sorted()
                .toList();
        String parent = path(path.subList(0, path.size() - 1));
        return node.propertyStream()
                .map(Map.Entry::getKey)
                .filter(name -> !known.contains(name) && !name.equals("kind"))
                .findFirst()
                .map(name -> "unknown field '" + (parent.isEmpty() ? name : parent + "." + name)
                        + "': remove it or use one of " + String.join(", ", known) + ".");
    }

    /** The record that is read: by its own creator, or by a builder inside it. */
    private static @Nullable Class<?> record(Class<?> read) {
        Class<?> outer = read.getEnclosingClass();
        return read.isRecord() ? read : outer != null && outer.isRecord() ? outer : null;
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
            return Utf8Files.read(file, MOST_BYTES);
        } catch (NoSuchFileException e) {
            throw new Refusal(
                    file + " does not exist: name a study that comes with Basin or an existing file.");
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage() + ".");
        }
    }

    /** As {@link #explain(JsonProcessingException)}, of a file that was read so far as it has a tree. */
    static String explain(@Nullable JsonNode tree, JsonProcessingException e) {
        return tree != null && e instanceof MismatchedInputException mismatch && isMissing(mismatch)
                ? misspelt(tree, mismatch).orElseGet(() -> explain(e))
                : explain(e);
    }

    /**
     * One sentence for people out of a parser's complaint: the field, the value, the fix.
     *
     * @throws RuntimeException what the constructor of one of our records threw, where it is no {@link Refusal}: a bug of Basin
     */
    static String explain(JsonProcessingException e) {
        if (e.getCause() instanceof Refusal refused && refused.getMessage() != null) {
            return refused.getMessage();
        }
        // What a list holds may be null; no other exception of a constructor comes from the text.
        if (e instanceof ValueInstantiationException
                && e.getCause() instanceof RuntimeException bug
                && !(bug instanceof NullPointerException)) {
            throw bug;
        }
        String where = e instanceof JsonMappingException mapping ? path(mapping.getPath()) : "";
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                "unknown field '" + where + "': "
                        + (unknown.getKnownPropertyIds() == null
                                ? "remove it."
                                : "remove it or use one of "
                                        + unknown.getKnownPropertyIds().stream()
                                                .map(String::valueOf)
                                                .sorted()
                                                .collect(Collectors.joining(", "))
                                        + ".");
            case InvalidTypeIdException type ->
                "the kind of '" + where + "' is '" + type.getTypeId()
                        + "': give one of the kinds that the documentation of study files names.";
            case MismatchedInputException mismatch
            when isMissing(mismatch) -> "field '" + missing(mismatch, where) + "' is missing: give it a value.";
            case MismatchedInputException mismatch
            when mismatch.getTargetType() != null && Collection.class.isAssignableFrom(mismatch.getTargetType()) ->
                "field '" + full(mismatch, where) + "' is no list: put what it holds in brackets, "
                        + bracketed(mismatch) + ".";
            case MismatchedInputException mismatch ->
                "field '" + full(mismatch, where) + "' does not hold "
                        + (mismatch.getTargetType() == null
                                ? "what is expected"
                                : "a " + mismatch.getTargetType().getSimpleName())
                        + ": " + firstLine(e) + ".";
            default ->
                "this cannot be read (line "
                        + (e.getLocation() == null ? "unknown" : e.getLocation().getLineNr()) + "): " + firstLine(e)
                        + ".";
        };
    }

    /** With the field's own name, which the reader of a record with a builder leaves out. */
    private static String full(MismatchedInputException e, String where) {
        String name = e.getProcessor() instanceof JsonParser parser
                ? parser.getParsingContext().getCurrentName()
                : null;
        return name == null || where.equals(name) || where.endsWith("." + name) || where.endsWith("]")
                ? where
                : where + "." + name;
    }

    /** As a list what a parser was given where it wanted one, as far as it says so. */
    private static String bracketed(MismatchedInputException e) {
        Matcher given = GIVEN.matcher(e.getOriginalMessage());
        return given.find() ? "[" + given.group(1) + "]" : "[ and ]";
    }

    private static boolean isMissing(MismatchedInputException e) {
        String message = e.getOriginalMessage();
        return message.startsWith("Missing creator property")
                || message.startsWith("Missing required creator property")
                || message.startsWith("Null value for creator");
    }

    private static String missing(MismatchedInputException e, String where) {
        String message = e.getOriginalMessage();
        int from = message.indexOf('\'');
        int to = message.indexOf('\'', from + 1);
        String name = from >= 0 && to > from ? message.substring(from + 1, to) : "";
        return where.isEmpty() ? name : where.endsWith(name) ? where : where + "." + name;
    }

    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            } else {
                path.append('[').append(reference.getIndex()).append(']');
            }
        }
        return path.toString();
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .map(line -> PARSER_INTERNALS.matcher(line).replaceAll("").strip())
                .orElse("unreadable");
    }
}
