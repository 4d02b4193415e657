package basin.record;

import basin.study.Ids;
import basin.study.Json;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An encoder and decoder of events in canonical JSON with a schema version. Thread-safe. */
public final class EventCodec {
    private static final String SCHEMA = "schema";
    private static final String TYPE = "type";

    /**
     * A reader for each type by its name. It does not need the type first, because in canonical
     * JSON the type comes late.
     */
    private static final Map<String, ObjectReader> READERS = readers();

    private EventCodec() {}

    /** A mix-in that switches off reading the type from the JSON. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    private interface OfKnownType {}

    private static Map<String, ObjectReader> readers() {
        JsonMapper mapper =
                Json.mapper().rebuild().addMixIn(Event.class, OfKnownType.class).build();
        JsonSubTypes types = Event.class.getAnnotation(JsonSubTypes.class);
        return Arrays.stream(types.value())
                .collect(Collectors.toUnmodifiableMap(JsonSubTypes.Type::name, type -> mapper.readerFor(type.value())));
    }

    /** Returns the event's canonical bytes, the same for equal events. */
    public static byte[] encode(Event event) {
        TreeMap<String, Object> sorted = Json.mapper().convertValue(event, new TypeReference<>() {});
        sorted.put(SCHEMA, Event.SCHEMA);
        return Json.canonical(sorted);
    }

    /**
     * Returns the first 64 bits of the SHA-256 of an event's canonical JSON, the same for equal
     * events on every machine.
     */
    public static long mark(Event event) {
        return Ids.first64(Json.canonical(event));
    }

    /**
     * Reads an event that this or an older version of the program wrote. Unknown fields are
     * ignored.
     *
     * @throws MalformedEventException if the bytes are no event that this program knows
     */
    public static Event decode(byte[] bytes) throws MalformedEventException {
        if (bytes.length > Json.MAX_CHARACTERS) {
            throw new MalformedEventException(
                    "an event of " + bytes.length + " bytes is longer than " + Json.MAX_CHARACTERS);
        }
        try {
            Optional<ObjectReader> reader = reader(bytes);
            return reader.isPresent() ? reader.get().readValue(bytes) : decodeTree(bytes);
        } catch (JsonProcessingException e) {
            throw new MalformedEventException(Json.explain(e));
        } catch (IOException e) {
            throw new MalformedEventException(String.valueOf(e.getMessage()));
        }
    }

    /** Finds the reader for a known type in a known schema, from the outermost fields only. */
    private static Optional<ObjectReader> reader(byte[] bytes) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            int schema = 0;
            ObjectReader reader = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(SCHEMA) && value == JsonToken.VALUE_NUMBER_INT) {
                    schema = parser.getIntValue();
                } else if (name.equals(TYPE) && value == JsonToken.VALUE_STRING) {
                    reader = READERS.get(parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            return schema < 1 || schema > Event.SCHEMA ? Optional.empty() : Optional.ofNullable(reader);
        }
    }

    /** Decodes via a tree, which is slower but can explain the mistake. */
    private static Event decodeTree(byte[] bytes) throws MalformedEventException, IOException {
        JsonNode node = Json.mapper().readTree(bytes);
        if (node == null || !node.isObject()) {
            throw new MalformedEventException("the value is no JSON object");
        }
        int schema = node.path(SCHEMA).asInt(0);
        if (schema < 1 || schema > Event.SCHEMA) {
            throw new MalformedEventException(
                    "schema is " + node.path(SCHEMA) + ", and this program reads 1 to " + Event.SCHEMA);
        }
        String type = node.path(TYPE).asText("");
        if (!READERS.containsKey(type)) {
            throw new MalformedEventException("type is '" + type + "', and this program knows "
                    + READERS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return Json.mapper().treeToValue(node, Event.class);
    }
}
