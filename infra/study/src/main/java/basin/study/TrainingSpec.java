package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * Pre-training.
 *
 * @param steps optimiser steps
 * @param batch sentences a step
 * @param schedule what follows the warm-up
 * @param warmup share of the steps over which the rate rises linearly from zero
 * @param beta1 decay of AdamW's first moment
 * @param beta2 decay of AdamW's second moment
 * @param epsilon added to the root of AdamW's second moment
 * @param weightDecay decoupled decay a step of every optimiser, times the rate, off biases and LayerNorm
 * @param initialDeviation standard deviation of the initial weights
 * @param objective what is predicted; absent where it is one masked position a sentence, and its form in the record is without the field
 */
public record TrainingSpec(
        int steps,
        int batch,
        Schedule schedule,
        double warmup,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double initialDeviation,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Objective> objective) {
    public TrainingSpec {
        within(1, 10_000_000, "training.steps", steps);
        within(1, 65_536, "training.batch", batch);
        within(0.0, 0.9, "training.warmup", warmup);
        within(0.0, 0.9999, "training.beta1", beta1);
        within(0.0, 0.999999, "training.beta2", beta2);
        positive("training.epsilon", epsilon);
        within(0.0, 10.0, "training.weightDecay", weightDecay);
        positive("training.initialDeviation", initialDeviation);
        // The same objective has one form only, whether it is said or not.
        objective = objective.filter(one -> one != Objective.MASKED);
    }

    /** What is predicted. */
    public Objective predicted() {
        return objective.orElse(Objective.MASKED);
    }

    /** Returns the same training over so many steps. */
    public TrainingSpec over(int ownSteps) {
        return with(ownSteps, schedule);
    }

    /** Returns the same training over so many steps, by that schedule. */
    TrainingSpec with(int ownSteps, Schedule ownSchedule) {
        return new TrainingSpec(
                ownSteps, batch, ownSchedule, warmup, beta1, beta2, epsilon, weightDecay, initialDeviation, objective);
    }
}
