package basin.record.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A comparison of a schema with a released one that finds breaking changes. An event that is valid
 * under the released schema must be valid under the newer one, and every published field must still
 * exist. It supports the keywords that our schemas use, and refuses any other.
 */
final class SchemaChanges {
    /** Keywords that do not affect validation. */
    private static final Set<String> WORDS = Set.of("$schema", "$id", "title", "description", "$defs");

    private static final Set<String> UNDERSTOOD = Set.of(
            "type",
            "const",
            "enum",
            "required",
            "properties",
            "items",
            "anyOf",
            "oneOf",
            "pattern",
            "minimum",
            "maximum",
            "additionalProperties",
            "format");

    private final JsonNode releasedRoot;
    private final JsonNode newerRoot;
    private final List<String> breaks = new ArrayList<>();

    private SchemaChanges(JsonNode releasedRoot, JsonNode newerRoot) {
        this.releasedRoot = releasedRoot;
        this.newerRoot = newerRoot;
    }

    /** Returns one sentence for every breaking change; empty if there is none. */
    static List<String> breaking(JsonNode released, JsonNode newer) {
        SchemaChanges changes = new SchemaChanges(released, newer);
        changes.compare("", released, newer);
        return List.copyOf(changes.breaks);
    }

    private List<String> within(String path, JsonNode released, JsonNode newer) {
        SchemaChanges inner = new SchemaChanges(releasedRoot, newerRoot);
        inner.compare(path, released, newer);
        return inner.breaks;
    }

    private void compare(String path, JsonNode released, JsonNode newer) {
        JsonNode before = resolve(releasedRoot, released);
        JsonNode now = resolve(newerRoot, newer);
        understood(path, before);
        understood(path, now);
        JsonNode choicesBefore = choices(before);
        JsonNode choicesNow = choices(now);
        if (choicesBefore.isArray()) {
            for (JsonNode choice : choicesBefore) {
                any(path, choice, choicesNow.isArray() ? choicesNow : List.of(now));
            }
        } else if (choicesNow.isArray()) {
            any(path, before, choicesNow);
        }
        types(path, before, now);
        values(path, before, now);
        // If there are now several choices, the fields were compared with the choice that includes
        // the previous form.
        if (!choicesNow.isArray() || now.has("properties")) {
            fields(path, before, now);
        }
        if (now.has("items")) {
            if (before.has("items")) {
                compare(path + "[]", before.get("items"), now.get("items"));
            } else if (allows(before, "array")) {
                breaks.add(path + " narrows what its items may be");
            }
        }
        for (String bound : List.of("pattern", "minimum", "maximum", "format")) {
            if (now.has(bound) && !now.get(bound).equals(before.get(bound)) && !loosened(bound, before, now)) {
                breaks.add(path + " narrows its " + bound);
            }
        }
        if (now.path("additionalProperties").isBoolean()
                && !now.path("additionalProperties").asBoolean()
                && before.path("additionalProperties").asBoolean(true)) {
            breaks.add(path + " refuses fields that are not known");
        }
    }

    private static boolean loosened(String bound, JsonNode before, JsonNode now) {
        if (!before.has(bound)) {
            return false;
        }
        double was = before.get(bound).asDouble();
        double is = now.get(bound).asDouble();
        return switch (bound) {
            case "minimum" -> is <= was;
            case "maximum" -> is >= was;
            default -> false;
        };
    }

    private void any(String path, JsonNode choice, Iterable<JsonNode> choices) {
        List<String> nearest = List.of();
        for (JsonNode candidate : choices) {
            List<String> found = within(path, choice, candidate);
            if (found.isEmpty()) {
                return;
            }
            if (nearest.isEmpty() || found.size() < nearest.size()) {
                nearest = found;
            }
        }
        breaks.addAll(nearest);
    }

    private static JsonNode choices(JsonNode schema) {
        return schema.has("anyOf") ? schema.get("anyOf") : schema.path("oneOf");
    }

    /** Returns the schema with its references and compositions resolved. */
    private static JsonNode resolve(JsonNode root, JsonNode schema) {
        List<JsonNode> parts = new ArrayList<>();
        if (schema.has("$ref")) {
            parts.add(resolve(root, root.at(schema.get("$ref").asText().substring(1))));
        }
        schema.path("allOf").forEach(part -> parts.add(resolve(root, part)));
        if (parts.isEmpty()) {
            return schema;
        }
        ObjectNode together = schema.deepCopy();
        together.remove(List.of("$ref", "allOf"));
        for (JsonNode part : parts) {
            part.properties().forEach(one -> {
                JsonNode before = together.putIfAbsent(one.getKey(), one.getValue());
                if (before != null && !before.equals(one.getValue()) && !WORDS.contains(one.getKey())) {
                    throw new IllegalArgumentException("Two parts of " + schema + " say '" + one.getKey()
                            + "', which this comparison does not understand: teach it.");
                }
            });
        }
        return together;
    }

    private static void understood(String path, JsonNode schema) {
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!WORDS.contains(keyword) && !UNDERSTOOD.contains(keyword)) {
                throw new IllegalArgumentException("At '" + path + "' the schema says '" + keyword
                        + "', which this comparison does not understand: teach it.");
            }
        });
    }

    private static Set<String> set(JsonNode one) {
        Set<String> values = new TreeSet<>();
        if (one.isArray()) {
            for (Iterator<JsonNode> all = one.elements(); all.hasNext(); ) {
                values.add(all.next().toString());
            }
        } else if (!one.isMissingNode()) {
            values.add(one.toString());
        }
        return values;
    }

    private static boolean allows(JsonNode schema, String type) {
        Set<String> types = set(schema.path("type"));
        return types.isEmpty() || types.contains('"' + type + '"');
    }

    private void types(String path, JsonNode before, JsonNode now) {
        Set<String> allowed = set(now.path("type"));
        Set<String> lost = set(before.path("type"));
        if (allowed.isEmpty()) {
            return;
        }
        if (lost.isEmpty() && values(before).isEmpty() && !choices(before).isArray()) {
            breaks.add(path + " narrows its type to " + allowed);
        }
        lost.removeAll(allowed);
        if (allowed.contains("\"number\"")) {
            lost.remove("\"integer\"");
        }
        if (!lost.isEmpty()) {
            breaks.add(path + " may no longer be " + lost);
        }
    }

    private static Set<String> values(JsonNode schema) {
        return set(schema.has("const") ? schema.get("const") : schema.path("enum"));
    }

    private void values(String path, JsonNode before, JsonNode now) {
        Set<String> allowed = values(now);
        Set<String> lost = values(before);
        if (allowed.isEmpty()) {
            return;
        }
        if (lost.isEmpty()) {
            breaks.add(path + " narrows its values to " + allowed);
        }
        lost.removeAll(allowed);
        if (!lost.isEmpty()) {
            breaks.add(path + " may no longer be " + lost);
        }
    }

    private void fields(String path, JsonNode before, JsonNode now) {
        Set<String> newly = set(now.path("required"));
        newly.removeAll(set(before.path("required")));
        newly.forEach(field -> breaks.add(path + " newly requires " + field));
        before.path("properties").properties().forEach(field -> {
            String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (now.path("properties").has(field.getKey())) {
                compare(at, field.getValue(), now.get("properties").get(field.getKey()));
            } else {
                breaks.add(at + " is removed");
            }
        });
    }
}
