package basin.trainer.training;

import basin.network.AdamW;
import basin.network.Sgd;
import basin.study.AlgorithmSpec;
import basin.study.RunSpec;
import java.util.List;

/** What turns a gradient into a step, and how many numbers a parameter it remembers for it. Immutable; thread-safe. */
interface Optimiser {
    /** Numbers a parameter that are carried from step to step. */
    int moments();

    /**
     * One step in place.
     *
     * @param step counted from 1
     * @param moments as many as {@link #moments}, each as long as theta, zero before the first step
     * @param decays parameters to which weight decay applies, 1, and others, 0
     */
    void step(int step, double rate, float[] theta, float[] gradient, List<float[]> moments, float[] decays);

    /** The run's. */
    static Optimiser of(RunSpec spec) {
        var training = spec.training();
        return switch (spec.algorithm().optimiser()) {
            case AlgorithmSpec.Sgd sgd -> of(new Sgd(sgd.momentum(), training.weightDecay()));
            default -> of(new AdamW(training.beta1(), training.beta2(), training.epsilon(), training.weightDecay()));
        };
    }

    /** AdamW, which remembers two moments. */
    static Optimiser of(AdamW adamW) {
        return new Optimiser() {
            @Override
            public int moments() {
                return 2;
            }

            @Override
            public void step(
                    int step, double rate, float[] theta, float[] gradient, List<float[]> moments, float[] decays) {
                adamW.step(step, rate, theta, gradient, moments.getFirst(), moments.getLast(), decays);
            }
        };
    }

    /** SGD, which remembers its velocity. */
    static Optimiser of(Sgd sgd) {
        return new Optimiser() {
            @Override
            public int moments() {
                return 1;
            }

            @Override
            public void step(
                    int step, double rate, float[] theta, float[] gradient, List<float[]> moments, float[] decays) {
                sgd.step(rate, theta, gradient, moments.getFirst(), decays);
            }
        };
    }
}
