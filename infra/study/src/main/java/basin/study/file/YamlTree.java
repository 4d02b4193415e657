package basin.study.file;

import basin.study.Json;
import basin.study.Refusal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A YAML document with the line of every value, and every plain scalar as written. {@code 3e-4} is
 * a number if the field is numeric, and the text {@code 3e-4} if the field is a text. Scalars
 * follow the core schema of YAML 1.2, so that {@code on} and {@code no} are texts. Places are JSON
 * pointers. Not thread-safe.
 */
final class YamlTree {
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    /**
     * Excludes numbers with a leading zero, because YAML 1.1 reads {@code 010} as 8 and YAML 1.2 as
     * 10.
     */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\.[0-9]+|(0|[1-9][0-9_]*)(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?");

    /** The most levels of a document. */
    static final int MAX_DEPTH = 64;

    private static final int MAX_VALUES = 100_000;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String origin;
    private final Map<String, String> written = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Twice> duplicates = new ArrayList<>();
    private final JsonNode root;

    /** A field that is given twice. */
    record Twice(String place, int line, String sentence) {}

    private YamlTree(@Nullable Node document, String origin) {
        this.origin = origin;
        this.root = document == null ? NODES.missingNode() : convert(document, "", 0);
    }

    /**
     * Reads a document.
     *
     * @param origin the file's name
     * @throws Refusal if the text is no YAML
     */
    static YamlTree parse(String yaml, String origin) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_DEPTH);
        try {
            return new YamlTree(new Yaml(options).compose(new StringReader(yaml)), origin);
        } catch (YAMLException e) {
            throw new Refusal(origin + ": " + YamlWords.of(e) + ".", e);
        }
    }

    private JsonNode convert(Node node, String place, int depth) {
        if (depth > MAX_DEPTH || lines.size() > MAX_VALUES) {
            throw new Refusal(
                    origin + ": it has more than " + MAX_DEPTH + " levels or " + MAX_VALUES + " values: give fewer.");
        }
        lines.put(place, node.getStartMark().getLine() + 1);
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, place, depth);
            case SequenceNode sequence -> {
                ArrayNode list = NODES.arrayNode();
                for (Node item : sequence.getValue()) {
                    list.add(convert(item, place + "/" + list.size(), depth + 1));
                }
                yield list;
            }
            case ScalarNode scalar
            when scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN -> {
                written.put(place, scalar.getValue());
                yield scalar(scalar.getValue());
            }
            case ScalarNode quoted -> NODES.textNode(quoted.getValue());
            default -> throw new Refusal(origin + ": a '*' names what comes later: write the value itself.");
        };
    }

    private ObjectNode mapping(MappingNode mapping, String place, int depth) {
        ObjectNode fields = NODES.objectNode();
        for (NodeTuple field : mapping.getValue()) {
            int line = field.getKeyNode().getStartMark().getLine() + 1;
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw new Refusal(origin + ": line " + line
                        + ": the name of a field is a list or has fields itself: put it in quotes.");
            }
            String name = key.getValue();
            String own = place + "/" + name.replace("~", "~0").replace("/", "~1");
            if (fields.has(name)) {
                duplicates.add(new Twice(
                        own,
                        line,
                        "field '" + Json.path(own) + "' is given twice, first in line " + lines.get(own)
                                + ": remove one."));
                continue;
            }
            fields.set(name, convert(field.getValueNode(), own, depth + 1));
            lines.put(own, line);
        }
        return fields;
    }

    /** Returns a plain scalar by YAML's core schema: null, a Boolean, a number or a text. */
    static JsonNode scalar(String text) {
        if (text.isEmpty() || text.equals("~") || text.equals("null")) {
            return NODES.nullNode();
        }
        if (text.equals("true") || text.equals("false")) {
            return NODES.booleanNode(text.equals("true"));
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger whole = new BigInteger(text.replace("_", ""));
            return whole.bitLength() < Long.SIZE ? NODES.numberNode(whole.longValue()) : NODES.numberNode(whole);
        }
        return NUMBER.matcher(text).matches()
                ? NODES.numberNode(Double.parseDouble(text.replace("_", "")))
                : NODES.textNode(text);
    }

    /** Returns the whole document; missing if the text is empty. */
    JsonNode root() {
        return root;
    }

    /**
     * Converts the plain scalar at a place to a text, as written. Returns whether it was converted.
     */
    boolean isText(String place) {
        String text = written.get(place);
        int last = place.lastIndexOf('/');
        if (text == null
                || last < 0
                || root.at(place).isTextual()
                || (root.at(place).isNull() && !text.equals("null"))) {
            return false;
        }
        set(place, new TextNode(text));
        return true;
    }

    /** Puts a value at a place. Null removes a field, and makes an item of a list null. */
    void set(String place, @Nullable JsonNode value) {
        int last = place.lastIndexOf('/');
        String name = name(place);
        switch (root.at(place.substring(0, last))) {
            case ObjectNode fields -> {
                if (value == null) {
                    fields.remove(name);
                } else {
                    fields.set(name, value);
                }
            }
            case ArrayNode list -> list.set(Integer.parseInt(name), value);
            default -> throw new IllegalStateException("Nothing holds " + place + ".");
        }
    }

    private static String name(String place) {
        return place.substring(place.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    /** Gives a field another name, and its value the place of that name. */
    void rename(String place, String name) {
        String other = place.substring(0, place.lastIndexOf('/') + 1) + name;
        JsonNode value = root.at(place);
        set(place, null);
        set(other, value);
        for (Map<String, ?> known : List.of(lines, written)) {
            move(known, place, other);
        }
    }

    private static <V> void move(Map<String, V> known, String from, String to) {
        for (String own : List.copyOf(known.keySet())) {
            if (own.equals(from) || own.startsWith(from + "/")) {
                known.put(to + own.substring(from.length()), known.get(own));
            }
        }
    }

    /** Returns the fields that are given twice, in order. */
    List<Twice> duplicates() {
        return List.copyOf(duplicates);
    }

    /** Returns the places of numbers that are too large for a double, by line. */
    List<String> infinite() {
        return written.keySet().stream()
                .filter(place -> root.at(place).isDouble()
                        && Double.isInfinite(root.at(place).doubleValue()))
                .sorted(Comparator.comparingInt(this::line).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** Returns the line of a value, from 1; 0 if the document has no such place. */
    int line(String place) {
        return lines.getOrDefault(place, 0);
    }

    /** Returns a plain scalar as written, or any other value as JSON. */
    String written(String place) {
        return written.getOrDefault(place, root.at(place).toString());
    }

    /** Returns the value at a place for messages: a plain scalar as written, a text in quotes. */
    String reported(String place) {
        JsonNode value = root.at(place);
        return value.isTextual() ? "'" + value.asText() + "'" : written(place);
    }
}
