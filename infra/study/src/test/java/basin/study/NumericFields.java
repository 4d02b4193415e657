package basin.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The numeric fields of JSON Schemas. A reader has to know the unit of each. */
public final class NumericFields {
    private static final Pattern UNIT = Pattern.compile(
            "\\b("
                    // units
                    + "nats|bytes|seconds|bits|in (its|the same|the|\\w+'s) unit|in unit|without a unit"
                    // shares and probabilities
                    + "|share|shares|probability|p-value|0 (to|and) 1"
                    // numbers of things
                    + "|number of|counts?|fewest|times|batches|checkpoints|dimensions|examples|gradients|heads|hidden"
                    + " units|layers|levels"
                    + " of|non-terminals|operations|parameters|passes|permutations|probes|resamples|rules"
                    + "|sentences|states|steps?|tokens|words"
                    // positions, seeds and versions
                    + "|from [01]|0-based|seeds?|version)\\b",
            Pattern.CASE_INSENSITIVE);

    private NumericFields() {}

    /**
     * Returns the numeric fields of a schema that have no description, or one that names neither a
     * unit nor what is counted.
     */
    public static List<String> withoutUnit(JsonNode schema) {
        List<String> found = new ArrayList<>();
        visit(schema, "", "", found);
        return found.stream().distinct().toList();
    }

    private static void visit(JsonNode schema, String path, String outer, List<String> found) {
        String description = schema.path("description").asText(outer);
        boolean numeric = types(schema.path("type")).stream().anyMatch(List.of("number", "integer")::contains);
        if (numeric && !UNIT.matcher(description).find()) {
            found.add(path + ": " + (description.isEmpty() ? "no description" : description));
        }
        for (Map.Entry<String, JsonNode> part : schema.properties()) {
            boolean named = List.of("properties", "$defs").contains(part.getKey());
            for (Map.Entry<String, JsonNode> field :
                    named ? part.getValue().properties() : List.<Map.Entry<String, JsonNode>>of()) {
                visit(field.getValue(), path + "/" + field.getKey(), "", found);
            }
            if (!named && part.getValue().isObject()) {
                visit(part.getValue(), path, description, found);
            }
            if (part.getValue().isArray()) {
                part.getValue().forEach(one -> visit(one, path, description, found));
            }
        }
    }

    private static List<String> types(JsonNode type) {
        List<String> types = new ArrayList<>();
        if (type.isTextual()) {
            types.add(type.asText());
        }
        type.forEach(one -> types.add(one.asText()));
        return types;
    }
}
