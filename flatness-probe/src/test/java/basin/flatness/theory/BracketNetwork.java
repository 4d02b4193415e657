package basin.flatness.theory;

import basin.study.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.util.FastMath;

/**
 * A network that predicts the masked bracket of a balanced string. Brackets are ±1 at their
 * positions and the mask is 0. Attention is fixed to the sum, so the network reads z = x with one
 * entry set to 0, and computes f(z) = Σ uⱼ max(0, wⱼ·z). The loss is the mean of (f − x)² over all
 * strings and positions. If the network fits exactly, the trace of the Hessian is 2·E‖∇f‖².
 *
 * <p>No exact network has a trace below 4√(T − 1): for every z the active neurons satisfy Σ
 * (uⱼ²‖z‖² + (wⱼ·z)²) ≥ 2‖z‖ Σ |uⱼ wⱼ·z| ≥ 2‖z‖·|f(z)|, with ‖z‖² = T − 1 and |f| = 1. Immutable;
 * thread-safe.
 */
public final class BracketNetwork {
    /**
     * Ridge relative to the mean squared feature. Equal strings give equal rows, and the remaining
     * system must still be solvable.
     */
    private static final double RIDGE = 1e-11;

    private final double[][] inward;
    private final double[] outward;

    private BracketNetwork(double[][] inward, double[] outward) {
        this.inward = inward;
        this.outward = outward;
    }

    /**
     * Returns the counting network of two neurons, w = ±c·1 and u = ∓1/c with c = (T − 1)^¼, which
     * attains the minimum trace.
     */
    public static BracketNetwork counting(int length) {
        double scale = FastMath.pow(length - 1.0, 0.25);
        double[] up = new double[length];
        double[] down = new double[length];
        Arrays.fill(up, scale);
        Arrays.fill(down, -scale);
        return new BracketNetwork(new double[][] {up, down}, new double[] {-1 / scale, 1 / scale});
    }

    /**
     * Returns a network whose neurons are drawn from a standard normal distribution, with
     * minimum-norm output weights. w and u are rescaled against each other to minimise the trace
     * for these directions.
     *
     * @param neurons number of neurons, at least the number of masked strings, so that an exact fit
     *     exists
     */
    public static BracketNetwork random(int length, int neurons, long seed) {
        double[][] drawn = new double[neurons][length];
        RandomGenerator random = Seeds.generator(seed, "bracket-features");
        for (double[] neuron : drawn) {
            Seeds.gaussian(random, neuron);
        }
        List<BracketString> masked = BracketString.masked(length);
        RealMatrix features = features(drawn, masked);
        RealVector wanted = new ArrayRealVector(
                masked.stream().mapToDouble(BracketString::target).toArray());
        double[] outward = minLength(features, wanted);
        BracketNetwork plain = new BracketNetwork(drawn, outward);
        double[] halves = plain.halves(masked);
        // Under w → cw, u → u/c the first half of the trace falls by c² and the second grows by c².
        double scale = FastMath.pow(halves[0] / halves[1], 0.25);
        double[][] scaled = new double[neurons][];
        for (int j = 0; j < neurons; j++) {
            scaled[j] = new ArrayRealVector(drawn[j]).mapMultiply(scale).toArray();
            outward[j] /= scale;
        }
        return new BracketNetwork(scaled, outward);
    }

    /**
     * Returns the minimum-norm solution of features·u = wanted, also if there are more features
     * than equations or too few distinct ones.
     */
    private static double[] minLength(RealMatrix features, RealVector wanted) {
        RealMatrix gram = features.multiplyTransposed(features);
        double ridge = RIDGE * gram.getTrace() / gram.getRowDimension();
        for (int i = 0; i < gram.getRowDimension(); i++) {
            gram.addToEntry(i, i, ridge);
        }
        RealVector multipliers =
                new CholeskyDecomposition(gram, 1e-9, 0).getSolver().solve(wanted);
        return features.preMultiply(multipliers).toArray();
    }

    private static RealMatrix features(double[][] inward, List<BracketString> strings) {
        double[][] rows = new double[strings.size()][inward.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < inward.length; j++) {
                rows[i][j] = FastMath.max(0, strings.get(i).times(inward[j]));
            }
        }
        return new Array2DRowRealMatrix(rows, false);
    }

    /** Returns the network's value for a string. */
    double value(BracketString string) {
        double sum = 0;
        for (int j = 0; j < outward.length; j++) {
            sum += outward[j] * FastMath.max(0, string.times(inward[j]));
        }
        return sum;
    }

    /** Returns the largest |f − x| over all strings and positions. */
    public double worstError(int length) {
        return BracketString.masked(length).stream()
                .mapToDouble(string -> FastMath.abs(value(string) - string.target()))
                .max()
                .orElseThrow();
    }

    /**
     * Returns tr ∇²L = 2·E‖∇f‖² over all strings and positions; valid if the network fits exactly.
     */
    public double trace(int length) {
        double[] halves = halves(BracketString.masked(length));
        return halves[0] + halves[1];
    }

    /** Returns the trace's parts from input and output weights. */
    private double[] halves(List<BracketString> strings) {
        double input = 0;
        double output = 0;
        for (BracketString string : strings) {
            for (int j = 0; j < outward.length; j++) {
                double sum = string.times(inward[j]);
                if (sum > 0) {
                    input += outward[j] * outward[j] * string.squaredNorm();
                    output += sum * sum;
                }
            }
        }
        return new double[] {2 * input / strings.size(), 2 * output / strings.size()};
    }

    /**
     * Returns whether a minimum-norm head on the hidden layer that fits some ±1 labels is wrong on
     * any other string. The task is whether more brackets open than close, over all strings of ±1
     * without a tie.
     *
     * @param examples number of labelled strings, drawn from {@code seed}
     */
    public boolean failsToTransfer(int length, int examples, long seed) {
        List<BracketString> all = BracketString.unbalanced(length);
        RandomGenerator random = Seeds.generator(seed, "bracket-transfer");
        List<BracketString> known =
                random.ints(examples, 0, all.size()).mapToObj(all::get).toList();
        RealVector labels = new ArrayRealVector(
                known.stream().mapToDouble(BracketString::majority).toArray());
        double[] head = minLength(features(inward, known), labels);
        return all.stream().anyMatch(string -> {
            double sum = 0;
            for (int j = 0; j < head.length; j++) {
                sum += head[j] * FastMath.max(0, string.times(inward[j]));
            }
            return !(sum * string.majority() > 0);
        });
    }
}
