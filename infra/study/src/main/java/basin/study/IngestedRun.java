package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * A run that another program trains, with the properties that distinguish its checkpoints.
 *
 * @param name name of its folder
 * @param size one of the study's sizes
 * @param algorithm algorithm name in its own program
 * @param learningRate peak learning rate, without a unit
 * @param seed seed of the run in its own program
 * @param steps its last step, if it differs from the study's
 */
public record IngestedRun(
        String name,
        String size,
        String algorithm,
        double learningRate,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> steps) {
    public IngestedRun {
        identifier("runs.name", name);
        identifier("runs.size", size);
        identifier("runs.algorithm", algorithm);
        positive("runs.learningRate", learningRate);
        steps.ifPresent(own -> within(1, 1_000_000_000, "runs.steps", own));
    }
}
