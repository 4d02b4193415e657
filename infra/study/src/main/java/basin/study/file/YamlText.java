package basin.study.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Represent;
import org.yaml.snakeyaml.representer.Representer;

/**
 * YAML that readers of YAML 1.1 and of YAML 1.2 understand alike: texts that either takes for
 * something else are in quotes, and numbers with an exponent have a point and a sign. Thread-safe.
 */
public final class YamlText {
    private static final int WIDTH = 160;
    /** Texts that SnakeYAML writes plainly and other readers take for a Boolean or a number. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i)y|n|[-+]?[.]?[0-9][0-9._]*(e[-+]?[0-9]+)?|0o[0-7]+");

    private YamlText() {}

    /** Returns a whole file, with its fields in the order of a table. */
    static String of(ObjectNode file, Fields fields) {
        return dump(value(file, "", fields), DumperOptions.FlowStyle.AUTO);
    }

    /** Returns a text on one line, in quotes if a reader might take it for something else. */
    public static String scalar(String text) {
        String list = dump(List.of(text), DumperOptions.FlowStyle.FLOW).strip();
        return list.substring(1, list.length() - 1);
    }

    /** Returns a value on one line, such as {@code {kind: tree}}. */
    static String flow(JsonNode value) {
        return value.isDouble()
                ? number(value.doubleValue())
                : value.isValueNode()
                        ? value.asText()
                        : dump(value(value, "", Fields.NONE), DumperOptions.FlowStyle.FLOW)
                                .strip();
    }

    private static String number(double value) {
        String text = String.valueOf(value).toLowerCase(Locale.ROOT);
        // YAML 1.1 wants the sign of an exponent.
        return text.contains("e-") ? text : text.replace("e", "e+");
    }

    private static String dump(Object value, DumperOptions.FlowStyle style) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(style);
        options.setWidth(style == DumperOptions.FlowStyle.FLOW ? Integer.MAX_VALUE : WIDTH);
        options.setIndent(2);
        options.setSplitLines(false);
        return new Yaml(new Alike(options), options).dump(value);
    }

    private static Object value(JsonNode node, String path, Fields fields) {
        if (node instanceof ObjectNode object) {
            String own = object.has("kind") ? path + "(" + object.path("kind").asText() + ")" : path;
            Map<String, Object> sorted = new LinkedHashMap<>();
            object.properties().stream()
                    .sorted(Comparator.comparingInt(field -> fields.position(Fields.child(own, field.getKey()))))
                    .forEach(field -> sorted.put(
                            field.getKey(), value(field.getValue(), Fields.child(path, field.getKey()), fields)));
            return sorted;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(value(item, path, fields)));
            return list;
        }
        return node.isBoolean() ? node.booleanValue() : node.isNumber() ? node.numberValue() : node.asText();
    }

    /** A representer whose numbers are numbers, and whose texts are texts, for every reader. */
    private static final class Alike extends Representer {
        Alike(DumperOptions options) {
            super(options);
            representers.put(Double.class, value -> representScalar(Tag.FLOAT, number((Double) value)));
            Represent plain = Objects.requireNonNull(representers.get(String.class));
            representers.put(
                    String.class,
                    value -> AMBIGUOUS.matcher((String) value).matches()
                            ? representScalar(Tag.STR, (String) value, DumperOptions.ScalarStyle.SINGLE_QUOTED)
                            : plain.representData(value));
        }
    }
}
