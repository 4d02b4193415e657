package basin.language;

import java.util.Arrays;

/**
 * The sum over all chains of unary rules: C = I + U + U^2 + ... = (I - U)^-1, where U[A][B] is the
 * probability of the rule A -> B. The inverse sums cycles exactly. Rows are stored sparsely; those
 * of symbols without a unary rule equal the identity's and are omitted.
 */
final class UnaryClosure {
    private final int[] parents;
    private final int[][] children;
    private final double[][] weights;

    private UnaryClosure(int[] parents, int[][] children, double[][] weights) {
        this.parents = parents;
        this.children = children;
        this.weights = weights;
    }

    /**
     * Returns the closure of a matrix of unary rules. Every symbol must be productive, so that I -
     * U is a non-singular M-matrix and needs no pivoting.
     */
    static UnaryClosure of(double[][] unary) {
        int[] parents = new int[unary.length];
        int count = 0;
        for (int symbol = 0; symbol < unary.length; symbol++) {
            if (Arrays.stream(unary[symbol]).anyMatch(p -> p > 0)) {
                parents[count++] = symbol;
            }
        }
        parents = Arrays.copyOf(parents, count);
        double[][] inverse = inverse(unary, parents);
        int[][] children = new int[count][];
        double[][] weights = new double[count][];
        for (int row = 0; row < count; row++) {
            double[] dense = row(unary, parents, inverse[row]);
            children[row] = java.util.stream.IntStream.range(0, dense.length)
                    .filter(column -> dense[column] != 0)
                    .toArray();
            weights[row] = Arrays.stream(children[row])
                    .mapToDouble(column -> dense[column])
                    .toArray();
        }
        return new UnaryClosure(parents, children, weights);
    }

    /**
     * Sums the values over the chains that start at each symbol: to = C from, within one cell of a
     * chart.
     */
    void upwards(double[] from, double[] to, int cell, int symbols) {
        System.arraycopy(from, cell, to, cell, symbols);
        for (int row = 0; row < parents.length; row++) {
            double sum = 0;
            for (int k = 0; k < children[row].length; k++) {
                sum += weights[row][k] * from[cell + children[row][k]];
            }
            to[cell + parents[row]] = sum;
        }
    }

    /**
     * Sums the values over the chains that end at each symbol: to = C' from, within one cell of a
     * chart.
     */
    void downwards(double[] from, double[] to, int cell, int symbols) {
        System.arraycopy(from, cell, to, cell, symbols);
        for (int row = 0; row < parents.length; row++) {
            double value = from[cell + parents[row]];
            if (value != 0) {
                for (int k = 0; k < children[row].length; k++) {
                    boolean itself = children[row][k] == parents[row];
                    to[cell + children[row][k]] += (itself ? weights[row][k] - 1 : weights[row][k]) * value;
                }
            }
        }
    }

    /**
     * Returns the full row of C. With P the symbols that have unary rules, C[P][.] = (I -
     * U[P][P])^-1 (I[P][.] + U off P).
     */
    private static double[] row(double[][] unary, int[] parents, double[] inverse) {
        double[] dense = new double[unary.length];
        boolean[] isParent = new boolean[unary.length];
        for (int k = 0; k < parents.length; k++) {
            isParent[parents[k]] = true;
            dense[parents[k]] = inverse[k];
        }
        for (int k = 0; k < parents.length; k++) {
            for (int column = 0; column < unary.length; column++) {
                if (!isParent[column]) {
                    dense[column] += inverse[k] * unary[parents[k]][column];
                }
            }
        }
        return dense;
    }

    /** Returns the Gauss-Jordan inverse of I - U restricted to {@code parents}. */
    private static double[][] inverse(double[][] unary, int[] parents) {
        int size = parents.length;
        double[][] matrix = new double[size][2 * size];
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                matrix[row][column] = (row == column ? 1 : 0) - unary[parents[row]][parents[column]];
            }
            matrix[row][size + row] = 1;
        }
        for (int k = 0; k < size; k++) {
            double pivot = matrix[k][k];
            for (int column = 0; column < 2 * size; column++) {
                matrix[k][column] /= pivot;
            }
            for (int row = 0; row < size; row++) {
                double factor = matrix[row][k];
                if (row != k && factor != 0) {
                    for (int column = 0; column < 2 * size; column++) {
                        matrix[row][column] -= factor * matrix[k][column];
                    }
                }
            }
        }
        double[][] inverse = new double[size][];
        for (int row = 0; row < size; row++) {
            inverse[row] = Arrays.copyOfRange(matrix[row], size, 2 * size);
        }
        return inverse;
    }
}
