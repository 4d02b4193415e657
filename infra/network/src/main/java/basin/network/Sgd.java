package basin.network;

/**
 * Stochastic gradient descent with momentum, v ← μv + g and θ ← θ − rate·v, on flat arrays, in
 * place. Weight decay is decoupled, as in {@link AdamW}. The caller owns the arrays; one thread at
 * a time.
 *
 * @param momentum μ
 * @param weightDecay weight decay per step, times the rate; not applied to biases and LayerNorm
 */
public record Sgd(double momentum, double weightDecay) {

    /**
     * Takes one step.
     *
     * @param learningRate learning rate of this step
     * @param velocity v, zero before the first step
     * @param decays 1 for parameters that decay, 0 for others; as long as theta
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
