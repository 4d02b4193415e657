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
 * Networks that fill the masked bracket of a string with as many opening brackets as closing ones: brackets are ±1 at their places, the mask
 * is 0, attention is fixed to the sum, so the network sees z = x with one entry made 0 and says f(z) = Σ uⱼ max(0, wⱼ·z), and its loss is the
 * mean of (f − x)² over all strings and places. Where it fits exactly the trace of the Hessian is 2·E‖∇f‖².
 *
 * <p>No exact network has less than 4√(T − 1): for every z the active neurons have Σ (uⱼ²‖z‖² + (wⱼ·z)²) ≥ 2‖z‖ Σ |uⱼ wⱼ·z| ≥ 2‖z‖·|f(z)|, and
 * ‖z‖² = T − 1, |f| = 1. Immutable; thread-safe.
 */
public final class BracketNetwork {
    /** Of the mean squared feature: strings that are the same give the same row twice, and the rest must still be solved. */
    private static final double RIDGE = 1e-11;

    private final double[][] inward;
    private final double[] outward;

    private BracketNetwork(double[][] inward, double[] outward) {
        this.inward = inward;
        this.outward = outward;
    }

    /** Two neurons that count, w = ±c·1, u = ∓1/c with c = (T − 1)^¼: the least trace there is. */
    public static BracketNetwork counting(int length) {
        double scale = FastMath.pow(length - 1.0, 0.25);
        double[] up = new double[length];
        double[] down = new double[length];
        Arrays.fill(up, scale);
        Arrays.fill(down, -scale);
        return new BracketNetwork(new double[][] {up, down}, new double[] {-1 / scale, 1 / scale});
    }

    /**
     * Neurons drawn from a standard normal distribution, their output weights the shortest that fit, and w and u scaled against one
     * another so that the trace is the least that these directions allow.
     *
     * @param neurons at least as many as there are strings with a mask, so that an exact fit exists
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
        // By w → cw, u → u/c the first half of the trace falls by c² and the second grows by it.
        double scale = FastMath.pow(halves[0] / halves[1], 0.25);
        double[][] scaled = new double[neurons][];
        for (int j = 0; j < neurons; j++) {
            scaled[j] = new ArrayRealVector(drawn[j]).mapMultiply(scale).toArray();
            outward[j] /= scale;
        }
        return new BracketNetwork(scaled, outward);
    }

    /** The shortest solution of features·u = wanted, where there are more features than equations or too few of them differ. */
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

    /** What it says of a string. */
    double value(BracketString string) {
        double sum = 0;
        for (int j = 0; j < outward.length; j++) {
            sum += outward[j] * FastMath.max(0, string.times(inward[j]));
        }
        return sum;
    }

    /** The largest |f − x| over all strings and places. */
    public double worstError(int length) {
        return BracketString.masked(length).stream()
                .mapToDouble(string -> FastMath.abs(value(string) - string.target()))
                .max()
                .orElseThrow();
    }

    /** tr ∇²L = 2·E‖∇f‖² over all strings and places; where the network fits exactly. */
    public double trace(int length) {
        double[] halves = halves(BracketString.masked(length));
        return halves[0] + halves[1];
    }

    /** The trace's part of input weights, and of output weights. */
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
     * Whether a head on the hidden layer, the shortest that fits ±1 labels of some strings, is wrong about any other: the task is whether
     * more brackets open than close, over all strings of ±1 in which one of both is the case.
     *
     * @param examples labelled strings, drawn from {@code seed}
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
