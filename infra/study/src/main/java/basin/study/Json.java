package basin.study;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one JSON mapper's settings: canonical output, bounded input, no polymorphism beyond sealed types. Thread-safe. */
public final class Json {
    /** Longest text that is parsed, in characters. */
    public static final int MOST_CHARACTERS = 1_048_576;

    private static final JsonMapper MAPPER = settings(JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(constraints()).build()))
            .build();

    private Json() {}

    /** The mapper: fields sorted, unknown fields ignored, absent ones refused. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * What a component of a record may be left out of the input: one that is left out of the output where it is absent. Creators of records
     * cannot say so themselves.
     */
    private static final class MayBeAbsent extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;
        private static final Map<Class<?>, Object> ABSENT =
                Map.of(Optional.class, Optional.empty(), List.class, List.of(), int.class, 0);

        @Override
        public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
            return member instanceof AnnotatedParameter
                            && ABSENT.containsKey(member.getRawType())
                            && member.hasAnnotation(JsonInclude.class)
                    ? JacksonInject.Value.construct(member.getRawType().getName(), true, false)
                    : super.findInjectableValue(member);
        }

        /** What stands for such a component. */
        static InjectableValues values() {
            InjectableValues.Std values = new InjectableValues.Std();
            ABSENT.forEach((type, value) -> values.addValue(type.getName(), value));
            return values;
        }
    }

    /** A mapper of the same settings over another form of JSON, such as a binary one. */
    public static JsonMapper over(JsonFactory factory) {
        return settings(JsonMapper.builder(factory)).build();
    }

    /** The same bytes for equal values: fields in the order of their names, shortest decimal form of every number. */
    public static byte[] canonical(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("This value has no JSON form: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonMapper.Builder settings(JsonMapper.Builder builder) {
        builder.addModule(new Jdk8Module())
                .annotationIntrospector(new MayBeAbsent())
                .injectableValues(MayBeAbsent.values())
                .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        return builder;
    }

    /**
     * One sentence for people out of a parser's complaint.
     *
     * @throws RuntimeException what the constructor of one of our records threw, where it is no {@link Refusal}: a bug of Basin
     */
    public static String explain(JsonProcessingException e) {
        if (e.getCause() instanceof Refusal refused && refused.getMessage() != null) {
            return refused.getMessage();
        }
        // What a list holds may be null; no other exception of a constructor comes from the text.
        if (e instanceof ValueInstantiationException
                && e.getCause() instanceof RuntimeException bug
                && !(bug instanceof NullPointerException)) {
            throw bug;
        }
        String where = e instanceof JsonMappingException mapping
                ? path(mapping.getPath().stream()
                        .map(part ->
                                part.getFieldName() == null ? String.valueOf(part.getIndex()) : part.getFieldName())
                        .collect(Collectors.joining("/")))
                : "";
        String message = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
        if (message.startsWith("Missing creator property") || message.startsWith("Null value for creator")) {
            return "field '" + where + "' is missing: give it a value.";
        }
        return (where.isEmpty() ? "this cannot be read: " : where + ": ") + message + ".";
    }

    /** A JSON pointer for people, such as {@code sizes[0].width}. */
    public static String path(String place) {
        StringBuilder path = new StringBuilder();
        for (String part : place.split("/")) {
            if (part.matches("[0-9]+")) {
                path.append('[').append(part).append(']');
            } else if (!part.isEmpty()) {
                path.append(path.isEmpty() ? "" : ".")
                        .append(part.replace("~1", "/").replace("~0", "~"));
            }
        }
        return path.toString();
    }

    /** What no text of ours comes near: how deep it nests, and how long one string in it is. */
    private static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(64)
                .maxStringLength(600_000)
                .build();
    }
}
