package basin.record;

import basin.study.Json;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The published JSON Schema of every type of event. Thread-safe. */
public final class EventSchemas {
    private static final Map<String, Schema> SCHEMAS = Arrays.stream(
                    Event.class.getAnnotation(JsonSubTypes.class).value())
            .map(JsonSubTypes.Type::name)
            .collect(Collectors.toUnmodifiableMap(name -> name, EventSchemas::schema));

    private EventSchemas() {}

    private static Schema schema(String type) {
        String file = "schemas/" + type + ".json";
        try (InputStream in = EventSchemas.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The schema " + file + " is not in this program.");
            }
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Json.mapper().readTree(in));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Returns the first mistake of an event by the schema of its type, without a full stop; empty
     * if there is none.
     *
     * @param bytes its JSON
     */
    public static Optional<String> mistake(byte[] bytes) {
        if (bytes.length > Json.MAX_CHARACTERS) {
            return Optional.of("it has " + bytes.length + " bytes, more than " + Json.MAX_CHARACTERS);
        }
        try {
            JsonNode event = Json.mapper().readTree(bytes);
            String type = event.path("type").asText();
            Schema schema = SCHEMAS.get(type);
            return schema == null
                    ? Optional.of("type is '" + type + "', which has no schema here")
                    : schema.validate(event).stream().findFirst().map(error -> String.valueOf(error.getMessage()));
        } catch (IOException noJson) {
            return Optional.of("it is no JSON");
        }
    }
}
