package basin.flatness.measurement;

import basin.record.Event;
import basin.record.Interval;
import basin.record.Measured;
import basin.study.EstimatorSpec;
import basin.study.PlatformSpec;
import basin.study.Quantity;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * One flatness measurement with its uncertainty and cost.
 *
 * @param quantity the quantity measured
 * @param value mean over pairs and its standard error, in the quantity's unit (nats per predicted
 *     token)
 * @param interval confidence interval over pairs, corrected for skewness
 * @param pairs number of independent fresh batches, each with its own probes
 * @param probes number of probes per batch
 * @param effectiveRank tr(A)²/‖A‖²_F of a batch's matrix, if the estimator's products yield it. It
 *     determines the probes' share of the noise, which is √(2/(pairs · rank)) relative to the
 *     trace. A batch's sampling noise adds to its ‖A‖²_F, so the population's rank is no smaller
 * @param parameters number of parameters included
 */
public record Measurement(
        Quantity quantity,
        Measured value,
        Interval interval,
        int pairs,
        int probes,
        Optional<Double> effectiveRank,
        long parameters) {

    /**
     * Returns the event that records this measurement as the answer to a request on a checkpoint.
     */
    public Event.FlatnessMeasured event(String runId, int step, EstimatorSpec requested, PlatformSpec platform) {
        return new Event.FlatnessMeasured(
                runId,
                step,
                requested,
                platform,
                quantity,
                value,
                interval,
                effectiveRank,
                parameters,
                requested.estimator().version());
    }

    /** Returns the unit of the value, its standard error and its interval. */
    @JsonProperty("unit")
    public String unit() {
        return quantity.unit();
    }
}
