package basin.flatness.estimator;

import basin.network.TokenBatch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * Estimates of a batch's tr H that treat a few leading directions exactly and only the remainder by
 * probes. Little probe noise remains if few eigenvalues carry the trace. Implements Hutch++ (Meyer,
 * Musco, Musco and Woodruff, arXiv 2010.09649) and XTrace (Epperly, Tropp and Webber, arXiv
 * 2301.07825). Each of a pair's probes is a complete run of {@value #PRODUCTS} products and
 * unbiased by itself. Over fresh batches the sampling noise remains. Over one repeated data set the
 * interval covers the probe noise, for that data set.
 */
final class Projections {
    /** Products per run; a multiple of six. */
    static final int PRODUCTS = 12;

    private Projections() {}

    /**
     * Returns the Hutch++ estimate. A third of the products finds directions, a third is exact on
     * them, and a third probes the remainder.
     */
    static double split(LossSurface surface, TokenBatch batch, long seed, int pair, int probe) {
        int first = probe * PRODUCTS;
        int third = PRODUCTS / 3;
        try (Arena memory = Arena.ofShared()) {
            Orthonormal found =
                    Orthonormal.of(products(surface, batch, signs(surface, seed, pair, first, third), memory), memory);
            double trace = 0;
            List<ParameterVector> images = products(surface, batch, found.columns(), memory);
            for (int k = 0; k < images.size(); k++) {
                trace += found.columns().get(k).dot(images.get(k));
            }
            List<ParameterVector> rests = signs(surface, seed, pair, first + third, third).stream()
                    .map(signs -> found.rest(signs, memory))
                    .toList();
            List<ParameterVector> moved = products(surface, batch, rests, memory);
            for (int k = 0; k < rests.size(); k++) {
                trace += rests.get(k).dot(moved.get(k)) / third;
            }
            return trace;
        }
    }

    /**
     * Returns the XTrace estimate, which uses each direction twice: each in turn is left out of the
     * found directions and probes the remainder of the others.
     */
    static double exchangeable(LossSurface surface, TokenBatch batch, long seed, int pair, int probe) {
        try (Arena memory = Arena.ofShared()) {
            return exchangeable(surface, batch, signs(surface, seed, pair, probe * PRODUCTS, PRODUCTS / 2), memory);
        }
    }

    private static double exchangeable(LossSurface surface, TokenBatch batch, List<Direction> probes, Arena memory) {
        int half = probes.size();
        List<ParameterVector> images = products(surface, batch, probes, memory);
        Orthonormal found = Orthonormal.of(images, memory);
        int k = found.columns().size();
        List<ParameterVector> moved = products(surface, batch, found.columns(), memory);
        double[][] inner = new double[k][];
        double trace = 0;
        for (int i = 0; i < k; i++) {
            inner[i] = found.coordinates(moved.get(i));
            trace += inner[i][i];
        }
        if (k < half) {
            // The whole matrix lies in the span of the found directions.
            return trace;
        }
        double sum = 0;
        for (int i = 0; i < half; i++) {
            double[] left = leftOut(found.triangle(), i);
            double[] own = found.coordinates(probes.get(i));
            double along = Orthonormal.dot(left, own);
            for (int j = 0; j < k; j++) {
                own[j] -= left[j] * along;
            }
            sum += trace
                    - form(inner, left)
                    + Directions.dot(probes.get(i), images.get(i))
                    - 2 * Orthonormal.dot(own, found.triangle().get(i))
                    + form(inner, own);
        }
        return sum / half;
    }

    /**
     * Returns the unit vector, in the coordinates of Q, that is orthogonal to all columns of R but
     * one: that column of the inverse of R, transposed.
     */
    private static double[] leftOut(List<double[]> triangle, int one) {
        int size = triangle.size();
        double[] x = new double[size];
        // R'x = e by forward substitution, because R' is lower triangular with row j equal to
        // column j of R.
        for (int j = 0; j < size; j++) {
            double sum = j == one ? 1 : 0;
            for (int k = 0; k < j; k++) {
                sum -= triangle.get(j)[k] * x[k];
            }
            x[j] = sum / triangle.get(j)[j];
        }
        double norm = Math.sqrt(Orthonormal.dot(x, x));
        for (int j = 0; j < size; j++) {
            x[j] /= norm;
        }
        return x;
    }

    private static double form(double[][] matrix, double[] x) {
        double form = 0;
        for (int i = 0; i < x.length; i++) {
            form += x[i] * Orthonormal.dot(matrix[i], x);
        }
        return form;
    }

    private static List<Direction> signs(LossSurface surface, long seed, int pair, int first, int number) {
        List<Direction> signs = new ArrayList<>();
        for (int k = 0; k < number; k++) {
            signs.add(ProbeSampler.signs(seed, pair, first + k, surface.parameters()));
        }
        return signs;
    }

    private static List<ParameterVector> products(
            LossSurface surface, TokenBatch batch, List<? extends Direction> directions, Arena memory) {
        return directions.isEmpty()
                ? List.of()
                : surface.products(batch, directions, memory).stream()
                        .map(CurvatureProduct::hessianProduct)
                        .toList();
    }
}
