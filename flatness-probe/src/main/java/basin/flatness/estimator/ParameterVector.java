package basin.flatness.estimator;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A direction whose numbers are stored in float64, outside the Java heap. It lives as long as the
 * arena in which it was made. Not thread-safe while it is changed.
 */
public final class ParameterVector implements Direction {
    private final MemorySegment numbers;
    private final int size;

    private ParameterVector(MemorySegment numbers, int size) {
        this.numbers = numbers;
        this.size = size;
    }

    /** Returns a vector of zeros. */
    public static ParameterVector zeros(int size, Arena memory) {
        return new ParameterVector(memory.allocate(ValueLayout.JAVA_DOUBLE, size), size);
    }

    /** Returns a copy of a direction. */
    static ParameterVector copyOf(Direction direction, Arena memory) {
        ParameterVector copy = zeros(direction.size(), memory);
        direction.read((from, piece, count) -> copy.add(from, piece, count, 1));
        return copy;
    }

    @Override
    public int size() {
        return size;
    }

    /** Returns a number by its index. */
    public double get(int index) {
        return numbers.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    }

    @Override
    public Reader reader() {
        int[] at = new int[1];
        return (into, count) -> {
            MemorySegment.copy(numbers, ValueLayout.JAVA_DOUBLE, (long) Double.BYTES * at[0], into, 0, count);
            at[0] += count;
        };
    }

    /** Adds a multiple of some numbers to those from an index on. */
    void add(int from, double[] what, int count, double factor) {
        for (int i = 0; i < count; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, from + i, get(from + i) + factor * what[i]);
        }
    }

    /** Adds a multiple of another vector. */
    void add(double factor, ParameterVector other) {
        for (int i = 0; i < size; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, i, get(i) + factor * other.get(i));
        }
    }

    /** Multiplies every number by a factor. */
    void scale(double factor) {
        for (int i = 0; i < size; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, i, factor * get(i));
        }
    }

    /** Returns Σ x_i·y_i. */
    double dot(ParameterVector other) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += get(i) * other.get(i);
        }
        return sum;
    }

    /** Returns the Euclidean norm. */
    double norm() {
        return Math.sqrt(dot(this));
    }
}
