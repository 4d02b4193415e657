package basin.trainer.training;

import basin.study.RunSpec;
import basin.study.Schedule;

/** The learning rate schedules. */
final class LearningRate {
    private LearningRate() {}

    /**
     * Returns the learning rate of a step. It rises linearly from zero over the warm-up, then
     * follows the schedule. The linear schedule reaches zero one step after the last, so that no
     * step is without effect.
     *
     * @param step step, counted from 1
     */
    static double at(RunSpec spec, int step) {
        int steps = spec.training().steps();
        int warmup = (int) Math.round(spec.training().warmup() * steps);
        if (step <= warmup) {
            return spec.learningRate() * step / warmup;
        }
        if (spec.training().schedule() == Schedule.CONSTANT) {
            return spec.learningRate();
        }
        return spec.learningRate() * (steps + 1 - step) / (steps + 1 - warmup);
    }
}
