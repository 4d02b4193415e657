package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * A QR decomposition: orthonormal columns Q that span given columns, and the triangle R with
 * columns = Q·R. Computed by Gram-Schmidt with each column orthogonalised twice ("twice is enough",
 * Kahan and Parlett). Meant for few, long columns.
 */
final class Orthonormal {
    private static final double LEAST = 1e-10;

    private final List<double[]> columns = new ArrayList<>();
    private final List<double[]> triangle = new ArrayList<>();

    private Orthonormal() {}

    /**
     * Decomposes the given columns. Columns that depend on earlier ones, to ten digits, are left
     * out of Q.
     */
    static Orthonormal of(List<double[]> given) {
        Orthonormal made = new Orthonormal();
        for (double[] column : given) {
            double[] rest = column.clone();
            double[] coordinates = new double[given.size()];
            double before = FastMath.sqrt(dot(rest, rest));
            for (int round = 0; round < 2; round++) {
                for (int k = 0; k < made.columns.size(); k++) {
                    double along = dot(made.columns.get(k), rest);
                    coordinates[k] += along;
                    add(rest, -along, made.columns.get(k));
                }
            }
            double norm = FastMath.sqrt(dot(rest, rest));
            if (norm > LEAST * before) {
                coordinates[made.columns.size()] = norm;
                for (int i = 0; i < rest.length; i++) {
                    rest[i] /= norm;
                }
                made.columns.add(rest);
            }
            made.triangle.add(coordinates);
        }
        return made;
    }

    /** Returns Q; not to be modified. */
    List<double[]> columns() {
        return columns;
    }

    /** Returns the columns of R; not to be modified. */
    List<double[]> triangle() {
        return triangle;
    }

    /** Returns Q'x. */
    double[] coordinates(double[] x) {
        return columns.stream().mapToDouble(column -> dot(column, x)).toArray();
    }

    /** Returns x − QQ'x. */
    double[] rest(double[] x) {
        double[] rest = x.clone();
        for (double[] column : columns) {
            add(rest, -dot(column, rest), column);
        }
        return rest;
    }

    static double dot(double[] x, double[] y) {
        return dot(x, y, 0, x.length);
    }

    /** Returns Σ x_i·y_i over indices {@code from} to {@code to}, exclusive. */
    static double dot(double[] x, double[] y, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }
}
