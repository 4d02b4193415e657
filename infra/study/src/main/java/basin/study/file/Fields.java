package basin.study.file;

import basin.study.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of all fields of one kind of file: their meanings, defaults and ranges, as the resource
 * {@code fields.yaml} has them. A path has no indices, and the kind of an entry in parentheses, as
 * in {@code language(tree).depth}. Immutable.
 */
final class Fields {
    private static final String TABLE = "fields.yaml";
    private static final Set<String> SHARED = Set.of("sizes", "flatness", "analysis", "platform");
    private static final Pattern SEGMENT = Pattern.compile("(\\w+)(?:\\(([^)]+)\\))?");
    private static final Pattern SHARE = Pattern.compile("=([\\w.]+) / (\\d+)");
    private static final Pattern PRODUCT = Pattern.compile("=(\\w+) \\* (\\d+)");
    private static final Pattern COPY = Pattern.compile("=([\\w.]+)");
    private static final Pattern NEIGHBOUR = Pattern.compile("\\{(\\w+)}");

    /** The fields of study files. */
    static final Fields STUDY = read("study");
    /** The fields of question files. */
    static final Fields QUESTION = read("question");
    /** The fields of manifests. */
    static final Fields MANIFEST = read("manifest");
    /** No fields, for a form without defaults. */
    static final Fields NONE = new Fields(Map.of());

    private final Map<String, Field> byPath;
    private final List<String> order;

    private Fields(Map<String, Field> byPath) {
        this.byPath = byPath;
        this.order = List.copyOf(byPath.keySet());
    }

    /**
     * A field.
     *
     * @param path its path
     * @param words its entry of the table
     */
    record Field(String path, JsonNode words) {
        /** Returns what the field means. */
        String about() {
            return words.path("about").asText();
        }

        /** Returns what it means that the field is left out, if it has no default. */
        Optional<String> absent() {
            return Optional.ofNullable(words.get("absent")).map(JsonNode::asText);
        }

        /** Returns an example as YAML. */
        Optional<String> example() {
            return Optional.ofNullable(words.get("example")).map(JsonNode::asText);
        }

        /** Returns a bound of the range; empty if it has none. */
        Optional<JsonNode> bound(String name) {
            return Optional.ofNullable(words.get(name));
        }

        /** Returns whether a file may leave the field out because it has a default. */
        boolean hasDefault() {
            return words.hasNonNull("default");
        }

        /** Returns the default if it is the same value in every file. */
        Optional<JsonNode> constant() {
            return hasDefault() && !words.has("for") && !isComputed(words.get("default"))
                    ? Optional.of(words.get("default"))
                    : Optional.empty();
        }

        /** Returns all defaults in words, such as {@code 3; lstm: 1}; empty if it has none. */
        String defaults() {
            List<String> all = new ArrayList<>();
            if (hasDefault()) {
                all.add(words(words.get("default")));
            }
            for (Map.Entry<String, JsonNode> other : words.path("for").properties()) {
                all.add(other.getKey() + ": " + (other.getValue().isNull() ? "none" : words(other.getValue())));
            }
            return String.join("; ", all);
        }

        private static String words(JsonNode value) {
            String text = YamlText.flow(value);
            return value.isTextual() && text.startsWith("=") ? text.substring(1) : text;
        }

        private JsonNode chosen(String by) {
            JsonNode others = words.path("for");
            return others.has(by) ? others.get(by) : words.path("default");
        }
    }

