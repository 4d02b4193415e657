package basin.record;

import basin.study.Ids;
import basin.study.Json;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An encoder and decoder of events in canonical JSON with a schema version. Thread-safe. */
public final class EventCodec {
    private static final String SCHEMA = "schema";
    private static final String TYPE = "type";

    /** The bytes before the type in canonical JSON. */
    private static final byte[] TYPE_BEGIN = "\"type\":\"".getBytes(StandardCharsets.UTF_8);

    /**
     * A reader for each type by its name. It does not need the type first, because in canonical
     * JSON the type comes late.
     */
    private static final Map<String, ObjectReader> READERS = readers();

    private EventCodec() {}

    /** A mix-in that switches off reading the type from the JSON. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NONE)
    @JsonIgnoreProperties(ignoreUnknown = true)
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
            Optional<Event> event = decodeAs(lastType(bytes), bytes);
            return event.isPresent() ? event.get() : decodeTree(bytes);
        } catch (JsonProcessingException e) {
            throw new MalformedEventException(Json.explain(e));
        } catch (IOException e) {
            throw new MalformedEventException(String.valueOf(e.getMessage()));
        }
    }

    /** A parser that keeps the schema and the type among the outermost fields. */
    private static final class Watching extends JsonParserDelegate {
        private int schema;
        private String type = "";

        Watching(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = delegate.nextToken();
            if ((token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT)
                    && delegate.getParsingContext().getNestingDepth() == 1) {
                String name = delegate.currentName();
                if (TYPE.equals(name)) {
                    type = token == JsonToken.VALUE_STRING ? delegate.getText() : "";
                } else if (SCHEMA.equals(name)) {
                    schema = token == JsonToken.VALUE_NUMBER_INT ? delegate.getIntValue() : 0;
                }
            }
            return token;
        }
    }

    /**
     * Decodes in one pass as an event of this type. Returns empty if it is none, or its schema is
     * not known.
     */
    private static Optional<Event> decodeAs(String type, byte[] bytes) throws IOException {
        ObjectReader reader = READERS.get(type);
        if (reader == null) {
            return Optional.empty();
        }
        try (Watching parser = new Watching(Json.mapper().createParser(bytes))) {
            Event event = reader.readValue(parser);
            return parser.type.equals(type) && parser.schema >= 1 && parser.schema <= Event.SCHEMA
                    ? Optional.of(event)
                    : Optional.empty();
        } catch (JsonProcessingException notOfThisType) {
            return Optional.empty();
        }
    }

    /** Returns the text of the last field of the type's name; empty if there is none. */
    private static String lastType(byte[] bytes) {
        for (int at = bytes.length - TYPE_BEGIN.length; at >= 0; at--) {
            int begin = at + TYPE_BEGIN.length;
            if (bytes[at] == TYPE_BEGIN[0] && Arrays.equals(bytes, at, begin, TYPE_BEGIN, 0, TYPE_BEGIN.length)) {
                int end = begin;
                while (end < bytes.length && bytes[end] != '"') {
                    end++;
                }
                return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
            }
        }
        return "";
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
