package basin.flatness.estimator;

import ai.djl.ndarray.types.DataType;
import basin.network.Network;
import basin.network.Parameter;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Vectors and probes as arrays, for networks so small that all numbers can be looked at. */
final class Vectors {
    private Vectors() {}

    /** Returns a network's surface around weights, on one thread. */
    static NetworkSurface surface(Network network, double[] theta, DataType dtype) {
        return NetworkSurface.of(network, ParameterSource.of(theta), dtype, Workers.alone());
    }

    static ParameterVector of(double... numbers) {
        ParameterVector vector = ParameterVector.zeros(numbers.length, Arena.ofAuto());
        vector.add(0, numbers, numbers.length, 1);
        return vector;
    }

    static double[] array(Direction direction) {
        double[] numbers = new double[direction.size()];
        direction.read((from, piece, count) -> System.arraycopy(piece, 0, numbers, from, count));
        return numbers;
    }

    static ParameterVector unit(int size, int index) {
        double[] unit = new double[size];
        unit[index] = 1;
        return of(unit);
    }

    static List<ParameterVector> units(int size) {
        List<ParameterVector> units = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            units.add(unit(size, i));
        }
        return units;
    }

    static List<CurvatureProduct> products(LossSurface surface, TokenBatch batch, Direction... directions) {
        return surface.products(batch, List.of(directions), Arena.ofAuto());
    }

    /** Returns all second derivatives of a batch's loss. */
    static double[][] hessian(LossSurface surface, TokenBatch batch) {
        return surface.products(batch, units(surface.parameters()), Arena.ofAuto()).stream()
                .map(product -> array(product.hessianProduct()))
                .toArray(double[][]::new);
    }

    static double[] gradient(LossSurface surface, TokenBatch batch) {
        return array(surface.gradient(batch, Arena.ofAuto()));
    }

    static double squaredNorm(double[] x) {
        return Arrays.stream(x).map(entry -> entry * entry).sum();
    }

    /** Returns ‖x‖² over one tensor's entries. */
    static double squaredNorm(double[] x, Parameter tensor) {
        return squaredNorm(Arrays.copyOfRange(x, tensor.offset(), tensor.end()));
    }

    /**
     * Returns a probe's row in place of the label.
     *
     * @param target the example's target, as long as the prediction
     */
    static double[] row(OutputProbe probe, int example, int place, double[] prediction, double[] target) {
        double[] row = new double[prediction.length];
        switch (probe) {
            case OutputProbe.Labels labels -> row[label(prediction, labels.uniform(example, place))] = 1;
            case OutputProbe.Signs signs -> {
                RandomGenerator random = signs.bits(example, place);
                long bits = 0;
                for (int y = 0; y < row.length; y++) {
                    bits = y % Long.SIZE == 0 ? random.nextLong() : bits >>> 1;
                    double root = Math.sqrt(signs.ofTargets() ? target[y] : prediction[y]);
                    row[y] = (bits & 1) == 0 ? -root : root;
                }
            }
        }
        return row;
    }

    private static int label(double[] prediction, double uniform) {
        double cumulative = 0;
        int last = 0;
        for (int word = 0; word < prediction.length; word++) {
            if (prediction[word] > 0) {
                cumulative += prediction[word];
                last = word;
                if (cumulative > uniform) {
                    return word;
                }
            }
        }
        return last;
    }
}
