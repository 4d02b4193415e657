package basin.network.folder;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * A model's {@code config.json}, or an object in it, with checked access to its fields. It knows
 * which fields were asked for. Thread-safe.
 */
final class ConfigFile {
    private static final int SHOWN = 60;

    private final Path file;
    private final String prefix;
    private final JsonNode root;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private ConfigFile(Path file, String prefix, JsonNode root) {
        this.file = file;
        this.prefix = prefix;
        this.root = root;
    }

    static ConfigFile read(Path file) {
        return new ConfigFile(file, "", FolderJson.read(file));
    }

    /** Returns a copy with another number in a field, and without another field. */
    ConfigFile with(String field, int number, String without) {
        ObjectNode changed = root.deepCopy();
        changed.put(field, number).remove(without);
        return new ConfigFile(file, prefix, changed);
    }

    private JsonNode node(String field) {
        asked.add(field);
        return root.path(field);
    }

    /** Returns a field's value; empty if it is absent or null. */
    private Optional<JsonNode> given(String field) {
        return Optional.of(node(field)).filter(node -> !node.isMissingNode() && !node.isNull());
    }

    /** Returns whether a field has a value, which may not be null. */
    boolean has(String field) {
        return given(field).isPresent();
    }

    /** Returns whether a field is there with the value null. */
    boolean isNull(String field) {
        return node(field).isNull();
    }

    /** Returns a required whole number. */
    int number(String field, int min, int max) {
        return number(field, node(field), min, max);
    }

    /** Returns a whole number, or {@code otherwise} if it is absent or null. */
    int number(String field, int min, int max, int otherwise) {
        return given(field).map(node -> number(field, node, min, max)).orElse(otherwise);
    }

    private int number(String field, JsonNode node, int min, int max) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < min || node.asInt() > max) {
            throw refused(field, node, "give a whole number from " + min + " to " + max);
        }
        return node.asInt();
    }

    /** Returns a positive number, or {@code otherwise} if it is absent or null. */
    double positive(String field, double otherwise) {
        return positive(field, given(field).orElseGet(() -> DoubleNode.valueOf(otherwise)));
    }

    /** Returns a positive number; empty if it is absent or null. */
    Optional<Double> positive(String field) {
        return given(field).map(node -> positive(field, node));
    }

    private double positive(String field, JsonNode node) {
        if (!node.isNumber() || !(node.asDouble() > 0) || !Double.isFinite(node.asDouble())) {
            throw refused(field, node, "give a number above 0");
        }
        return node.asDouble();
    }

    boolean flag(String field, boolean otherwise) {
        JsonNode node = given(field).orElseGet(() -> BooleanNode.valueOf(otherwise));
        if (!node.isBoolean()) {
            throw refused(field, node, "give true or false");
        }
        return node.asBoolean();
    }

    /** Refuses any other value of a flag. */
    void mustBe(String field, boolean only) {
        if (flag(field, only) != only) {
            throw refused(field, node(field), "only models with " + only + " are read");
        }
    }

    /** Refuses any other value of a text. */
    void mustBe(String field, String only) {
        if (!text(field, only).equals(only)) {
            throw refused(field, node(field), "only models with '" + only + "' are read");
        }
    }

    /** Returns whether the configuration names a class of models with a head for tokens. */
    boolean namesLanguageModel() {
        return StreamSupport.stream(node("architectures").spliterator(), false)
                .anyMatch(one -> one.asText().contains("LM"));
    }

    /** Returns the folder of the file. */
    Path folder() {
        return Objects.requireNonNull(file.getParent());
    }

    String text(String field, String otherwise) {
        return given(field).map(JsonNode::asText).orElse(otherwise);
    }

    /** Returns an object; empty if it is absent or null. */
    Optional<ConfigFile> object(String field) {
        return given(field).map(node -> {
            if (!node.isObject()) {
                throw refused(field, node, "give an object");
            }
            return new ConfigFile(file, prefix + field + ".", node);
        });
    }

    /**
     * Returns a list with one entry for each layer; empty if it is absent or null.
     *
     * @param allowed texts of which each entry must be one; numbers count as their digits
     */
    Optional<List<String>> perLayer(String field, int layers, List<String> allowed) {
        return given(field).map(node -> {
            List<String> entries = StreamSupport.stream(node.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
            if (!node.isArray() || entries.size() < layers || !allowed.containsAll(entries)) {
                throw refused(
                        field,
                        node,
                        "give a list of " + layers + " entries, one a layer, each " + String.join(" or ", allowed));
            }
            return entries;
        });
    }

    /**
     * Refuses fields that were not asked for, because they may change what the model computes.
     *
     * @param type the model's type
     * @param harmless whether a field of that name changes nothing
     */
    void refuseOthers(String type, Predicate<String> harmless) {
        root.properties().stream()
                .filter(field ->
                        !asked.contains(field.getKey()) && !field.getValue().isNull() && !harmless.test(field.getKey()))
                .findFirst()
                .ifPresent(field -> {
                    throw refused(
                            field.getKey(),
                            field.getValue(),
                            "a model of type " + type
                                    + " is read without this field; remove it if it does not change what the model"
                                    + " computes");
                });
    }

    Refusal refused(String field, String value, String fix) {
        return new Refusal(prefix + field + " is " + value + " in " + file + ": " + fix + ".");
    }

    private Refusal refused(String field, JsonNode node, String fix) {
        String value = node.isMissingNode() ? "missing" : node.toString();
        return refused(field, value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value, fix);
    }
}
