package basin.flatness.estimator;

import basin.network.Parameter;
import java.util.List;

/** Operations on directions in parameter space. They add up in float64, in order. */
final class Directions {
    private Directions() {}

    /** Returns the elementwise product of a direction and |θ|. */
    static Direction scaled(Direction direction, Direction theta) {
        return new Direction() {
            @Override
            public int size() {
                return direction.size();
            }

            @Override
            public Reader reader() {
                Reader numbers = direction.reader();
                Reader weights = theta.reader();
                double[] weight = new double[Math.min(PIECE, size())];
                return (into, count) -> {
                    numbers.next(into, count);
                    weights.next(weight, count);
                    for (int i = 0; i < count; i++) {
                        into[i] *= Math.abs(weight[i]);
                    }
                };
            }
        };
    }

    /** Returns ‖x‖². */
    static double squaredNorm(Direction x) {
        double[] sum = new double[1];
        x.read((from, numbers, count) -> {
            for (int i = 0; i < count; i++) {
                sum[0] += numbers[i] * numbers[i];
            }
        });
        return sum[0];
    }

    /** Returns ‖x‖² over each tensor's entries; the tensors are in order and without gaps. */
    static double[] squaredNorms(Direction x, List<Parameter> tensors) {
        return dots(x, x, tensors);
    }

    /** Returns Σ x_i·y_i. */
    static double dot(Direction x, Direction y) {
        double[] sum = new double[1];
        Direction.Reader other = y.reader();
        double[] others = new double[Math.min(Direction.PIECE, y.size())];
        x.read((from, numbers, count) -> {
            other.next(others, count);
            for (int i = 0; i < count; i++) {
                sum[0] += numbers[i] * others[i];
            }
        });
        return sum[0];
    }

    /**
     * Returns Σ x_i·y_i over each tensor's entries; the tensors are in order and without gaps.
     */
    static double[] dots(Direction x, Direction y, List<Parameter> tensors) {
        double[] sums = new double[tensors.size()];
        int[] tensor = new int[1];
        Direction.Reader other = y.reader();
        double[] others = new double[Math.min(Direction.PIECE, y.size())];
        x.read((from, numbers, count) -> {
            other.next(others, count);
            int i = 0;
            while (i < count) {
                int end = Math.min(count, tensors.get(tensor[0]).end() - from);
                for (; i < end; i++) {
                    sums[tensor[0]] += numbers[i] * others[i];
                }
                if (i < count || from + count == tensors.get(tensor[0]).end()) {
                    tensor[0]++;
                }
            }
        });
        return sums;
    }
}
