package basin.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** JSON trees and their text, which is the same on every machine. */
final class Json {
    // Maps have no order of their own.
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Returns an object with one field. */
    static ObjectNode object(String name, Object value) {
        return MAPPER.valueToTree(Map.of(name, value));
    }

    /**
     * Returns an object with {@code id} and {@code options}, the form of Grafana's matchers and
     * transformations.
     */
    static ObjectNode choice(String id, Object options) {
        return object().put("id", id).set("options", MAPPER.valueToTree(options));
    }

    /** Returns an object with {@code id} and {@code value}, the form of Grafana's properties. */
    static ObjectNode property(String id, Object value) {
        return object().put("id", id).set("value", MAPPER.valueToTree(value));
    }

    /**
     * Returns the positions of columns by name. The names are separated by blanks; {@code Value#A}
     * is the column "Value #A".
     */
    static Map<String, Integer> order(String columns) {
        String[] names = columns.split(" ", -1);
        return IntStream.range(0, names.length).boxed().collect(Collectors.toMap(i -> spaced(names[i]), i -> i));
    }

    /** Returns new names of columns, as in {@code Value#A=±_loss}; underscores stand for blanks. */
    static Map<String, String> names(String columns) {
        return Arrays.stream(columns.split(" ", -1))
                .map(column -> column.split("=", -1))
                .collect(Collectors.toMap(column -> spaced(column[0]), column -> column[1].replace('_', ' ')));
    }

    private static String spaced(String column) {
        return column.replace("#", " #");
    }

    /** Returns the data source of all dashboards. */
    static ObjectNode source() {
        return object().put("type", "prometheus").put("uid", Boards.SOURCE_UID);
    }

    static String text(ObjectNode tree) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        try {
            return MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(lines))
                            .writeValueAsString(tree)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A dashboard could not be written.", e);
        }
    }
}
