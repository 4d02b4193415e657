package basin.events;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Optional;
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
        private static final String ABSENT = "absent";
        private static final String EMPTY = "empty";

        @Override
        public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
            if (member instanceof AnnotatedParameter && member.hasAnnotation(JsonInclude.class)) {
                if (member.getRawType() == Optional.class) {
                    return JacksonInject.Value.construct(ABSENT, true, false);
                }
                if (member.getRawType() == List.class) {
                    return JacksonInject.Value.construct(EMPTY, true, false);
                }
            }
            return super.findInjectableValue(member);
        }

        /** What stands for such a component. */
        static InjectableValues values() {
            return new InjectableValues.Std().addValue(ABSENT, Optional.empty()).addValue(EMPTY, List.of());
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

    static JsonMapper.Builder settings(JsonMapper.Builder builder) {
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

    /** What no text of ours comes near: how deep it nests, and how long one string in it is. */
    static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(64)
                .maxStringLength(600_000)
                .build();
    }
}
