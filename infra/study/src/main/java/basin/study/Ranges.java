package basin.study;

/**
 * Checks of an event's numbers and names. Each throws a {@link Refusal} of one sentence.
 * Thread-safe.
 */
public final class Ranges {
    private static final int LONGEST_NAME = 128;

    private Ranges() {}

    /** Refuses a whole number below {@code min}. */
    public static void atLeast(long min, String field, long value) {
        if (value < min) {
            throw new Refusal(field + " is " + value + ": give a whole number of at least " + min + ".");
        }
    }

    /** Refuses an infinite number and NaN. */
    public static void finite(String field, double value) {
        Checks.require(Double.isFinite(value), field, value, "give a finite number");
    }

    /** Refuses a negative or infinite number and NaN. */
    public static void notNegative(String field, double value) {
        Checks.require(value >= 0 && Double.isFinite(value), field, value, "give a finite number of at least 0");
    }

    /** Refuses a number outside [0, 1] and NaN. */
    public static void share(String field, double value) {
        Checks.require(value >= 0 && value <= 1, field, value, "give a number from 0 to 1");
    }

    /** Refuses a text that cannot be the id of a study or run. */
    public static void id(String field, String value) {
        boolean good = !value.isEmpty() && value.length() <= LONGEST_NAME;
        for (int i = 0; good && i < value.length(); i++) {
            char letter = value.charAt(i);
            good = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9')
                    || "._+-".indexOf(letter) >= 0;
        }
        if (!good) {
            throw new Refusal(field + " is '" + value.substring(0, Math.min(value.length(), LONGEST_NAME))
                    + "': give 1 to " + LONGEST_NAME + " letters, digits, dots, dashes, plus signs or underscores.");
        }
    }
}
