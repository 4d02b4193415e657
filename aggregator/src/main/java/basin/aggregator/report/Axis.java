package basin.aggregator.report;

import basin.aggregator.present.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis of a figure, which maps values to coordinates.
 *
 * @param low smallest value shown
 * @param high largest value shown, above {@code low}
 * @param logarithmic whether the scale is logarithmic; {@code low} is then positive
 * @param from coordinate of {@code low}
 * @param to coordinate of {@code high}; less than {@code from} if the axis is reversed
 */
record Axis(double low, double high, boolean logarithmic, double from, double to) {
    private static final int MAX_TICKS = 6;

    /** Creates an axis that covers the values with a small margin. */
    static Axis around(List<Double> values, boolean logarithmic, double from, double to) {
        List<Double> usable = values.stream()
                .filter(value -> Double.isFinite(value) && (!logarithmic || value > 0))
                .toList();
        double min = usable.stream().mapToDouble(value -> value).min().orElse(logarithmic ? 1 : 0);
        double max = usable.stream().mapToDouble(value -> value).max().orElse(logarithmic ? 10 : 1);
        if (logarithmic) {
            double room = max > min ? Math.pow(max / min, 0.06) : 1.2;
            return new Axis(min / room, max * room, true, from, to);
        }
        double room = max > min ? 0.06 * (max - min) : Math.max(0.1, Math.abs(max) * 0.1);
        return new Axis(min - room, max + room, false, from, to);
    }

    /** Returns the coordinate of a value, clamped to the axis. */
    double place(double value) {
        double share = logarithmic
                ? (Math.log(Math.max(value, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))
                : (value - low) / (high - low);
        return from + Math.clamp(share, 0, 1) * (to - from);
    }

    /** Returns round values on the axis, between two and about a dozen. */
    List<Double> ticks() {
        if (logarithmic) {
            for (double[] mantissas : new double[][] {{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9}}) {
                List<Double> ticks = new ArrayList<>();
                for (int decade = (int) Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
                    for (double mantissa : mantissas) {
                        double value = mantissa * Math.pow(10, decade);
                        if (value >= low && value <= high) {
                            ticks.add(value);
                        }
                    }
                }
                if (ticks.size() >= 3) {
                    return ticks;
                }
            }
        }
        double rough = (high - low) / MAX_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = rough / power <= 1
                ? power
                : rough / power <= 2 ? 2 * power : rough / power <= 5 ? 5 * power : 10 * power;
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Returns the label of a tick. */
    static String label(double value) {
        return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6 ? Numbers.plain(value) : Numbers.significant(value, 6);
    }
}
