package basin.dashboards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON trees, and their text: the same bytes on every machine. */
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

    /** An object of one field. */
    static ObjectNode object(String name, Object value) {
        return MAPPER.valueToTree(Map.of(name, value));
    }

    /** A value of {@code id} and {@code options}, as Grafana's matchers and transformations are. */
    static ObjectNode choice(String id, Object options) {
        return object().put("id", id).set("options", MAPPER.valueToTree(options));
    }

    /** A value of {@code id} and {@code value}, as Grafana's properties are. */
    static ObjectNode property(String id, Object value) {
        return object().put("id", id).set("value", MAPPER.valueToTree(value));
    }

    /** The data source that all dashboards ask. */
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
