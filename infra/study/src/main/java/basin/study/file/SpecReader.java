package basin.study.file;

import basin.study.Json;
import basin.study.Records;
import basin.study.Refusal;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A reader that makes a record from a hand-written file. It parses the YAML, validates it against
 * the file's schema, fills in defaults, resolves names, binds every part and applies the rules
 * between parts. A step goes on with what the steps before it left right, so that all mistakes are
 * reported at once. Thread-safe.
 *
 * @param <T> the record that a file is bound to
 */
final class SpecReader<T extends Record> {
    /** A mapper that accepts absent fields, because the schema checks for them. */
    private static final JsonMapper MAPPER = Json.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private static final Pattern TOO_LARGE =
            Pattern.compile("Numeric value \\((.*?)\\) out of range of .*?\\((-?[0-9]+) - (-?[0-9]+)\\)");

    private final Class<T> type;
    private final JsonNode form;
    private final Schema schema;
    private final Fields fields;
    private final Steps steps;

    /**
     * Creates a reader.
     *
     * @param form the JSON Schema of files
     * @param fields the defaults of absent fields
     * @param steps what this kind of file needs besides
     */
    SpecReader(Class<T> type, ObjectNode form, Fields fields, Steps steps) {
        this.type = type;
        this.form = form;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(form);
        this.fields = fields;
        this.steps = steps;
    }

    /** Steps of one kind of file. */
    interface Steps {
        /** Steps of files that need none. */
        Steps NONE = new Steps() {};

        /** Writes out what a file may abbreviate, before defaults are filled in. */
        default void expand(ObjectNode file) {}

        /** Replaces names by hashes and contents. */
        default void resolve(ObjectNode file, Path folder, Mistakes mistakes) {}

        /** Returns the entries that an entry of a list stands for. */
        default List<JsonNode> entries(String part, JsonNode entry) {
            return List.of(entry);
        }

        /**
         * Applies the rules between parts.
         *
         * @param parts the right parts by their names; a list has its right entries
         * @param incomplete names of lists of which an entry is wrong
         */
        default void check(Map<String, Object> parts, Set<String> incomplete, Mistakes mistakes) {}
    }

    /**
     * A mistake that the schema found.
     *
     * @param place JSON pointer of the field
     * @param isUnknown whether the file may have no such field
     * @param meant the name that was probably meant; empty if the field is known
     */
    private record Fault(int line, String place, String sentence, boolean isUnknown, Optional<String> meant) {}

    /**
     * Further rules of who reads a file.
     *
     * @param parts rules on the right parts, as {@link Steps#check}
     * @param whole rules on a record without mistakes
     */
    record Rules<T>(BiConsumer<Map<String, Object>, Set<String>> parts, Consumer<T> whole) {
        /** Returns no rules. */
        static <T> Rules<T> none() {
            return new Rules<>((parts, incomplete) -> {}, whole -> {});
        }
    }

    /** A file that was read: the record, and the file with its defaults filled in. */
    record Read<T>(T spec, ObjectNode file) {}

