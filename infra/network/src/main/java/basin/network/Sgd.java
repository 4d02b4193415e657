package basin.network;

/**
 * Stochastic gradient descent with momentum, v ← μv + g and θ ← θ − rate·v, and weight decay that is decoupled as in {@link AdamW}, on flat
 * arrays, in place. One owner at a time.
 *
 * @param momentum μ
 * @param weightDecay times the rate, off biases and LayerNorm
 */
public record Sgd(double momentum, double weightDecay) {

    /**
     * One step.
     *
     * @param learningRate learning rate of this step
     * @param velocity v, zero before the first step
     * @param decays parameters to which decay applies, 1, and others, 0; as long as theta
     */
    public void step(double learningRate, float[] theta, float[] gradient, float[] velocity, float[] decays) {
        float kept = (float) momentum;
        float size = (float) learningRate;
        float shrink = (float) (learningRate * weightDecay);
        for (int i = 0; i < theta.length; i++) {
            velocity[i] = kept * velocity[i] + gradient[i];
            theta[i] = theta[i] - shrink * decays[i] * theta[i] - size * velocity[i];
        }
    }
}
