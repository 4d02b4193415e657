package basin.study;

import static basin.study.Checks.require;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The JSON form of algorithms, derived from their records. The components are the fields, a
 * component that is an algorithm is the field {@code base}, and {@link JsonTypeName} is the kind. A
 * component may be a number, a text, a task or an optional number. {@link
 * JsonProperty#defaultValue} makes a number optional.
 */
final class AlgorithmForm {
    private AlgorithmForm() {}

    static Map<String, Class<? extends AlgorithmSpec>> kinds() {
        Map<String, Class<? extends AlgorithmSpec>> kinds = new LinkedHashMap<>();
        records(AlgorithmSpec.class).forEach(record -> kinds.put(kind(record), record.asSubclass(AlgorithmSpec.class)));
        return Collections.unmodifiableMap(kinds);
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(AlgorithmForm::records);
    }

    static String kind(Class<?> record) {
        return record.getAnnotation(JsonTypeName.class).value();
    }

    static AlgorithmSpec read(JsonNode form) {
        String kind = form.isTextual() ? form.asText() : form.path("kind").asText("");
        Class<? extends AlgorithmSpec> record = AlgorithmSpec.KINDS.get(kind);
        if (record == null || !(form.isTextual() || form.isObject())) {
            throw new Refusal("algorithms is "
                    + (form.isTextual() || form.has("kind") ? "'" + kind + "'" : "'" + form + "'") + ": give one of "
                    + String.join(", ", AlgorithmSpec.KINDS.keySet())
                    + ", with parameters as {kind: sgd, momentum: 0.9}.");
        }
        Set<String> known = new TreeSet<>(Set.of("kind"));
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            String name = component.getType() == AlgorithmSpec.class ? "base" : component.getName();
            known.add(name);
            values.put(component.getName(), value(component, "algorithms." + name, kind, form.path(name)));
        }
        AlgorithmSpec read = Records.of(record, values);
        form.fieldNames()
                .forEachRemaining(name -> require(
                        known.contains(name),
                        "algorithms." + name,
                        form.path(name),
                        "remove it, for '" + kind + "' knows " + String.join(", ", known)));
        return read;
    }

    private static Object value(RecordComponent component, String field, String kind, JsonNode value) {
        Class<?> type = component.getType();
        if (type == AlgorithmSpec.class) {
            return value.isMissingNode() ? new AlgorithmSpec.AdamW() : read(value);
        }
        if (type == TaskSpec.class) {
            return task(field, value);
        }
        if (type == String.class) {
            require(
                    value.isTextual(),
                    field,
                    value.isMissingNode() ? "absent" : value,
                    "give '" + kind + "' a " + component.getName());
            return value.asText();
        }
        require(value.isMissingNode() || value.isNumber(), field, "'" + value.asText() + "'", "give a number");
        if (type == Optional.class) {
            return value.isMissingNode() ? Optional.empty() : Optional.of(value.asDouble());
        }
        return number(component, field, kind, value);
    }

    private static Number number(RecordComponent component, String field, String kind, JsonNode value) {
        JsonProperty standard = component.getAccessor().getAnnotation(JsonProperty.class);
        if (value.isMissingNode() && standard == null) {
            throw new Refusal(field + " is absent: give '" + kind + "' a number, as in {kind: " + kind + ", "
                    + component.getName() + ": 0.1}.");
        }
        double number = value.isMissingNode() ? Double.parseDouble(standard.defaultValue()) : value.asDouble();
        if (component.getType() == double.class) {
            return number;
        }
        require(
                number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE,
                field,
                value,
                "give a whole number of at most " + Integer.MAX_VALUE);
        return (int) number; // Reflection widens it if the component is a long.
    }

    private static TaskSpec task(String field, JsonNode task) {
        String fix = "name one of the study's tasks, or give a task with all its fields";
        require(task.isObject(), field, task.isMissingNode() ? "absent" : "'" + task.asText() + "'", fix);
        try {
            return Json.mapper().treeToValue(task, TaskSpec.class);
        } catch (JsonProcessingException unreadable) {
            if (unreadable.getCause() instanceof Refusal refused) {
                throw refused;
            }
            throw new Refusal(field + " is " + task + ": " + fix + ".");
        }
    }
}
