package basin.flatness.estimator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.util.FastMath;

/**
 * Lanczos's method with full reorthogonalisation: the eigenvalues of a symmetric matrix at both ends of its spectrum from products alone,
 * each with a bound on its error, and the points and weights of the Gauss quadrature of its spectral density as seen from the start vector
 * (Golub and Meurant, Matrices, Moments and Quadrature with Applications, 2010, chapter 6).
 *
 * <p>All in float64. Every new vector is made orthogonal to all before it twice, for once leaves what rounding made of the first pass
 * (Parlett, The Symmetric Eigenvalue Problem, 1998, section 6.9): no eigenvalue appears twice by rounding. One that is really multiple is
 * seen once. One thread.
 *
 * @param points approximate eigenvalues, descending: the points of the quadrature
 * @param weights the weight of each point; they add up to 1
 * @param residuals ‖Ax − λx‖ of each point with its unit vector x: so close to λ there certainly is an eigenvalue
 */
@SuppressWarnings("ArrayRecordComponent") // Made once a run; read only.
record Lanczos(double[] points, double[] weights, double[] residuals) {
    /** Relative to the matrix's norm: a vector whose orthogonal part is smaller is taken to lie in the Krylov space so far. */
    private static final double NEGLIGIBLE = 1e-12;

    /** Steps between two checks of convergence. */
    private static final int CHECK_INTERVAL = 4;

    /** When a run ends. */
    record Goal(int leastSteps, int maxSteps, int largest, double residual) {}

    /**
     * Runs until the wanted eigenvalues have converged, or no further direction is left.
     *
     * @param product x ↦ Ax, with A symmetric; its argument is not changed afterwards
     * @param start of any norm but 0; not changed
     * @param goal at least and at most so many steps; in between it ends once the residuals of so many largest eigenvalues and of the
     *     smallest are below {@code residual} times the largest eigenvalue in size
     */
    static Lanczos run(UnaryOperator<double[]> product, double[] start, Goal goal) {
        List<double[]> basis = new ArrayList<>();
        List<Double> diagonal = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        double[] next = scaled(start, 1 / norm(start));
        double scale = 0;
        int max = FastMath.min(goal.maxSteps(), start.length);
        while (true) {
            basis.add(next);
            double[] image = product.apply(next).clone();
            double alpha = Orthonormal.dot(next, image);
            for (int pass = 0; pass < 2; pass++) {
                for (double[] before : basis) {
                    double along = Orthonormal.dot(before, image);
                    for (int i = 0; i < image.length; i++) {
                        image[i] -= along * before[i];
                    }
                }
            }
            double beta = norm(image);
            diagonal.add(alpha);
            scale = FastMath.max(scale, FastMath.abs(alpha) + beta);
            if (basis.size() == max || beta <= NEGLIGIBLE * scale) {
                return of(diagonal, beside, beta);
            }
            if (basis.size() >= goal.leastSteps() && basis.size() % CHECK_INTERVAL == 0) {
                Lanczos sofar = of(diagonal, beside, beta);
                if (sofar.hasConverged(goal)) {
                    return sofar;
                }
            }
            beside.add(beta);
            next = scaled(image, 1 / beta);
        }
    }

    private static Lanczos of(List<Double> diagonal, List<Double> beside, double beta) {
        int steps = diagonal.size();
        // Its eigenvalues come in descending order.
        EigenDecompositionSymmetric decomposition = new EigenDecompositionSymmetric(
                diagonal.stream().mapToDouble(Double::doubleValue).toArray(),
                beside.stream().mapToDouble(Double::doubleValue).toArray(),
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

    private static double norm(double[] vector) {
        return FastMath.sqrt(Orthonormal.dot(vector, vector));
    }

    private static double[] scaled(double[] vector, double factor) {
        double[] scaled = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            scaled[i] = factor * vector[i];
        }
        return scaled;
    }
}