    private static Fields read(String section) {
        JsonNode all = table();
        JsonNode study = all.path("study");
        JsonNode own = all.path(section);
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        Set<String> heads = new LinkedHashSet<>();
        own.fieldNames().forEachRemaining(path -> heads.add(head(path)));
        for (String head : heads) {
            if (!section.equals("study") && SHARED.contains(head)) {
                entries.putAll(below(study, head));
                if (section.equals("question")) {
                    entries.remove(head);
                }
            }
            entries.putAll(below(own, head));
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        entries.forEach((path, words) ->
                fields.put(path, new Field(path, words.has("like") ? like(study, words) : words)));
        return new Fields(fields);
    }

    private static JsonNode table() {
        try (InputStream in = Objects.requireNonNull(Fields.class.getResourceAsStream(TABLE), TABLE)) {
            YamlTree tree = YamlTree.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), TABLE);
            new Mistakes(tree).refuse(TABLE);
            return tree.root();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode like(JsonNode study, JsonNode words) {
        ObjectNode same = study.path(words.get("like").asText()).deepCopy();
        same.remove(List.of("default", "for"));
        return same.put("absent", "the study's");
    }

    private static Map<String, JsonNode> below(JsonNode section, String head) {
        return section.propertyStream()
                .filter(entry -> head(entry.getKey()).equals(head))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, LinkedHashMap::new));
    }

    private static String head(String path) {
        return path.split("[.(]", 2)[0];
    }

    /** Returns the path of a field of an object. */
    static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Returns all fields in order. */
    List<Field> all() {
        return List.copyOf(byPath.values());
    }

    /** Returns the field with that path; that of all kinds if entries of its kind have no own. */
    Optional<Field> find(String path) {
        return Optional.ofNullable(byPath.getOrDefault(path, byPath.get(path.replaceAll("\\([^)]*\\)", ""))));
    }

    /** Returns the position of a field in the table; that after the last if the table lacks it. */
    int position(String path) {
        return find(path).map(field -> order.indexOf(field.path())).orElse(order.size());
    }

    /**
     * Returns the name of a field that had another one.
     *
     * @param parent JSON pointer of what holds it
     * @param name the name that it had
     */
    Optional<String> renamed(String parent, String name) {
        String path = child(Json.path(parent).replaceAll("\\[[0-9]+]", ""), "");
        return byPath.values().stream()
                .filter(field -> field.words()
                        .path("was")
                        .valueStream()
                        .anyMatch(was -> was.asText().equals(name)))
                .map(field -> field.path().replaceAll("\\([^)]*\\)", ""))
                .filter(own -> own.startsWith(path))
                .map(own -> own.substring(path.length()))
                .findFirst();
    }

    /**
     * Puts defaults where the file gives no value. A field stays absent if its parent is absent and
     * has no default.
     */
    void fill(ObjectNode file) {
        // Computed values need the others.
        for (boolean computed : new boolean[] {false, true}) {
            for (Field field : byPath.values()) {
                fill(file, file, List.of(field.path().split("\\.")), field, computed);
            }
        }
    }

    private static void fill(ObjectNode file, ObjectNode parent, List<String> path, Field field, boolean computed) {
        Matcher segment = SEGMENT.matcher(path.getFirst());
        if (!segment.matches()) {
            throw new IllegalStateException("No path of a field: " + field.path());
        }
        String name = segment.group(1);
        if (path.size() > 1) {
            for (ObjectNode entry : entries(parent, name)) {
                if (segment.group(2) == null || entry.path("kind").asText().equals(segment.group(2))) {
                    fill(file, entry, path.subList(1, path.size()), field, computed);
                }
            }
            return;
        }
        JsonNode value = field.chosen(variant(file, parent, head(field.path())));
        String unless = field.words().path("unless").asText();
        if (!parent.has(name)
                && !parent.has(unless)
                && !value.isMissingNode()
                && !value.isNull()
                && computed == isComputed(value)) {
            (computed ? compute(file, parent, value.asText()) : Optional.of(value))
                    .ifPresent(own -> parent.set(name, own.deepCopy()));
        }
    }

    /** Returns what the other defaults of a field depend on. */
    private static String variant(ObjectNode file, ObjectNode parent, String head) {
        return switch (head) {
            case "sizes" -> parent.path("architecture").asText();
            case "flatness" -> parent.path("estimator").asText();
            default -> file.path("language").path("kind").asText();
        };
    }

    private static List<ObjectNode> entries(ObjectNode parent, String name) {
        JsonNode value = parent.path(name);
        List<ObjectNode> entries = new ArrayList<>();
        for (JsonNode entry : value.isArray() ? value : List.of(value)) {
            for (JsonNode own = entry; own instanceof ObjectNode fields; own = own.path("base")) {
                entries.add(fields);
            }
        }
        return entries;
    }

    private static boolean isComputed(JsonNode value) {
        return value.isTextual()
                && (value.asText().startsWith("=")
                        || NEIGHBOUR.matcher(value.asText()).find());
    }

    /** Returns a computed default; empty if what it is computed from is absent or no number. */
    private static Optional<JsonNode> compute(ObjectNode file, ObjectNode parent, String formula) {
        Matcher share = SHARE.matcher(formula);
        if (share.matches()) {
            return Optional.of(file.at("/" + share.group(1).replace('.', '/')))
                    .filter(JsonNode::isNumber)
                    .map(whole -> file.numberNode(Math.max(1, whole.asLong() / Long.parseLong(share.group(2)))));
        }
        Matcher product = PRODUCT.matcher(formula);
        if (product.matches()) {
            return Optional.of(parent.path(product.group(1)))
                    .filter(JsonNode::isIntegralNumber)
                    .map(whole -> file.numberNode(whole.asLong() * Long.parseLong(product.group(2))));
        }
        Matcher copy = COPY.matcher(formula);
        if (copy.matches()) {
            return Optional.of(file.at("/" + copy.group(1).replace('.', '/'))).filter(ArrayNode.class::isInstance);
        }
        Matcher neighbour = NEIGHBOUR.matcher(formula);
        return neighbour.find() && parent.path(neighbour.group(1)).isValueNode()
                ? Optional.of(file.textNode(formula.replace(
                        neighbour.group(), parent.path(neighbour.group(1)).asText())))
                : Optional.empty();
    }
}
