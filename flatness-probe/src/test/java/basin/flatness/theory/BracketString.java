package basin.flatness.theory;

import java.util.ArrayList;
import java.util.List;

/** A string of ±1, one entry of which may be masked. Immutable; thread-safe. */
final class BracketString {
    /** Largest length, because all 2^T strings are listed. */
    static final int MAX_LENGTH = 12;

    private final double[] entries;
    private final double target;

    private BracketString(double[] entries, double target) {
        this.entries = entries;
        this.target = target;
    }

    /**
     * Returns every string with equally many +1 and −1, with each of its positions masked in turn.
     */
    static List<BracketString> masked(int length) {
        List<BracketString> all = new ArrayList<>();
        for (double[] string : strings(length)) {
            if (sum(string) == 0) {
                for (int place = 0; place < length; place++) {
                    double[] seen = string.clone();
                    seen[place] = 0;
                    all.add(new BracketString(seen, string[place]));
                }
            }
        }
        return all;
    }

    /** Returns every string without a tie. */
    static List<BracketString> unbalanced(int length) {
        List<BracketString> all = new ArrayList<>();
        for (double[] string : strings(length)) {
            if (sum(string) != 0) {
                all.add(new BracketString(string, 0));
            }
        }
        return all;
    }

    private static List<double[]> strings(int length) {
        if (length < 2 || length > MAX_LENGTH || length % 2 != 0) {
            throw new IllegalArgumentException(
                    "length is " + length + ": give an even number from 2 to " + MAX_LENGTH + ".");
        }
        List<double[]> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << length; bits++) {
            double[] string = new double[length];
            for (int t = 0; t < length; t++) {
                string[t] = (bits >> t & 1) == 0 ? 1 : -1;
            }
            all.add(string);
        }
        return all;
    }

    private static double sum(double[] string) {
        double sum = 0;
        for (double entry : string) {
            sum += entry;
        }
        return sum;
    }

    /** Returns the masked entry. */
    double target() {
        return target;
    }

    /** Returns +1 if more brackets open than close, −1 if more close. */
    double majority() {
        return Math.signum(sum(entries));
    }

    double squaredNorm() {
        return times(entries);
    }

    double times(double[] weights) {
        double sum = 0;
        for (int t = 0; t < entries.length; t++) {
            sum += weights[t] * entries[t];
        }
        return sum;
    }
}
