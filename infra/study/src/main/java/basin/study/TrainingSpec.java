package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The pre-training settings.
 *
 * @param steps optimiser steps
 * @param batch sentences per step
 * @param schedule learning-rate schedule after the warm-up
 * @param warmup share of the steps over which the rate rises linearly from zero
 * @param beta1 decay of AdamW's first moment per step
 * @param beta2 decay of AdamW's second moment per step
 * @param epsilon term added to the root of AdamW's second moment, without a unit
 * @param weightDecay decoupled weight decay of every optimiser, per step times the rate; not
 *     applied to biases and LayerNorm
 * @param initialDeviation standard deviation of the initial weights, without a unit
 * @param objective pre-training objective; absent for one masked position per sentence, and then
 *     left out of the record's JSON
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
        // The same objective has only one form, whether or not the default is written out.
        objective = objective.filter(one -> one != Objective.MASKED);
    }

    /** Returns the pre-training objective. */
    public Objective predicted() {
        return objective.orElse(Objective.MASKED);
    }

    /** Returns the same training over {@code ownSteps} steps. */
    public TrainingSpec over(int ownSteps) {
        return with(ownSteps, schedule);
    }

    /** Returns the same training over {@code ownSteps} steps with another schedule. */
    TrainingSpec with(int ownSteps, Schedule ownSchedule) {
        return new TrainingSpec(
                ownSteps, batch, ownSchedule, warmup, beta1, beta2, epsilon, weightDecay, initialDeviation, objective);
    }
}
