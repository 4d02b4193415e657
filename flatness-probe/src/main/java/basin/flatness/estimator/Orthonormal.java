package basin.flatness.estimator;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * A QR decomposition: orthonormal columns Q that span given columns, and the triangle R with
 * columns = Q·R. Computed by Gram-Schmidt with each column orthogonalised twice ("twice is enough",
 * Kahan and Parlett). Meant for few, long columns.
 */
final class Orthonormal {
    private static final double LEAST = 1e-10;

    private final List<ParameterVector> columns = new ArrayList<>();
    private final List<double[]> triangle = new ArrayList<>();

    private Orthonormal() {}

    /**
     * Decomposes the given columns. Columns that depend on earlier ones, to ten digits, are left
     * out of Q.
     */
    static Orthonormal of(List<? extends Direction> given, Arena memory) {
        Orthonormal made = new Orthonormal();
        for (Direction column : given) {
            ParameterVector rest = ParameterVector.copyOf(column, memory);
            double[] coordinates = new double[given.size()];
            double before = rest.norm();
            for (int round = 0; round < 2; round++) {
                for (int k = 0; k < made.columns.size(); k++) {
                    double along = made.columns.get(k).dot(rest);
                    coordinates[k] += along;
                    rest.add(-along, made.columns.get(k));
                }
            }
            double norm = rest.norm();
            if (norm > LEAST * before) {
                coordinates[made.columns.size()] = norm;
                rest.scale(1 / norm);
                made.columns.add(rest);
            }
            made.triangle.add(coordinates);
        }
        return made;
    }

    /** Returns Q; not to be modified. */
    List<ParameterVector> columns() {
        return columns;
    }

    /** Returns the columns of R; not to be modified. */
    List<double[]> triangle() {
        return triangle;
    }

    /** Returns Q'x. */
    double[] coordinates(Direction x) {
        return columns.stream().mapToDouble(column -> Directions.dot(column, x)).toArray();
    }

    /** Returns x − QQ'x. */
    ParameterVector rest(Direction x, Arena memory) {
        ParameterVector rest = ParameterVector.copyOf(x, memory);
        for (ParameterVector column : columns) {
            rest.add(-column.dot(rest), column);
        }
        return rest;
    }

    /** Returns Σ x_i·y_i of few numbers. */
    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
