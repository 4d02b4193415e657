package basin.network;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Rotary positions of queries and keys: dimensions i and i + n of a head, n being the number of
 * frequencies, are turned by the angle of frequency i times the position. Further dimensions stay
 * as they are. Immutable; thread-safe.
 *
 * @param frequencies radians per position of each pair of dimensions
 * @param scale factor on cosines and sines
 */
public record Rotary(List<Double> frequencies, double scale) {
    public Rotary {
        frequencies = List.copyOf(frequencies);
    }

    /**
     * Returns unscaled positions.
     *
     * @param dimensions number of dimensions that are turned; even
     */
    public static Rotary of(double theta, int dimensions) {
        return new Rotary(
                IntStream.range(0, dimensions / 2)
                        .mapToObj(i -> Math.pow(theta, -2.0 * i / dimensions))
                        .toList(),
                1);
    }

    private Rotary scaled(IntToDoubleFunction factor, double tables) {
        return new Rotary(
                IntStream.range(0, frequencies.size())
                        .mapToObj(i -> frequencies.get(i) * factor.applyAsDouble(i))
                        .toList(),
                tables);
    }

    /** Returns positions that count as fewer by a factor. */
    public Rotary linear(double factor) {
        return scaled(i -> 1 / factor, scale);
    }

    /**
     * Returns positions scaled as in Llama 3: long wavelengths by the factor, short ones not at
     * all, those in between by an interpolation.
     *
     * @param low pre-training length in wavelengths, at and below which a frequency is scaled
     * @param high pre-training length in wavelengths, at and above which it is not
     * @param original pre-training length in tokens
     */
    public Rotary llama3(double factor, double low, double high, double original) {
        return scaled(
                i -> {
                    double turns = original * frequencies.get(i) / (2 * Math.PI);
                    double kept = Math.clamp((turns - low) / (high - low), 0, 1);
                    return (1 - kept) / factor + kept;
                },
                scale);
    }

    /**
     * Returns positions scaled by YaRN (arXiv 2309.00071): between the dimensions of {@code fast}
     * and {@code slow} turns over the pre-training length, scaling sets in linearly.
     *
     * @param original pre-training length in tokens
     * @param whole whether the bounds are widened to whole dimensions
     * @param tables factor on cosines and sines
     */
    public Rotary yarn(
            double theta, double factor, double fast, double slow, double original, boolean whole, double tables) {
        int dimensions = 2 * frequencies.size();
        double from = dimension(theta, fast, original, dimensions);
        double to = dimension(theta, slow, original, dimensions);
        double low = Math.max(whole ? Math.floor(from) : from, 0);
        double bound = Math.min(whole ? Math.ceil(to) : to, dimensions - 1.0);
        double high = bound == low ? low + 0.001 : bound;
        return scaled(
                i -> {
                    double share = Math.clamp((i - low) / (high - low), 0, 1);
                    return share / factor + 1 - share;
                },
                tables);
    }

    /** Returns the dimension that makes a number of turns over a length. */
    private static double dimension(double theta, double turns, double length, int dimensions) {
        return dimensions * Math.log(length / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
