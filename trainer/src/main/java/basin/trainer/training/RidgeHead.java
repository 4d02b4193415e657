package basin.trainer.training;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * The validation loss of a linear head that is fitted in closed form, and its derivative with
 * respect to every feature.
 *
 * <p>The head minimises the mean squared error to one-hot labels over the n fitted examples, plus
 * ridge times its squared weights, bias included. It is never formed. With K the inner products of
 * the features (plus one, for the bias), its predictions on the other examples are K_vf α with α =
 * (K_ff + ridge·n·1)⁻¹ Y. The derivatives follow by the chain rule through K. All arithmetic is in
 * float64.
 */
final class RidgeHead {
    private RidgeHead() {}

    /**
     * A validation loss and its gradient.
     *
     * @param loss mean over the validation examples of the squared error, summed over classes
     * @param gradient derivative with respect to every feature, as long as the features
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed from one owner to the next.
    record Validation(double loss, double[] gradient) {}

    /**
     * Fits the head and validates it.
     *
     * @param features row-major, one example per row
     * @param labels class of each example, from 0
     * @param classes number of classes
     * @param fitted number of examples, from the first, to fit; the others are the validation
     *     examples
     * @param ridge the penalty on the squared weights
     * @return a loss of NaN if a feature is not finite
     */
    static Validation of(double[] features, int[] labels, int classes, int fitted, double ridge) {
        int columns = features.length / labels.length;
        for (double feature : features) {
            if (!Double.isFinite(feature)) {
                return new Validation(Double.NaN, new double[features.length]);
            }
        }
        int looked = labels.length - fitted;
        RealMatrix fit = rows(features, columns, 0, fitted);
        RealMatrix look = rows(features, columns, fitted, labels.length);
        RealMatrix kernel = fit.multiplyTransposed(fit).scalarAdd(1);
        for (int i = 0; i < fitted; i++) {
            kernel.addToEntry(i, i, ridge * fitted);
        }
        RealMatrix across = look.multiplyTransposed(fit).scalarAdd(1);
        // A product with its own transpose is symmetric despite rounding. The bounds only reject a
        // matrix that is no kernel.
        var solver = new CholeskyDecomposition(kernel, 1e-9, 0).getSolver();
        RealMatrix alpha = solver.solve(labels(labels, 0, fitted, classes));
        RealMatrix residual = across.multiply(alpha).subtract(labels(labels, fitted, labels.length, classes));
        double loss = 0;
        for (double[] row : residual.getData()) {
            for (double one : row) {
                loss += one * one / looked;
            }
        }
        RealMatrix slope = residual.scalarMultiply(2.0 / looked);
        RealMatrix byAcross = slope.multiplyTransposed(alpha);
        RealMatrix byAlpha = across.transposeMultiply(slope);
        RealMatrix byKernel = solver.solve(byAlpha).multiplyTransposed(alpha).scalarMultiply(-1);
        RealMatrix byLook = byAcross.multiply(fit);
        RealMatrix byFit = byAcross.transposeMultiply(look)
                .add(byKernel.add(byKernel.transpose()).multiply(fit));
        double[] gradient = new double[features.length];
        for (int i = 0; i < labels.length; i++) {
            double[] row = i < fitted ? byFit.getRow(i) : byLook.getRow(i - fitted);
            System.arraycopy(row, 0, gradient, i * columns, columns);
        }
        return new Validation(loss, gradient);
    }

    private static RealMatrix rows(double[] features, int columns, int from, int to) {
        double[][] rows = new double[to - from][columns];
        for (int i = from; i < to; i++) {
            System.arraycopy(features, i * columns, rows[i - from], 0, columns);
        }
        return new Array2DRowRealMatrix(rows, false);
    }

    private static RealMatrix labels(int[] labels, int from, int to, int classes) {
        double[][] rows = new double[to - from][classes];
        for (int i = from; i < to; i++) {
            rows[i - from][labels[i]] = 1;
        }
        return new Array2DRowRealMatrix(rows, false);
    }
}
