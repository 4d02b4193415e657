package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * The analysis of a study's events. The same events can answer another analysis without new
 * training.
 *
 * @param match excess losses (nats) at which runs are compared
 * @param band largest distance (nats) below the target at which a checkpoint still counts as
 *     matched
 * @param minRuns fewest runs for which a correlation is given
 * @param permutations Monte-Carlo permutations if exact enumeration takes too long
 * @param resamples bootstrap resamples
 * @param confidence confidence level of every interval, between 0 and 1
 * @param seed seed of the permutations and resamples
 * @param claim the one registered claim; if absent, the whole analysis is exploratory and the field
 *     is left out of the record's JSON
 */
public record AnalysisSpec(
        List<Double> match,
        double band,
        int minRuns,
        int permutations,
        int resamples,
        double confidence,
        long seed,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ClaimSpec> claim) {
    public AnalysisSpec {
        match = List.copyOf(match);
        match.forEach(target -> positive("analysis.match", target));
        positive("analysis.band", band);
        within(3, 1_000, "analysis.minRuns", minRuns);
        within(99, 1_000_000, "analysis.permutations", permutations);
        within(100, 1_000_000, "analysis.resamples", resamples);
        within(0.5, 0.999, "analysis.confidence", confidence);
    }
}
