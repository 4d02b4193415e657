package basin.network.folder;

import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;

/** A model's {@code config.json}, with checked access to its fields. Immutable; thread-safe. */
record ConfigFile(Path file, JsonNode root) {
    static ConfigFile read(Path file) {
        return new ConfigFile(file, FolderJson.read(file));
    }

    /** Returns a copy with another number in a field. */
    ConfigFile with(String field, int number) {
        ObjectNode changed = root.deepCopy();
        return new ConfigFile(file, changed.put(field, number));
    }

    /** Returns a field's value; empty if it is absent or null. */
    private Optional<JsonNode> given(String field) {
        return Optional.of(root.path(field)).filter(node -> !node.isMissingNode() && !node.isNull());
    }

    /** Returns a required whole number. */
    int number(String field, int min, int max) {
        return number(field, root.path(field), min, max);
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
        JsonNode node = given(field).orElseGet(() -> DoubleNode.valueOf(otherwise));
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
            throw refused(field, root.path(field), "only models with " + only + " are read");
        }
    }

    String text(String field, String otherwise) {
        return given(field).map(JsonNode::asText).orElse(otherwise);
    }

    Refusal refused(String field, String value, String fix) {
        return new Refusal(field + " is " + value + " in " + file + ": " + fix + ".");
    }

    private Refusal refused(String field, JsonNode node, String fix) {
        return refused(field, node.isMissingNode() ? "missing" : node.toString(), fix);
    }
}
