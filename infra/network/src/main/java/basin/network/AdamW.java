package basin.network;

import java.util.Arrays;

/**
 * AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101), on flat arrays, in
 * place. The caller owns the arrays; one thread at a time.
 *
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon term added to the root of the bias-corrected second moment
 * @param weightDecay weight decay per step, times the rate; not applied to biases and LayerNorm
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

    /**
     * Takes one step.
     *
     * @param step number of the step, from 1
     * @param learningRate learning rate of this step
     * @param decays 1 for parameters that decay, 0 for others; as long as theta
     */
    public void step(
            int step,
            double learningRate,
            float[] theta,
            float[] gradient,
            float[] first,
            float[] second,
            float[] decays) {
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float rest1 = (float) (1 - beta1);
        float rest2 = (float) (1 - beta2);
        float size = (float) (learningRate / (1 - StrictMath.pow(beta1, step)));
        float correction = (float) (1 / Math.sqrt(1 - StrictMath.pow(beta2, step)));
        float eps = (float) epsilon;
        float shrink = (float) (learningRate * weightDecay);
        for (int i = 0; i < theta.length; i++) {
            float g = gradient[i];
            float m = b1 * first[i] + rest1 * g;
            float v = b2 * second[i] + rest2 * g * g;
            first[i] = m;
            second[i] = v;
            float kept = theta[i] - shrink * decays[i] * theta[i];
            theta[i] = kept - size * m / ((float) Math.sqrt(v) * correction + eps);
        }
    }

    /** Returns 1 for parameters that decay, and 0 for biases and LayerNorm. */
    public static float[] decays(NetworkShape shape) {
        float[] decays = new float[shape.parameterCount()];
        for (Parameter parameter : shape.parameters()) {
            if (parameter.decays()) {
                Arrays.fill(decays, parameter.offset(), parameter.end(), 1);
            }
        }
        return decays;
    }
}
