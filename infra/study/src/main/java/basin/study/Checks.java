package basin.study;

import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Checks of a spec's fields. Each throws a {@link Refusal} with the field, its value and the fix.
 */
final class Checks {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,39}");

    private Checks() {}

    /** Refuses {@code field} unless {@code holds}. */
    static void require(boolean holds, String field, Object value, String fix) {
        if (!holds) {
            throw new Refusal(field + " is " + value + ": " + fix + ".");
        }
    }

    /**
     * Refuses {@code field} unless {@code holds}. Value and fix are put into words only then,
     * because an event holds several specs.
     */
    static void require(boolean holds, String field, Supplier<?> value, Supplier<String> fix) {
        if (!holds) {
            require(false, field, value.get(), fix.get());
        }
    }

    static void within(long min, long max, String field, long value) {
        require(
                value >= min && value <= max,
                field,
                () -> value,
                () -> "give a whole number from " + min + " to " + max);
    }

    static void within(double min, double max, String field, double value) {
        require(value >= min && value <= max, field, () -> value, () -> "give a number from " + min + " to " + max);
    }

    static void positive(String field, double value) {
        require(value > 0 && Double.isFinite(value), field, value, "give a number above 0");
    }

    static void identifier(String field, String value) {
        require(
                IDENTIFIER.matcher(value).matches(),
                field,
                () -> "'" + value + "'",
                () -> "give 1 to 40 letters, digits, dots, dashes, plus signs or underscores, a letter or digit first");
    }

    static void sha256(String field, String value) {
        require(
                value.matches("[0-9a-f]{64}"),
                field,
                "'" + value + "'",
                "give the 64 hexadecimal digits that sha256sum prints, or a study file that names the file");
    }
}
