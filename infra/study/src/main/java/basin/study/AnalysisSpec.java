package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.within;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * The question put to the events. The same events answer another analysis without training again.
 *
 * @param match excess losses (nats) at which runs are compared
 * @param band how far (nats) below its target a matched checkpoint may lie and still count as matched
 * @param minRuns fewest runs for which a correlation is given
 * @param permutations Monte-Carlo permutations where exact enumeration is too long
 * @param resamples bootstrap resamples
 * @param confidence level of every interval
 * @param seed draws permutations and resamples
 * @param claim the one registered claim; where there is none all is exploratory, and the form in the record is without the field
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
