package basin.events;

import basin.events.spec.Refusal;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What a flatness estimator measures, all of the population pre-training loss in nats a predicted token. */
public enum Quantity {
    /** tr F: the Fisher information with labels drawn from the model, equal to the Gauss-Newton trace. */
    FISHER_TRACE("fisher.trace", "nats"),
    /** tr H: the full Hessian, with respect to the exact conditional or sampled labels as the estimator says. */
    HESSIAN_TRACE("hessian.trace", "nats"),
    /** tr(|θ| H |θ|): the trace in coordinates scaled by the weights, unchanged when a layer's scale is moved. */
    ADAPTIVE_TRACE("adaptive.trace", "nats"),
    /** tr H − tr F: zero where the model is the true conditional. */
    HESSIAN_FISHER_GAP("hessian.fisher.gap", "nats"),
    /** The mean squared gradient with labels from the language's exact conditional: tr F where the model is the true conditional. */
    DATA_FISHER_TRACE("data.fisher.trace", "nats"),
    /** tr H divided by the number of parameters. */
    HESSIAN_TRACE_PER_PARAMETER("hessian.trace.per.parameter", "nats"),
    /** Σ over named tensors of their squared norm times their share of tr H: unchanged when one is scaled up and another down. */
    WEIGHTED_TRACE("weighted.trace", "nats"),
    /** E L(θ + ρz) − L(θ) over independent standard normal z: ρ²/2 of tr H where ρ is small. */
    AVERAGE_SHARPNESS("average.sharpness", "nats"),
    /** The same with z scaled by |θ|, entry by entry: ρ²/2 of the adaptive trace where ρ is small. */
    ADAPTIVE_SHARPNESS("adaptive.sharpness", "nats"),
    /** L(θ + ρg/‖g‖) − L(θ), g the gradient: the rise at the first-order maximiser in a ball, so at most the largest rise there. */
    SAM_SHARPNESS("sam.sharpness", "nats"),
    /** The largest eigenvalue of a data set's mean Hessian, on average over data sets. */
    TOP_EIGENVALUE("hessian.top.eigenvalue", "nats"),
    /** tr F over all weights but the tables of words, positions and types. */
    FISHER_TRACE_WITHOUT_TABLES("fisher.trace.without.tables", "nats"),
    /** tr H over all weights but the tables of words, positions and types. */
    HESSIAN_TRACE_WITHOUT_TABLES("hessian.trace.without.tables", "nats");

    private final String id;
    private final String unit;

    Quantity(String id, String unit) {
        this.id = id;
        this.unit = unit;
    }

    /** The name in the record and in metric labels. */
    @JsonValue
    public String id() {
        return id;
    }

    /** The unit of the value. */
    public String unit() {
        return unit;
    }

    /** The quantity of that name. */
    @JsonCreator
    public static Quantity of(String id) {
        return Arrays.stream(values())
                .filter(quantity -> quantity.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Refusal("quantity is '" + id + "': give one of "
                        + Arrays.stream(values()).map(Quantity::id).toList() + "."));
    }
}
