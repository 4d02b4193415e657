package basin.aggregator.present;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * Numbers formatted for readers, with U+2212 as minus sign. Estimates have as many digits as their
 * error warrants, correlations two decimals, p-values two significant digits. Files for programs
 * contain unrounded numbers instead. Pure functions.
 */
public final class Numbers {
    private static final int MAX_DECIMALS = 8;
    private static final double MIN_P = 0.001;
    /** Leading digits of an error below which {@link #rounded} keeps the second. */
    private static final double SECOND_DIGIT = 1.95;
    /** Leading digits of an error below which {@link #plusMinus} keeps the second. */
    private static final double TWO_DIGITS = 3.55;

    private Numbers() {}

    /** Returns an integer with thousands separators. */
    public static String count(long value) {
        return minus(String.format(Locale.ROOT, "%,d", value));
    }

    /** Returns a number with three significant digits. */
    public static String plain(double value) {
        return significant(value, 3);
    }

    /** Returns a number with at most the given number of significant digits, as for tick labels. */
    public static String significant(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 1e6 || size < 1e-4) {
            return minus(String.format(Locale.ROOT, "%." + (digits - 1) + "e", new BigDecimal(value))
                    .replaceFirst("e\\+0*", "e")
                    .replaceFirst("e-0*", "e-"));
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        return size >= 1000
                ? count(rounded.longValue())
                : minus(rounded.stripTrailingZeros().toPlainString());
    }

    /** Returns a number with the given number of decimals, never as negative zero. */
    public static String fixed(double value, int decimals) {
        BigDecimal rounded = new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP);
        return minus(rounded.signum() == 0 ? rounded.abs().toPlainString() : rounded.toPlainString());
    }

    /**
     * Returns a value with as many digits as its error warrants: the last digit is the error's
     * first significant one, or its second if the first is 1.
     */
    public static String rounded(double value, double error) {
        return error > 0 ? rounded(value, error, SECOND_DIGIT) : plain(value);
    }

    private static String rounded(double value, double error, double twoDigitsBelow) {
        int power = (int) Math.floor(Math.log10(error));
        int decimals = -power + (error / Math.pow(10, power) < twoDigitsBelow ? 1 : 0);
        if (decimals > 0) {
            return fixed(value, Math.min(decimals, MAX_DECIMALS));
        }
        double unit = Math.pow(10, -decimals);
        return count(Math.round(Math.round(value / unit) * unit));
    }

    /**
     * Returns a value and its standard error, as in {@code 1,660 ± 280}. The error has two digits
     * if they are at most 35 and otherwise one, the value as many decimals as its error.
     */
    public static String plusMinus(double value, double error) {
        return error > 0 ? toError(value, error) + " ± " + toError(error, error) : plain(value);
    }

    /** Returns a number with the decimals of {@link #plusMinus}. */
    public static String toError(double value, double error) {
        return error > 0 && Double.isFinite(error) ? rounded(value, error, TWO_DIGITS) : plain(value);
    }

    /** Returns an estimate with its interval, as in {@code 0.612 [0.598, 0.626]}. */
    public static String estimate(double value, double error, double low, double high) {
        return error > 0
                ? rounded(value, error) + " " + brackets(rounded(low, error), rounded(high, error))
                : plain(value);
    }

    /** Returns a difference, rounded by its error, with a plus sign if it is positive. */
    public static String difference(double value, double error) {
        String text = rounded(value, error);
        return text.startsWith("−") || text.matches("[0.]+") ? text : "+" + text;
    }

    /** Returns a correlation, or a difference of two. */
    public static String correlation(double value) {
        return fixed(value, 2);
    }

    /** Returns the interval of a correlation. */
    public static String correlations(double low, double high) {
        return brackets(correlation(low), correlation(high));
    }

    /** Returns an interval with formatted ends. */
    public static String brackets(String low, String high) {
        return "[" + low + ", " + high + "]";
    }

    /** Returns a p-value, as in {@code 0.030} and {@code < 0.001}. */
    public static String probability(double p) {
        if (p < MIN_P) {
            return "< 0.001";
        }
        BigDecimal rounded = new BigDecimal(p).round(new MathContext(2, RoundingMode.HALF_UP));
        return (rounded.precision() < 2 ? rounded.setScale(rounded.scale() + 1) : rounded).toPlainString();
    }

    /** Returns a named p-value, as in {@code p = 0.030} and {@code p < 0.001}. */
    public static String named(String name, double p) {
        return name + (p < MIN_P ? " " : " = ") + probability(p);
    }

    /** Returns a share in percent, as in {@code 95 %}. */
    public static String percent(double share) {
        return plain(100 * share) + " %";
    }

    /** Returns a loss level with two decimals, or all its decimals if it has more. */
    public static String level(double level) {
        String text = String.format(Locale.ROOT, "%.2f", level);
        return Double.parseDouble(text) == level ? text : String.valueOf(level);
    }

    /** Returns a duration, as in {@code 3 min 20 s}. */
    public static String time(Duration time) {
        long seconds = Math.max(0, Math.round(time.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds < 72 * 3600
                ? seconds / 3600 + " h " + seconds % 3600 / 60 + " min"
                : count(Math.round(seconds / 86_400.0)) + " days";
    }

    /** Returns a number of bytes, rounded up, as in {@code 12 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return Math.ceilDiv(bytes, 1000) + " kB";
        }
        return bytes < 1_000_000_000
                ? Math.ceilDiv(bytes, 1_000_000L) + " MB"
                : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    /** Returns a rounded count, as in {@code 1.2 million}. */
    public static String about(long count) {
        if (count < 1_000_000) {
            return count(count);
        }
        return count < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f million", count / 1e6)
                : String.format(Locale.ROOT, "%.1f billion", count / 1e9);
    }

    /** Returns a count and its noun, as in {@code 1 run} and {@code 12 runs}. */
    public static String plural(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String minus(String text) {
        return text.replace('-', '−');
    }
}
