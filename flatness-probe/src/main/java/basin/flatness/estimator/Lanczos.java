package basin.flatness.estimator;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.util.FastMath;

/**
 * The Lanczos method with full reorthogonalisation. From matrix-vector products alone it yields the
 * eigenvalues at both ends of a symmetric matrix's spectrum, each with an error bound. It also
 * yields the nodes and weights of the Gauss quadrature of the spectral density weighted by the
 * start vector (Golub and Meurant, Matrices, Moments and Quadrature with Applications, 2010,
 * chapter 6).
 *
 * <p>All arithmetic is float64. Every new vector is orthogonalised twice against all previous ones,
 * because one pass leaves its own rounding errors (Parlett, The Symmetric Eigenvalue Problem, 1998,
 * section 6.9). So rounding does not duplicate eigenvalues. A truly multiple eigenvalue appears
 * once. Single-threaded.
 *
 * @param points Ritz values in descending order: the nodes of the quadrature
 * @param weights weights of the nodes; they sum to 1
 * @param residuals ‖Ax − λx‖ of each node λ with its unit vector x; an eigenvalue lies within this
 *     distance of λ
 */
@SuppressWarnings("ArrayRecordComponent") // Made once per run; read only.
record Lanczos(double[] points, double[] weights, double[] residuals) {
    /**
     * Threshold relative to the matrix's norm. A vector with a smaller orthogonal part is taken to
     * lie in the current Krylov space.
     */
    private static final double NEGLIGIBLE = 1e-12;

    /** Steps between two convergence checks. */
    private static final int CHECK_INTERVAL = 4;

    /** A product of the matrix. */
    @FunctionalInterface
    interface Product {
        /** Returns Ax, in memory that lives until the next step. */
        ParameterVector of(ParameterVector x, Arena memory);
    }

    /**
     * A stopping criterion.
     *
     * @param leastSteps smallest number of steps
     * @param maxSteps largest number of steps
     * @param largest number of largest eigenvalues that must converge, beside the smallest
     * @param residual largest accepted residual, relative to the eigenvalue of largest magnitude
     */
    record Goal(int leastSteps, int maxSteps, int largest, double residual) {}

    /**
     * Runs until the requested eigenvalues have converged or the Krylov space is exhausted.
     *
     * @param product x ↦ Ax with A symmetric
     * @param start start vector of any nonzero norm
     * @param goal stopping criterion, checked between its smallest and largest number of steps
     */
    static Lanczos run(Product product, Direction start, Goal goal) {
        try (Arena memory = Arena.ofShared()) {
            return run(product, start, goal, memory);
        }
    }

    private static Lanczos run(Product product, Direction start, Goal goal, Arena memory) {
        List<ParameterVector> basis = new ArrayList<>();
        List<Double> diagonal = new ArrayList<>();
        List<Double> offDiagonal = new ArrayList<>();
        ParameterVector next = ParameterVector.copyOf(start, memory);
        next.scale(1 / next.norm());
        double scale = 0;
        int max = FastMath.min(goal.maxSteps(), start.size());
        while (true) {
            basis.add(next);
            ParameterVector image = ParameterVector.zeros(start.size(), memory);
            try (Arena own = Arena.ofShared()) {
                image.add(1, product.of(next, own));
            }
            double alpha = next.dot(image);
            for (int pass = 0; pass < 2; pass++) {
                for (ParameterVector before : basis) {
                    image.add(-before.dot(image), before);
                }
            }
            double beta = image.norm();
            diagonal.add(alpha);
            scale = FastMath.max(scale, FastMath.abs(alpha) + beta);
            if (basis.size() == max || beta <= NEGLIGIBLE * scale) {
                return of(diagonal, offDiagonal, beta);
            }
            if (basis.size() >= goal.leastSteps() && basis.size() % CHECK_INTERVAL == 0) {
                Lanczos partial = of(diagonal, offDiagonal, beta);
                if (partial.hasConverged(goal)) {
                    return partial;
                }
            }
            offDiagonal.add(beta);
            image.scale(1 / beta);
            next = image;
        }
    }

    private static Lanczos of(List<Double> diagonal, List<Double> offDiagonal, double beta) {
        int steps = diagonal.size();
        // The eigenvalues are in descending order.
        EigenDecompositionSymmetric decomposition = new EigenDecompositionSymmetric(
                diagonal.stream().mapToDouble(Double::doubleValue).toArray(),
                offDiagonal.stream().mapToDouble(Double::doubleValue).toArray(),
                EigenDecompositionSymmetric.DEFAULT_EPSILON,
                true);
        double[] weights = new double[steps];
        double[] residuals = new double[steps];
        for (int k = 0; k < steps; k++) {
            double first = decomposition.getEigenvector(k).getEntry(0);
            weights[k] = first * first;
            residuals[k] = FastMath.abs(beta * decomposition.getEigenvector(k).getEntry(steps - 1));
        }
        return new Lanczos(decomposition.getEigenvalues(), weights, residuals);
    }

    private boolean hasConverged(Goal goal) {
        double size = FastMath.max(FastMath.abs(points[0]), FastMath.abs(points[points.length - 1]));
        boolean converged = residuals[points.length - 1] <= goal.residual() * size;
        for (int k = 0; k < FastMath.min(goal.largest(), points.length); k++) {
            converged &= residuals[k] <= goal.residual() * size;
        }
        return converged;
    }
}
