package basin.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The result of a row in the table of correlations.
 *
 * @param status whether there is an estimate
 * @param value the correlation, −1 to 1 (a difference −2 to 2), without a unit
 * @param interval confidence interval, if one can be given
 * @param p two-sided permutation p-value, once all declared runs have ended
 * @param runs number of runs that entered
 * @param declared number of runs that the study declared
 * @param provisional whether some runs have not ended
 * @param method description of the interval and p-value
 * @param note one sentence that explains a missing estimate or adds a caveat; may be empty
 * @param needed fewest runs for an estimate; present if there are too few
 */
public record Finding(
        Status status,
        Optional<Double> value,
        Optional<Interval> interval,
        Optional<Double> p,
        int runs,
        int declared,
        boolean provisional,
        String method,
        String note,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> needed) {

    /** The status of a row. */
    public enum Status {
        /** The row has an estimate. */
        ESTIMATE,
        /** Too few runs so far; more may come. */
        NOT_YET,
        /** Too few runs, and no more will come: all results of the study are there. */
        TOO_FEW_RUNS,
        /** The study never asked for this measure, and no checkpoint has it. */
        NOT_MEASURED,
        /**
         * The points do not determine a correlation: one side is constant, or flatness and loss are
         * the same.
         */
        NOT_IDENTIFIABLE,
        /** The question does not apply here. */
        NOT_APPLICABLE
    }
}
