package basin.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Events to and from canonical JSON with a schema version. Thread-safe. */
public final class EventCodec {
    private EventCodec() {}

    /** The event's canonical bytes: the same for equal events. */
    public static byte[] encode(Event event) {
        ObjectNode node = Json.mapper().valueToTree(event);
        node.put("schema", Event.SCHEMA);
        return Json.canonical(sorted(node));
    }

    /**
     * Reads an event that this or an older program wrote. Fields that are not known are ignored.
     *
     * @throws MalformedEventException where the bytes are no event that this program knows
     */
    public static Event decode(byte[] bytes) throws MalformedEventException {
        if (bytes.length > Json.MOST_CHARACTERS) {
            throw new MalformedEventException(
                    "an event of " + bytes.length + " bytes is longer than " + Json.MOST_CHARACTERS);
        }
        try {
            JsonNode node = Json.mapper().readTree(bytes);
            if (node == null || !node.isObject()) {
                throw new MalformedEventException("the value is no JSON object");
            }
            int schema = node.path("schema").asInt(0);
            if (schema < 1 || schema > Event.SCHEMA) {
                throw new MalformedEventException(
                        "schema is " + node.path("schema") + ", and this program reads 1 to " + Event.SCHEMA);
            }
            return Json.mapper().treeToValue(node, Event.class);
        } catch (JsonProcessingException e) {
            throw new MalformedEventException(StudyFile.explain(e));
        } catch (IOException e) {
            throw new MalformedEventException(String.valueOf(e.getMessage()));
        }
    }

    private static Object sorted(ObjectNode node) {
        // A tree keeps the order in which it was filled; a sorted map does not depend on it.
        return Json.mapper().convertValue(node, java.util.TreeMap.class);
    }
}
