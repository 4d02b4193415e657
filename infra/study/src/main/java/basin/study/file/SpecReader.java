package basin.study.file;

import basin.study.Json;
import basin.study.Problems;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A reader that makes a record from a hand-written file. It parses the YAML, validates it against
 * the file's schema, resolves names and binds. Each step reports all the mistakes that it finds at
 * once. Thread-safe.
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

    /**
     * Creates a reader.
     *
     * @param form the JSON Schema of files
     */
    SpecReader(Class<T> type, ObjectNode form) {
        this.type = type;
        this.form = form;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(form);
    }

    /** A mistake that the schema found, with its line and place in the file. */
    private record Fault(int line, String place, String sentence, Optional<String> meant) {}

    /**
     * Reads a file.
     *
     * @param yaml the file's text
     * @param origin the file's name
     * @param begin expected beginning of such a file, for the message about a file without fields
     * @param names replaces names by hashes and contents, and collects those that it cannot resolve
     * @throws Refusal one sentence for every mistake, with its line, the field, the value and the
     *     fix
     */
    T read(String yaml, String origin, String begin, BiConsumer<ObjectNode, Problems> names) {
        YamlTree tree = YamlTree.parse(yaml, origin);
        if (!(tree.root() instanceof ObjectNode fields)) {
            throw new Refusal(origin + " holds no " + begin + ".");
        }
        Problems problems = new Problems();
        for (Fault fault : faults(tree)) {
            problems.add((fault.line() > 0 ? "line " + fault.line() + ": " : "") + fault.sentence());
        }
        problems.refuse(origin);
        names.accept(fields, problems);
        problems.refuse(origin);
        parts(fields, tree, problems);
        problems.refuse(origin);
        List<Object> whole = new ArrayList<>();
        problems.attempt(() -> whole.add(bind(fields, MAPPER.constructType(type), "")));
        problems.refuse(origin);
        return type.cast(whole.getFirst());
    }

    /** Binds every part separately, so that a refused part does not hide mistakes in others. */
    private void parts(ObjectNode fields, YamlTree tree, Problems problems) {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode value = fields.path(component.getName());
            JavaType given = MAPPER.constructType(component.getGenericType());
            JavaType own = given.isReferenceType() ? given.getContentType() : given;
            String place = "/" + component.getName();
            if (value.isArray() && own.isCollectionLikeType()) {
                boolean asWritten = tree.line(place + "/" + value.size()) == 0;
                IntStream.range(0, value.size())
                        .forEach(i -> problems.attempt(
                                asWritten ? line(tree, place + "/" + i) : "",
                                () -> bind(value.get(i), own.getContentType(), place + "/" + i)));
            } else if (!value.isMissingNode()) {
                problems.attempt(line(tree, place), () -> bind(value, own, place));
            }
        }
    }

    private static String line(YamlTree tree, String place) {
        return tree.line(place) > 0 ? "line " + tree.line(place) + ": " : "";
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

    private List<Fault> faults(YamlTree tree) {
        List<Error> errors = schema.validate(tree.root());
        boolean texts = false;
        for (Error error : errors) {
            texts |= error.getKeyword().equals("type") && expects(error, "string") && tree.isText(place(error));
        }
        if (texts) {
            errors = schema.validate(tree.root());
        }
        List<Fault> all = new ArrayList<>();
        errors.forEach(error -> sentence(error, tree).ifPresent(all::add));
        tree.infinite()
                .forEach(place -> all.add(new Fault(
                        tree.line(place),
                        place,
                        Json.path(place) + " is " + tree.written(place) + ": give a number of at most 1.7e308.",
                        Optional.empty())));
        Set<String> meant = new HashSet<>();
        all.forEach(fault -> fault.meant().ifPresent(meant::add));
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
        String value = tree.reported(place);
        String property = error.getProperty() == null ? "" : error.getProperty();
        return switch (error.getKeyword()) {
            case "required" ->
                fault(
                        tree,
                        place,
                        place + "/" + property,
                        "field '" + Json.path(place + "/" + property) + "' is missing: give it a value.");
            case "additionalProperties" -> {
                String own = place + "/" + property;
                List<String> known = rule(error, "properties")
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
                Optional<String> near = NearestName.of(property, known);
                yield Optional.of(new Fault(
                        tree.line(own),
                        own,
                        "unknown field '" + Json.path(own) + "'" + NearestName.question(near)
                                + ": remove it or use one of " + String.join(", ", known) + ".",
                        near.map(name -> place + "/" + name)));
            }
            case "enum" -> {
                List<String> known =
                        rule(error, "").valueStream().map(JsonNode::asText).toList();
                String given = tree.root().at(place).asText();
                yield known.stream().anyMatch(given::equalsIgnoreCase)
                        ? Optional.empty()
                        : fault(
                                tree,
                                place,
                                place,
                                field + " is '" + given + "'" + NearestName.question(given, known) + ": give one of "
                                        + String.join(", ", known) + ".");
            }
            case "type" -> fault(tree, place, place, wrongType(error, tree, field, value));
            case "minItems" -> fault(tree, place, place, field + " is []: name at least one.");
            case "uniqueItems" -> fault(tree, place, place, field + " is " + value + ": name each once.");
            case "if" -> Optional.empty();
            default -> fault(tree, place, place, field + " is " + value + ": " + error.getMessage() + ".");
        };
    }

    private static Optional<Fault> fault(YamlTree tree, String at, String place, String sentence) {
        return Optional.of(new Fault(tree.line(at), place, sentence, Optional.empty()));
    }

    private String wrongType(Error error, YamlTree tree, String field, String value) {
        if (tree.root().at(place(error)).isNull()) {
            return "field '" + field + "' is missing: give it a value.";
        }
        if (expects(error, "array")) {
            return "field '" + field + "' is no list: put what it holds in brackets, [" + tree.written(place(error))
                    + "].";
        }
        String fix = expects(error, "integer")
                ? "a whole number"
                : expects(error, "number")
                        ? "a number"
                        : expects(error, "boolean")
                                ? "true or false"
                                : expects(error, "object") ? "fields, as in {name: value}" : "a text";
        return field + " is " + value + ": give " + fix + ".";
    }
}
