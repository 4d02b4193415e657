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
 * One measured flatness with all that is needed to judge it.
 *
 * @param quantity what was measured
 * @param value the mean over pairs and its standard error, in the quantity's unit (nats a predicted token)
 * @param interval over pairs, allowing for their skew
 * @param pairs independent fresh batches behind it, each with its own probes
 * @param probes probes of each pair's batch
 * @param effectiveRank tr(A)²/‖A‖²_F of a batch's matrix, where the estimator's products give it: it sets the probe's share of
 *     the noise, a relative √(2/(pairs · rank)). A batch's own noise adds to its ‖A‖²_F, so the population's rank is no
 *     smaller
 * @param parameters parameters included
 */
public record Measurement(
        Quantity quantity,
        Measured value,
        Interval interval,
        int pairs,
        int probes,
        Optional<Double> effectiveRank,
        long parameters) {

    /** The event that puts it on record, as an answer to what was asked of a checkpoint. */
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

    /** The unit of value, error and interval. */
    @JsonProperty("unit")
    public String unit() {
        return quantity.unit();
    }
}
