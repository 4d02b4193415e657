package basin.aggregator.view;

import java.util.Optional;
import java.util.function.Function;

/**
 * A column of a table of results. Immutable.
 *
 * @param <R> type of the objects that the rows describe
 * @param unit unit of the values; empty if they have none
 * @param about what the value is, without a full stop
 * @param absent when there is no value, without a full stop; empty if there always is one
 * @param value function that returns a row's value: a text, a number or a truth value
 */
public record DataColumn<R>(
        String name, Type type, String unit, String about, String absent, Function<R, Optional<?>> value) {
    /** The type of a column's values, the same in CSV and Arrow. */
    public enum Type {
        /** Text in UTF-8. */
        TEXT,
        /** A number in double precision, not rounded. */
        REAL,
        /** A whole number of 64 bits. */
        WHOLE,
        /** {@code true} or {@code false}. */
        FLAG
    }

    /**
     * Returns a column that always has a value.
     *
     * @param value function that returns a value, or an optional one. An empty text is no value
     */
    static <R> DataColumn<R> of(String name, Type type, String unit, String about, Function<R, ?> value) {
        return new DataColumn<>(name, type, unit, about, "", row -> {
            Object own = value.apply(row);
            Optional<?> some = own instanceof Optional<?> optional ? optional : Optional.of(own);
            return some.filter(one -> !one.equals(""));
        });
    }

    /** Returns the same column with the condition under which it has no value. */
    DataColumn<R> absent(String when) {
        return new DataColumn<>(name, type, unit, about, when, value);
    }
}
