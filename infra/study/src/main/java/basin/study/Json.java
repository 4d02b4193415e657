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
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the only JSON mapper: canonical output, bounded input, no polymorphism beyond
 * sealed types. Thread-safe.
 */
public final class Json {
    /** The longest text that is parsed, in characters. */
    public static final int MAX_CHARACTERS = 1_048_576;

    /** The longest text within JSON, in characters. */
    public static final int MAX_STRING = 600_000;

    private static final JsonMapper MAPPER =
            settings(JsonMapper.builder(factory(constraints()))).build();

    /** The most tokens (names, values, brackets) of a JSON file of another program. */
    public static final int MAX_TOKENS = 5_000_000;

    /** The deepest nesting of JSON, in levels. */
    public static final int MAX_DEPTH = 64;

    private static final String MISSING = " is missing: give it a value.";

    /** The beginning of what Jackson's messages say about its own classes or ours. */
    private static final Pattern CLASSES =
            Pattern.compile("[ (,]*(?:bound as|from|of type|as a subtype of|: not allowed as per|reading Enum) `");

    private Json() {}

    /** Returns the mapper. It sorts fields, ignores unknown fields and refuses absent ones. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * An introspector that lets the input omit a record component that the output omits if absent.
     * Jackson has no annotation for this on the creators of records.
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

        /** Returns the values of absent components by the names of their types. */
        static InjectableValues values() {
            InjectableValues.Std values = new InjectableValues.Std();
            ABSENT.forEach((type, value) -> values.addValue(type.getName(), value));
            return values;
        }
    }

    /**
     * Returns a factory for JSON of other programs, with at most {@value #MAX_DEPTH} levels and
     * {@value #MAX_TOKENS} tokens. Its users bound the size.
     */
    public static JsonFactory ofOthers() {
        return factory(StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxTokenCount(MAX_TOKENS)
                .build());
    }

    /**
     * Returns a factory for JSON in UTF-8 alone (RFC 8259). Bytes that look like UTF-16 or UTF-32
     * are a syntax error, like any other bytes that are no JSON.
     */
    public static JsonFactory factory(StreamReadConstraints limits) {
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(limits)
                .build();
    }

    /**
     * Returns canonical JSON, the same bytes for equal values. Fields are sorted by name, and every
     * number has its shortest decimal form.
     */
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
     * Returns one line that explains a parser's exception to the user.
     *
     * @throws RuntimeException an exception other than {@link Refusal} that a constructor of one of
     *     our records threw, which is a bug of Basin
     */
    public static String explain(JsonProcessingException e) {
        if (e.getCause() instanceof Refusal refused) {
            return String.join(" ", refused.sentences());
        }
        // A null in a list of the text causes a NullPointerException. Any other exception of a
        // constructor is a bug.
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
        String field = "field '" + where + "'";
        return switch (e) {
            case InvalidTypeIdException kind ->
                field + " is of no known kind, '" + kind.getTypeId() + "': give a known kind, or use a newer Basin.";
            case InvalidNullException _ -> field + MISSING;
            case MismatchedInputException absent
            when absent.getOriginalMessage().startsWith("Missing creator property") -> field + MISSING;
            case MismatchedInputException other
            when other.getTargetType() != null ->
                field + " holds something else: give " + wanted(other.getTargetType()) + ".";
            default -> (where.isEmpty() ? "this cannot be read: " : where + ": ") + reason(e) + ".";
        };
    }

    private static String wanted(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        return type == String.class ? "a text" : Collection.class.isAssignableFrom(type) ? "a list" : "fields";
    }

    /**
     * Returns why Jackson cannot read a text: the first line of its message up to where it names
     * classes, without a full stop.
     */
    public static String reason(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("it is unreadable");
        String reason = CLASSES.split(first, 2)[0].replaceAll("[.:, ]+$", "");
        return reason.lastIndexOf('(') > reason.lastIndexOf(')') ? reason + ")" : reason;
    }

    /** Returns a JSON pointer in a readable form, such as {@code sizes[0].width}. */
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

    /** Returns limits on nesting and string length, far above those of any text of Basin. */
    private static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(MAX_STRING)
                .build();
    }
}
