package basin.aggregator.fold;

import basin.study.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records as bytes, their components one after another and without names. A text, an enum constant
 * or a part of a study's spec is written once, as JSON, and by its number when it comes again.
 * Bytes can be read only where the records have the same {@linkplain #layout layout}.
 */
final class PackedRecords {
    private static final String SPECS = "basin.study";
    private static final Map<Type, Form> FORMS = new ConcurrentHashMap<>();

    private PackedRecords() {}

    @FunctionalInterface
    private interface Put {
        void put(Writer to, Object value) throws IOException, ReflectiveOperationException;
    }

    @FunctionalInterface
    private interface Take {
        Object take(Reader from) throws IOException, ReflectiveOperationException;
    }

    /** The way in which values of a type are written and read. */
    private record Form(String layout, Put put, Take take) {}

    /** Returns the types and names of a record's components, and of theirs. */
    static String layout(Class<? extends Record> type) {
        return form(type).layout();
    }

    /** A writer of records. Not thread-safe. */
    static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        private final DataOutputStream out = new DataOutputStream(bytes);
        private final Map<Object, Integer> parts = new HashMap<>();

        void write(Record value) throws IOException {
            try {
                form(value.getClass()).put().put(this, value);
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException("A component cannot be read.", impossible);
            }
        }

        int size() {
            return bytes.size();
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }

    /** A reader of records. Not thread-safe. */
    static final class Reader {
        private final ByteBuffer in;
        private final List<Object> parts = new ArrayList<>();

        Reader(ByteBuffer bytes) {
            in = bytes;
        }

        boolean isAtEnd() {
            return !in.hasRemaining();
        }

        /**
         * Returns the next record.
         *
         * @throws IOException if the bytes are none
         */
        <R extends Record> R read(Class<R> type) throws IOException {
            try {
                return type.cast(form(type).take().take(this));
            } catch (ReflectiveOperationException | RuntimeException noRecord) {
                throw new IOException("These bytes are no " + type.getSimpleName() + ".", noRecord);
            }
        }

        /** Returns a length that the remaining bytes can have. */
        private int length() throws IOException {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IOException("A length is " + length + ".");
            }
            return length;
        }
    }

    private static Form form(Type type) {
        Form known = FORMS.get(type);
        if (known == null) {
            known = make(type);
            FORMS.put(type, known);
        }
        return known;
    }

    private static Form make(Type type) {
        if (type instanceof ParameterizedType generic) {
            Form part = form(generic.getActualTypeArguments()[0]);
            return generic.getRawType() == Optional.class ? optional(part) : list(part);
        }
        Class<?> one = (Class<?>) type;
        if (one == int.class || one == Integer.class) {
            return new Form("int", (to, value) -> to.out.writeInt((Integer) value), from -> from.in.getInt());
        }
        if (one == long.class || one == Long.class) {
            return new Form("long", (to, value) -> to.out.writeLong((Long) value), from -> from.in.getLong());
        }
        if (one == double.class || one == Double.class) {
            return new Form("double", (to, value) -> to.out.writeDouble((Double) value), from -> from.in.getDouble());
        }
        if (one == boolean.class || one == Boolean.class) {
            return new Form("boolean", (to, value) -> to.out.writeBoolean((Boolean) value), from -> from.in.get() != 0);
        }
        if (one.getPackageName().equals(SPECS) || one.isEnum() || one == String.class) {
            return part(one);
        }
        return one.isSealed() ? oneOf(one) : record(one);
    }

    private static Form optional(Form part) {
        return new Form(
                "optional " + part.layout(),
                (to, value) -> {
                    Optional<?> own = (Optional<?>) value;
                    to.out.writeBoolean(own.isPresent());
                    if (own.isPresent()) {
                        part.put().put(to, own.get());
                    }
                },
                from -> from.in.get() == 0
                        ? Optional.empty()
                        : Optional.of(part.take().take(from)));
    }

    private static Form list(Form part) {
        return new Form(
                "list of " + part.layout(),
                (to, value) -> {
                    List<?> own = (List<?>) value;
                    to.out.writeInt(own.size());
                    for (Object one : own) {
                        part.put().put(to, one);
                    }
                },
                from -> {
                    Object[] all = new Object[from.length()];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = part.take().take(from);
                    }
                    return List.of(all);
                });
    }

    private static Form part(Class<?> type) {
        return new Form(
                type.getSimpleName(),
                (to, value) -> {
                    Integer known = to.parts.putIfAbsent(value, to.parts.size());
                    to.out.writeInt(known == null ? to.parts.size() - 1 : known);
                    if (known == null) {
                        byte[] json = Json.canonical(value);
                        to.out.writeInt(json.length);
                        to.out.write(json);
                    }
                },
                from -> {
                    int number = from.in.getInt();
                    if (number == from.parts.size()) {
                        byte[] json = new byte[from.length()];
                        from.in.get(json);
                        from.parts.add(Json.mapper().readValue(json, type));
                    }
                    return from.parts.get(number);
                });
    }

    private static Form record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Form[] forms = new Form[components.length];
        Method[] accessors = new Method[components.length];
        for (int i = 0; i < components.length; i++) {
            forms[i] = form(components[i].getGenericType());
            accessors[i] = components[i].getAccessor();
            accessors[i].setAccessible(true);
        }
        Constructor<?> constructor = constructor(type, components);
        return new Form(
                Arrays.toString(components) + Stream.of(forms).map(Form::layout).toList(),
                (to, value) -> {
                    for (int i = 0; i < forms.length; i++) {
                        forms[i].put().put(to, accessors[i].invoke(value));
                    }
                },
                from -> {
                    Object[] values = new Object[forms.length];
                    for (int i = 0; i < forms.length; i++) {
                        values[i] = forms[i].take().take(from);
                    }
                    return constructor.newInstance(values);
                });
    }

    private static Constructor<?> constructor(Class<?> type, RecordComponent[] components) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(type + " is no record.", impossible);
        }
    }

    /** Returns the form of a sealed interface: the name of the record's class, and the record. */
    private static Form oneOf(Class<?> sealed) {
        Map<String, Form> records = records(sealed)
                .collect(Collectors.toMap(Class::getSimpleName, PackedRecords::form, (a, b) -> a, TreeMap::new));
        Form name = form(String.class);
        return new Form(
                records.entrySet().stream()
                        .map(one -> one.getKey() + one.getValue().layout())
                        .toList()
                        .toString(),
                (to, value) -> {
                    String own = value.getClass().getSimpleName();
                    name.put().put(to, own);
                    Objects.requireNonNull(records.get(own)).put().put(to, value);
                },
                from -> Objects.requireNonNull(records.get((String) name.take().take(from)))
                        .take()
                        .take(from));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(PackedRecords::records);
    }
}
