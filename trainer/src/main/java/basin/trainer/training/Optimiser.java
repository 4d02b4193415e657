package basin.trainer.training;

import basin.network.AdamW;
import basin.network.Sgd;
import basin.study.AlgorithmSpec;
import basin.study.RunSpec;
import java.util.List;

/**
 * The optimiser of a run. Immutable; thread-safe.
 *
 * @param moments numbers per parameter that are carried from step to step
 * @param update the update rule
 */
record Optimiser(int moments, Update update) {

    /** An update rule. */
    @FunctionalInterface
    interface Update {
        /**
         * Applies one step in place.
         *
         * @param step step, counted from 1
         * @param learningRate learning rate of this step
         * @param moments as many as the optimiser carries, each as long as theta, zero before the
         *     first step
         * @param decays 1 for parameters with weight decay, 0 for others
         */
        void step(
                int step, double learningRate, float[] theta, float[] gradient, List<float[]> moments, float[] decays);
    }

    /** Returns the run's optimiser. */
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
