package basin.it.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One golden result: a name composed of spec values, and its numbers.
 *
 * @param kind determines how the numbers are compared
 * @param tests number of test examples behind an accuracy; 0 for the other kinds
 */
record Line(String key, Kind kind, int tests, List<Double> numbers) {
    /** Tolerances: first on the profile that wrote the numbers, then on another. */
    enum Kind {
        /** Counts and other results without a network: the same bits on every profile. */
        EXACT,
        /**
         * Losses, norms of weights, ceilings: the same bits, and 1e-3 of the largest number of the
         * line.
         */
        LOSS,
        /** Accuracies: the same bits, and 4 test examples. */
        ACCURACY,
        /**
         * Flatness: 1e-5 of the largest number of the line, and 1e-3 of it; 1e-9 nats if that is
         * more, for values that are zero except for rounding.
         */
        TRACE,
        /**
         * Flatness by differences of losses or scores, which magnify rounding: 1e-5 of the largest
         * number, and 5e-2 of it.
         */
        DIFFERENCE
    }

    private static final double SAME_TRACE = 1e-5;
    static final double ROUNDING = 1e-9;
    private static final double OTHER_PROFILE = 1e-3;
    private static final double OTHER_DIFFERENCE = 5e-2;
    private static final int OTHER_EXAMPLES = 4;
    private static final String UNDER = " | ";

    Line {
        numbers = List.copyOf(numbers);
    }

    static Line of(String key, Kind kind, double... numbers) {
        return new Line(key, kind, 0, Arrays.stream(numbers).boxed().toList());
    }

    static Line accuracy(String key, int tests, List<Double> accuracies) {
        return new Line(key, Kind.ACCURACY, tests, accuracies);
    }

    /** Returns this line with a prefix to its name. */
    Line under(String prefix) {
        return new Line(prefix + UNDER + key, kind, tests, numbers);
    }

    /** Returns whether the name has this prefix. */
    boolean isUnder(String prefix) {
        return key.startsWith(prefix + UNDER);
    }

    /**
     * Returns the line of a golden file, with doubles in the shortest form that parses to the same
     * bits.
     */
    String text() {
        return key + "\t" + kind + (tests > 0 ? "/" + tests : "") + "\t"
                + numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    static Line read(String text) {
        String[] parts = text.split("\t", -1);
        String[] kind = parts[1].split("/", -1);
        List<Double> numbers = new ArrayList<>();
        for (String number : parts[2].split(" ", -1)) {
            if (!number.isEmpty()) {
                numbers.add(Double.valueOf(number));
            }
        }
        return new Line(parts[0], Kind.valueOf(kind[0]), kind.length > 1 ? Integer.parseInt(kind[1]) : 0, numbers);
    }

    /**
     * Returns whether another line has the same name and numbers, within the kind's tolerance.
     *
     * @param sameProfile whether both were computed on one numeric profile
     */
    boolean agrees(Line other, boolean sameProfile) {
        if (!key.equals(other.key)
                || kind != other.kind
                || tests != other.tests
                || numbers.size() != other.numbers.size()) {
            return false;
        }
        double largest = numbers.stream().mapToDouble(Math::abs).max().orElse(0);
        double allowed = switch (kind) {
            case EXACT -> 0;
            case LOSS -> sameProfile ? 0 : OTHER_PROFILE * largest;
            case ACCURACY -> sameProfile ? 0 : (double) OTHER_EXAMPLES / tests;
            case TRACE -> Math.max(ROUNDING, (sameProfile ? SAME_TRACE : OTHER_PROFILE) * largest);
            case DIFFERENCE -> Math.max(ROUNDING, (sameProfile ? SAME_TRACE : OTHER_DIFFERENCE) * largest);
        };
        for (int i = 0; i < numbers.size(); i++) {
            double difference = Math.abs(numbers.get(i) - other.numbers.get(i));
            if (allowed == 0 ? !numbers.get(i).equals(other.numbers.get(i)) : !(difference <= allowed)) {
                return false;
            }
        }
        return true;
    }
}
