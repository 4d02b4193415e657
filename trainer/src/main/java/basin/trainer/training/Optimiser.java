package basin.trainer.training;

import basin.network.AdamW;
import basin.network.Sgd;
import basin.study.AlgorithmSpec;
import basin.study.RunSpec;
import java.util.List;

/**
 * The update rule of a run. Immutable; thread-safe.
 *
 * @param moments numbers a parameter that are carried from step to step
 */
record Optimiser(int moments, Update update) {

    /** One step of a rule. */
    @FunctionalInterface
    interface Update {
        /**
         * Takes one step in place.
         *
         * @param step counted from 1
         * @param learningRate learning rate of this step
         * @param moments as many as the rule carries, each as long as theta, zero before the first step
         * @param decays parameters to which weight decay applies, 1, and others, 0
         */
        void step(
                int step, double learningRate, float[] theta, float[] gradient, List<float[]> moments, float[] decays);
    }

    /** Returns the run's. */
    static Optimiser of(RunSpec spec) {
        var training = spec.training();
        return switch (spec.algorithm().optimiser()) {
            case AlgorithmSpec.AdamW _ -> {
                AdamW rule = new AdamW(training.beta1(), training.beta2(), training.epsilon(), training.weightDecay());
                yield new Optimiser(
                        2,
                        (step, learningRate, theta, gradient, moments, decays) -> rule.step(
                                step, learningRate, theta, gradient, moments.getFirst(), moments.getLast(), decays));
            }
            case AlgorithmSpec.Sgd own -> {
                Sgd rule = new Sgd(own.momentum(), training.weightDecay());
                yield new Optimiser(
                        1,
                        (_, learningRate, theta, gradient, moments, decays) ->
                                rule.step(learningRate, theta, gradient, moments.getFirst(), decays));
            }
        };
    }
}
