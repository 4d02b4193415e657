package basin.flatness.estimator;

import ai.djl.ndarray.NDManager;
import basin.network.CrossEntropy;
import basin.network.EncoderShape;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A network and a language small enough for brute force. */
final class TinyEncoder {
    static final EncoderShape SHAPE = new EncoderShape(3, 3, 4, 1, 2, 4);
    static final CountedLanguage LANGUAGE = new CountedLanguage(3, 3, 32, 5);

    private TinyEncoder() {}

    /** Returns weights without symmetries, in float32. */
    static float[] theta() {
        SplittableRandom random = new SplittableRandom(17);
        float[] theta = new float[SHAPE.parameterCount()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = (float) (0.6 * random.nextGaussian());
        }
        return theta;
    }

    static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /**
     * Returns the diagonal of the population Hessian from second differences of the loss, without
     * any derivative of the engine.
     */
    static double[] hessianDiagonalByDifferences(double step) {
        double[] theta = doubles(theta());
        double[] diagonal = new double[theta.length];
        double middle = loss(theta);
        for (int i = 0; i < theta.length; i++) {
            double value = theta[i];
            theta[i] = value + step;
            double above = loss(theta);
            theta[i] = value - step;
            double below = loss(theta);
            theta[i] = value;
            diagonal[i] = (above - 2 * middle + below) / (step * step);
        }
        return diagonal;
    }

    private static double loss(double[] theta) {
        TokenBatch everything = LANGUAGE.everything();
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return CrossEntropy.of(SHAPE.network().logits(scope.create(theta), everything), everything)
                        .getDouble();
            }
        });
    }
}
