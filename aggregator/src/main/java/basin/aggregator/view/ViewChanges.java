package basin.aggregator.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The difference between two views of a study as a JSON Patch (RFC 6902) on the view's JSON. Runs
 * and rows that are equal are compared as objects and never converted, so that the cost and the
 * bytes follow what changed, not the size of the study. Pure functions.
 */
public final class ViewChanges {
    private final ArrayNode changes = ViewJson.array();

    private ViewChanges() {}

    /**
     * Returns the operations that turn the JSON of one view into that of another.
     *
     * @param before JSON of the earlier view without its runs and rows ({@link ViewJson#shell})
     * @param after the same of the later view
     */
    public static ArrayNode between(StudyView earlier, ObjectNode before, StudyView later, ObjectNode after) {
        ViewChanges found = new ViewChanges();
        found.compare("", before, after);
        found.elements("/rows", earlier.rows(), later.rows());
        found.elements("/runs", earlier.runs(), later.runs());
        return found.changes;
    }

    private void elements(String path, List<?> before, List<?> after) {
        int common = Math.min(before.size(), after.size());
        for (int i = 0; i < common; i++) {
            if (!before.get(i).equals(after.get(i))) {
                shortest(path + "/" + i, ViewJson.tree(before.get(i)), ViewJson.tree(after.get(i)));
            }
        }
        after.subList(common, after.size()).forEach(one -> add(path + "/-", ViewJson.tree(one)));
        for (int i = before.size() - 1; i >= common; i--) {
            operation("remove", path + "/" + i);
        }
    }

    /** Adds the differences, or the whole value if that is shorter. */
    private void shortest(String path, JsonNode before, JsonNode after) {
        ViewChanges within = new ViewChanges();
        within.compare(path, before, after);
        if (ViewJson.text(within.changes).length() < ViewJson.text(after).length()) {
            changes.addAll(within.changes);
        } else {
            operation("replace", path).set("value", after);
        }
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof ObjectNode one && after instanceof ObjectNode other) {
            Set<String> gone = new HashSet<>();
            one.fieldNames().forEachRemaining(gone::add);
            other.properties().forEach(field -> {
                String at = path + "/" + escaped(field.getKey());
                if (gone.remove(field.getKey())) {
                    compare(at, one.get(field.getKey()), field.getValue());
                } else {
                    add(at, field.getValue());
                }
            });
            gone.stream().sorted().forEach(name -> operation("remove", path + "/" + escaped(name)));
        } else if (before instanceof ArrayNode one && after instanceof ArrayNode other) {
            int common = Math.min(one.size(), other.size());
            for (int i = 0; i < common; i++) {
                if (!one.get(i).equals(other.get(i))) {
                    shortest(path + "/" + i, one.get(i), other.get(i));
                }
            }
            for (int i = common; i < other.size(); i++) {
                add(path + "/-", other.get(i));
            }
            for (int i = one.size() - 1; i >= common; i--) {
                operation("remove", path + "/" + i);
            }
        } else {
            operation("replace", path).set("value", after);
        }
    }

    private void add(String path, JsonNode value) {
        operation("add", path).set("value", value);
    }

    private ObjectNode operation(String name, String path) {
        return changes.addObject().put("op", name).put("path", path);
    }

    /** Returns a name as a part of a JSON pointer (RFC 6901). */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