    /**
     * Reads a file.
     *
     * @param yaml the file's text
     * @param origin the file's name
     * @param begin expected beginning of such a file, for the message about a file without fields
     * @param folder folder of the files that it names
     * @param rules further rules
     * @throws Refusal one sentence for every mistake, with its line, the field, the value and the
     *     fix
     */
    Read<T> read(String yaml, String origin, String begin, Path folder, Rules<T> rules) {
        YamlTree tree = YamlTree.parse(yaml, origin);
        if (!(tree.root() instanceof ObjectNode file)) {
            throw new Refusal(origin + " holds no " + begin + ".");
        }
        Mistakes mistakes = new Mistakes(tree);
        List<Fault> faults = faults(tree);
        for (Fault fault : faults) {
            mistakes.add(fault.place(), fault.line(), fault.sentence());
            repair(fault, tree, mistakes.isFull());
        }
        steps.expand(file);
        fields.fill(file);
        Set<String> broken = faults.isEmpty() ? new HashSet<>() : broken(tree, file, faults);
        ObjectNode filled = file.deepCopy();
        mistakes.filled(filled, broken);
        steps.resolve(file, folder, mistakes);
        broken.addAll(mistakes.refused());
        Map<String, Object> parts = new HashMap<>();
        Set<String> incomplete = new HashSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            bind(component, file, broken, parts, incomplete, mistakes);
        }
        steps.check(parts, incomplete, mistakes);
        mistakes.attempt("", () -> rules.parts().accept(parts, incomplete));
        mistakes.refuse(origin);
        List<T> whole = new ArrayList<>();
        mistakes.attempt("", () -> {
            whole.add(Records.of(type, parts));
            rules.whole().accept(whole.getFirst());
        });
        mistakes.refuse(origin);
        return new Read<>(whole.getFirst(), filled);
    }

    /**
     * Removes what is wrong, so that a default takes its place, and corrects a misspelt name.
     *
     * @param removes whether a misspelt name is removed, too, because no more mistakes are told
     */
    private static void repair(Fault fault, YamlTree tree, boolean removes) {
        if (tree.root().at(fault.place()).isMissingNode()) {
            return;
        }
        String parent = fault.place().substring(0, fault.place().lastIndexOf('/') + 1);
        if (!removes
                && fault.meant().isPresent()
                && tree.root().at(parent + fault.meant().get()).isMissingNode()) {
            tree.rename(fault.place(), fault.meant().get());
        } else if (!fault.place().isEmpty()) {
            tree.set(fault.place(), null);
        }
    }

    /** Returns the parts, and the entries of lists, that no default has mended. */
    private Set<String> broken(YamlTree tree, ObjectNode file, List<Fault> faults) {
        Set<String> broken = new HashSet<>();
        errors(tree)
                .forEach(error -> broken.add(part(
                        file,
                        place(error) + "/"
                                + Optional.ofNullable(error.getProperty()).orElse(""))));
        // A field without a default is absent now, which is not what the file says.
        faults.stream()
                .filter(fault -> !fault.isUnknown() && file.at(fault.place()).isMissingNode())
                .forEach(fault -> broken.add(part(file, fault.place())));
        return broken;
    }

    /** Returns the part, or the entry of a list, that holds a place. */
    private static String part(ObjectNode file, String place) {
        String[] path = place.split("/");
        boolean isEntry = path.length > 2 && file.path(path[1]).isArray();
        return "/" + path[1] + (isEntry ? "/" + path[2] : "");
    }

    /** Binds one part, and of a list every entry separately. */
    private void bind(
            RecordComponent component,
            ObjectNode file,
            Set<String> broken,
            Map<String, Object> parts,
            Set<String> incomplete,
            Mistakes mistakes) {
        String name = component.getName();
        String place = "/" + name;
        JsonNode value = file.path(name);
        JavaType given = MAPPER.constructType(component.getGenericType());
        JavaType own = given.isReferenceType() ? given.getContentType() : given;
        List<Object> bound = new ArrayList<>();
        boolean isList = own.isCollectionLikeType() && value.isArray();
        if (value.isMissingNode() || broken.contains(place)) {
            incomplete.add(name);
        } else if (isList) {
            for (int i = 0; i < value.size(); i++) {
                int before = bound.size();
                String entry = place + "/" + i;
                List<JsonNode> all = broken.contains(entry) ? List.of() : steps.entries(name, value.get(i));
                all.forEach(one -> mistakes.attempt(entry, () -> bound.add(bind(one, own.getContentType(), entry))));
                if (all.isEmpty() || bound.size() < before + all.size()) {
                    incomplete.add(name);
                }
            }
        } else {
            mistakes.attempt(place, () -> bound.add(bind(value, own, place)));
        }
        if (isList || !bound.isEmpty()) {
            Object part = isList ? List.copyOf(bound) : bound.getFirst();
            parts.put(name, given.isReferenceType() ? Optional.of(part) : part);
        } else if (given.isReferenceType() && !broken.contains(place) && value.isMissingNode()) {
            incomplete.remove(name);
            parts.put(name, Optional.empty());
        } else {
            incomplete.add(name);
        }
    }

    private static Object bind(JsonNode value, JavaType as, String place) {
        try {
            return MAPPER.treeToValue(value, as);
        } catch (JsonProcessingException e) {
            Matcher large = TOO_LARGE.matcher(e.getOriginalMessage());
            if (large.lookingAt()) {
                String within = e instanceof JsonMappingException mapping
                        ? mapping.getPath().stream()
                                .map(part -> "/"
                                        + Objects.requireNonNullElse(
                                                part.getFieldName(), String.valueOf(part.getIndex())))
                                .collect(Collectors.joining())
                        : "";
                throw new Refusal(Json.path(place + within) + " is " + large.group(1) + ": give a whole number from "
                        + large.group(2) + " to " + large.group(3) + ".");
            }
            throw e.getCause() instanceof Refusal refused ? refused : new Refusal(Json.explain(e), e);
        }
    }

    /**
     * Returns the schema's errors, after scalars have become texts where the schema wants a text,
     * and constants have the case of the schema.
     */
    private List<Error> errors(YamlTree tree) {
        List<Error> errors = schema.validate(tree.root());
        boolean changed = false;
        for (Error error : errors) {
            changed |= error.getKeyword().equals("type") && expects(error, "string") && tree.isText(place(error));
            if (error.getKeyword().equals("enum")) {
                String given = tree.root().at(place(error)).asText();
                for (JsonNode known : rule(error, "")) {
                    if (known.asText().equalsIgnoreCase(given)
                            && !known.asText().equals(given)) {
                        tree.set(place(error), known);
                        changed = true;
                    }
                }
            }
        }
        return changed ? errors(tree) : errors;
    }

    private List<Fault> faults(YamlTree tree) {
        List<Error> errors = errors(tree);
        List<Fault> all = new ArrayList<>();
        errors.forEach(error -> sentence(error, tree).ifPresent(all::add));
        Set<String> places = all.stream().map(Fault::place).collect(Collectors.toSet());
        tree.infinite().stream()
                .filter(place -> !places.contains(place))
                .forEach(place -> all.add(new Fault(
                        tree.line(place),
                        place,
                        Json.path(place) + " is " + tree.written(place) + ": give a number of at most 1.7e308.",
                        false,
                        Optional.empty())));
        Set<String> meant = all.stream()
                .filter(fault -> fault.meant().isPresent())
                .map(fault -> fault.place().substring(0, fault.place().lastIndexOf('/') + 1)
                        + fault.meant().get())
                .collect(Collectors.toSet());
        // A missing field is not reported if its name is present but misspelt.
        return all.stream()
                .filter(fault -> fault.meant().isPresent() || !meant.contains(fault.place()))
                .sorted(Comparator.comparingInt(Fault::line))
                .toList();
    }

    private static String place(Error error) {
        return error.getInstanceLocation().toString();
    }

    /** Returns the part of the schema that an error is about, or the keyword beside it. */
    private JsonNode rule(Error error, String beside) {
        String at = error.getSchemaLocation().getFragment().toString();
        return form.at(beside.isEmpty() ? at : at.substring(0, at.lastIndexOf('/')) + "/" + beside);
    }

    private boolean expects(Error error, String named) {
        JsonNode types = rule(error, "");
        return types.asText().equals(named)
                || types.valueStream().anyMatch(one -> one.asText().equals(named));
    }

    private Optional<Fault> sentence(Error error, YamlTree tree) {
        String place = place(error);
        String field = Json.path(place);
        String property = error.getProperty() == null ? "" : error.getProperty();
        String own = place + "/" + property;
        return switch (error.getKeyword()) {
            case "required" ->
                fault(
                        tree.line(place),
                        own,
                        "field '" + Json.path(own) + "' is missing: give " + allowed(property(error, property)) + ".");
            case "additionalProperties" -> {
                List<String> known = rule(error, "properties")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                Optional<String> near = fields.renamed(place, property)
                        .filter(known::contains)
                        .or(() -> NearestName.of(property, known));
                yield Optional.of(new Fault(
                        tree.line(own),
                        own,
                        "unknown field '" + Json.path(own) + "'" + NearestName.question(near)
                                + ": remove it or use one of " + String.join(", ", known) + ".",
                        true,
                        near));
            }
            case "enum" -> {
                List<String> known =
                        rule(error, "").valueStream().map(JsonNode::asText).toList();
                String given = tree.root().at(place).asText();
                yield fault(
                        tree.line(place),
                        place,
                        field + " is '" + given + "'" + NearestName.question(given, known) + ": give one of "
                                + String.join(", ", known) + ".");
            }
            case "type" -> fault(tree.line(place), place, wrongType(error, tree, field));
            case "minItems" -> fault(tree.line(place), place, field + " is []: name at least one.");
            case "uniqueItems" ->
                fault(tree.line(place), place, field + " is " + tree.reported(place) + ": name each once.");
            case "if" -> Optional.empty();
            default ->
                fault(
                        tree.line(place),
                        place,
                        field + " is " + tree.reported(place) + ": give " + allowed(around(error)) + ".");
        };
    }

    private static Optional<Fault> fault(int line, String place, String sentence) {
        return Optional.of(new Fault(line, place, sentence, false, Optional.empty()));
    }

    private String wrongType(Error error, YamlTree tree, String field) {
        String place = place(error);
        String allowed = allowed(around(error));
        if (tree.root().at(place).isNull()) {
            return "field '" + field + "' has no value: give " + allowed + ".";
        }
        if (expects(error, "array") && tree.root().at(place).isValueNode()) {
            return "field '" + field + "' is no list: put what it holds in brackets, [" + tree.written(place) + "].";
        }
        return field + " is " + tree.reported(place) + ": give " + allowed + ".";
    }

    /** Returns the schema that an error is about. */
    private JsonNode around(Error error) {
        String at = error.getSchemaLocation().getFragment().toString();
        return form.at(at.substring(0, at.lastIndexOf('/')));
    }

    /** Returns the schema of a field that is missing, also if it is required beside its schema. */
    private JsonNode property(Error error, String name) {
        String at = error.getSchemaLocation().getFragment().toString();
        while (!at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
            JsonNode own = form.at(at + "/properties/" + name);
            if (!own.isMissingNode()) {
                return own;
            }
        }
        return form.path("properties").path(name);
    }

    /** Returns what a schema allows: the type, the range and an example. */
    private String allowed(JsonNode own) {
        if (own.has("$ref")) {
            return allowed(form.at(own.path("$ref").asText().substring(1)));
        }
        if (own.has("enum")) {
            return "one of "
                    + own.get("enum").valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
        }
        if (own.has("if") && !own.has("type")) {
            boolean isText = own.at("/if/type").asText().equals("string");
            return allowed(own.path(isText ? "then" : "else")) + example(own);
        }
        JsonNode types = own.path("type");
        String type = types.isArray() ? types.path(0).asText() : types.asText();
        return switch (type) {
            case "integer" -> "a whole number" + range(own) + example(own);
            case "number" -> "a number" + range(own) + example(own);
            case "boolean" -> "true or false";
            case "array" -> "a list" + example(own);
            case "object" -> example(own).isEmpty() ? "fields, as in {name: value}" : "fields" + example(own);
            default -> "a text" + example(own);
        };
    }

    private static String range(JsonNode own) {
        Optional<String> min = bound(own, "minimum");
        Optional<String> above = bound(own, "exclusiveMinimum");
        Optional<String> max = bound(own, "maximum");
        Optional<String> below = bound(own, "exclusiveMaximum");
        if (min.isPresent() && max.isPresent()) {
            return " from " + min.get() + " to " + max.get();
        }
        List<String> both = new ArrayList<>();
        min.ifPresent(bound -> both.add(" of at least " + bound));
        above.ifPresent(bound -> both.add(" above " + bound));
        max.ifPresent(bound -> both.add(" of at most " + bound));
        below.ifPresent(bound -> both.add(" below " + bound));
        return String.join(" and", both);
    }

    private static Optional<String> bound(JsonNode own, String keyword) {
        return Optional.ofNullable(own.get(keyword)).map(YamlText::flow);
    }

    private static String example(JsonNode own) {
        JsonNode example = own.at("/examples/0");
        JsonNode shown = example.isMissingNode() ? own.path("default") : example;
        return shown.isMissingNode() || (shown.isContainerNode() && shown.isEmpty())
                ? ""
                : ", such as " + YamlText.flow(shown);
    }
}
