package basin.study;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reflective construction of records from values by component name, and copies of records with some
 * values replaced. Thread-safe.
 */
public final class Records {
    private Records() {}

    /**
     * Returns a copy with other values of the named components.
     *
     * @throws Refusal if the record's constructor refuses the values
     * @throws IllegalArgumentException if the record has no component of such a name
     */
    public static <R extends Record> R with(R record, Map<String, ?> others) {
        Map<String, Object> values = values(record);
        others.forEach((name, value) -> {
            if (values.put(name, value) == null) {
                throw new IllegalArgumentException(record.getClass() + " has no component " + name);
            }
        });
        @SuppressWarnings("unchecked") // The class of a record has no subclasses.
        Class<R> type = (Class<R>) record.getClass();
        return of(type, values);
    }

    /** Returns the values of all components, in the order of their declaration. */
    static Map<String, Object> values(Record record) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                values.put(component.getName(), component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("A record's components can be read: " + record, e);
            }
        }
        return values;
    }

    /**
     * Returns a record of these values. Components without a value must be of type {@link Optional}
     * and become empty.
     *
     * @throws Refusal if the record's constructor refuses the values
     */
    public static <R> R of(Class<R> type, Map<String, ?> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] arguments = Arrays.stream(components)
                .map(one -> values.containsKey(one.getName()) ? values.get(one.getName()) : Optional.empty())
                .toArray();
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A record has its canonical constructor: " + type, e);
        }
    }
}
