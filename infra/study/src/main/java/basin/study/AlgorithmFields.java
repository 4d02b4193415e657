package basin.study;

import static basin.study.Checks.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fields of one algorithm's object as they are read. */
final class AlgorithmFields {
    private final String kind;
    private final JsonNode form;
    private final Set<String> known = new TreeSet<>(Set.of("kind"));

    AlgorithmFields(String kind, JsonNode form) {
        this.kind = kind;
        this.form = form;
    }

    Optional<Double> optional(String name) {
        known.add(name);
        JsonNode value = form.path(name);
        require(
                value.isMissingNode() || value.isNumber(),
                "algorithms." + name,
                "'" + value.asText() + "'",
                "give a number");
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asDouble());
    }

    double number(String name) {
        return optional(name)
                .orElseThrow(() -> new Refusal("algorithms." + name + " is absent: give '" + kind
                        + "' a number, as in {kind: " + kind + ", " + name + ": 0.1}."));
    }

    int whole(String name) {
        double number = number(name);
        require(
                number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE,
                "algorithms." + name,
                form.get(name),
                "give a whole number of at most " + Integer.MAX_VALUE);
        return (int) number;
    }

    String text(String name) {
        known.add(name);
        require(
                form.path(name).isTextual(),
                "algorithms." + name,
                form.has(name) ? form.get(name) : "absent",
                "give '" + kind + "' a name");
        return form.get(name).asText();
    }

    TaskSpec task() {
        known.add("task");
        JsonNode task = form.path("task");
        require(
                task.isObject(),
                "algorithms.task",
                task.isMissingNode() ? "absent" : "'" + task.asText() + "'",
                "name one of the study's tasks, or give a task with all its fields");
        try {
            return Json.mapper().treeToValue(task, TaskSpec.class);
        } catch (JsonProcessingException unreadable) {
            if (unreadable.getCause() instanceof Refusal refused) {
                throw refused;
            }
            throw new Refusal("algorithms.task is " + task
                    + ": name one of the study's tasks, or give a task with all its fields.");
        }
    }

    AlgorithmSpec base() {
        known.add("base");
        return form.has("base") ? AlgorithmSpec.of(form.get("base")) : new AlgorithmSpec.AdamW();
    }

    void refuseOthers() {
        form.fieldNames()
                .forEachRemaining(name -> require(
                        known.contains(name),
                        "algorithms." + name,
                        form.path(name),
                        "remove it, for '" + kind + "' knows " + String.join(", ", known)));
    }
}
