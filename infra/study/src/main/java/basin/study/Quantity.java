package basin.study;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/**
 * A quantity that a flatness estimator measures. All are properties of the population pre-training
 * loss, in nats per predicted token.
 */
public enum Quantity {
    /**
     * tr F: the trace of the Fisher information with labels drawn from the model, equal to the
     * Gauss-Newton trace.
     */
    FISHER_TRACE("fisher.trace", "tr F", "trace of the Fisher information"),
    /**
     * tr H: the trace of the full Hessian, for labels from the exact conditional or sampled labels,
     * as the estimator says.
     */
    HESSIAN_TRACE("hessian.trace", "tr H", "trace of the Hessian"),
    /**
     * tr(|θ| H |θ|): the trace in coordinates scaled by the weights, invariant when scale moves
     * between layers.
     */
    ADAPTIVE_TRACE("adaptive.trace", "tr |θ|H|θ|", "adaptive trace"),
    /** tr H − tr F: zero if the model is the true conditional. */
    HESSIAN_FISHER_GAP("hessian.fisher.gap", "tr H − tr F", "trace of the Hessian less that of the Fisher information"),
    /**
     * The mean squared gradient with labels from the language's exact conditional. It equals tr F
     * if the model is the true conditional.
     */
    DATA_FISHER_TRACE(
            "data.fisher.trace", "tr F of the data", "mean squared gradient with labels from the exact conditional"),
    /** tr H divided by the number of parameters. */
    HESSIAN_TRACE_PER_PARAMETER("hessian.trace.per.parameter", "tr H / p", "trace of the Hessian a parameter"),
    /**
     * Σ over named tensors of the squared norm times the tensor's share of tr H: invariant when one
     * is scaled up and another down.
     */
    WEIGHTED_TRACE("weighted.trace", "Σ‖w‖² tr H", "Σ over tensors of ‖w‖² times their share of tr H"),
    /** E L(θ + ρz) − L(θ) over independent standard normal z: ρ²/2 · tr H for small ρ. */
    AVERAGE_SHARPNESS("average.sharpness", "average sharpness", "average sharpness E L(θ + ρz) − L(θ)"),
    /**
     * The average sharpness with z scaled by |θ| entry by entry: ρ²/2 of the adaptive trace for
     * small ρ.
     */
    ADAPTIVE_SHARPNESS("adaptive.sharpness", "adaptive sharpness", "average sharpness with z scaled by |θ|"),
    /**
     * L(θ + ρg/‖g‖) − L(θ), where g is the gradient: the rise at the first-order maximiser in a
     * ball, and so at most the largest rise there.
     */
    SAM_SHARPNESS("sam.sharpness", "SAM sharpness", "rise of the loss at the first-order maximiser"),
    /** The largest eigenvalue of a data set's mean Hessian, averaged over data sets. */
    TOP_EIGENVALUE("hessian.top.eigenvalue", "λ max", "largest eigenvalue of the Hessian"),
    /** tr F over all weights except the tables of words, positions and types. */
    FISHER_TRACE_WITHOUT_TABLES(
            "fisher.trace.without.tables",
            "tr F without tables",
            "trace of the Fisher information over all weights but the tables"),
    /** tr H over all weights except the tables of words, positions and types. */
    HESSIAN_TRACE_WITHOUT_TABLES(
            "hessian.trace.without.tables",
            "tr H without tables",
            "trace of the Hessian over all weights but the tables");

    private final String id;
    private final String symbol;
    private final String title;

    Quantity(String id, String symbol, String title) {
        this.id = id;
        this.symbol = symbol;
        this.title = title;
    }

    /** Returns the name in the record and in metric labels. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Returns the unit of the value, the same for all quantities. */
    public String unit() {
        return "nats";
    }

    /** Returns a short symbol for tables and axes, such as {@code tr H}. */
    public String symbol() {
        return symbol;
    }

    /** Returns the title for sentences and legends, such as {@code trace of the Hessian}. */
    public String title() {
        return title;
    }

    /**
     * Returns the quantity of that name.
     *
     * @throws Refusal if no quantity has that name
     */
    @JsonCreator
    public static Quantity of(String id) {
        return Arrays.stream(values())
                .filter(quantity -> quantity.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Refusal("quantity is '" + id + "': give one of "
                        + Arrays.stream(values()).map(Quantity::id).toList() + "."));
    }
}
