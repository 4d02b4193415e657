package basin.study;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The reference that losses are measured against. It alone decides the name of a study's loss
 * wherever the loss is shown.
 */
public enum Against {
    /** The language's optimal loss, which is known. The reported loss is the excess over it. */
    @JsonProperty("optimum")
    OPTIMUM("excess loss", "excess", "excess", "mean over sentences less the exact optimum"),

    /**
     * No reference, because the optimum is unknown. The reported loss is the cross-entropy on
     * held-out sentences.
     */
    @JsonProperty("held-out")
    HELD_OUT(
            "held-out loss",
            "held-out loss",
            "held-out",
            "mean over held-out sentences of −ln p of the hidden word; the optimum is unknown");

    private final String quantity;
    private final String level;
    private final String kind;
    private final String estimator;

    Against(String quantity, String level, String kind, String estimator) {
        this.quantity = quantity;
        this.level = level;
        this.kind = kind;
        this.estimator = estimator;
    }

    /** Returns the quantity's name, as in "excess loss 0.1 nats". */
    public String quantity() {
        return quantity;
    }

    /** Returns the quantity's name in comparisons of runs, as in "at equal loss, excess 0.1". */
    public String level() {
        return level;
    }

    /** Returns the kind of loss in data and metrics: {@code excess} or {@code held-out}. */
    public String kind() {
        return kind;
    }

    /** Returns a description of how the loss is estimated. */
    public String estimator() {
        return estimator;
    }
}
