package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * A run that another program trains: what its checkpoints are told apart by.
 *
 * @param name of its folder
 * @param size one of the study's sizes
 * @param algorithm by the name that its program gives it
 * @param learningRate peak learning rate
 * @param steps its last step, where it is not the study's
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
