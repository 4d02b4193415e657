package basin.study;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What losses are measured against, and so what a study's loss is called wherever it is shown: here, and nowhere else. */
public enum Against {
    /** The language's optimal loss, which is known: the loss is the excess over it. */
    @JsonProperty("optimum")
    OPTIMUM(
            "excess loss",
            "excess",
            "excess",
            "Excess loss: KL from the optimum",
            "mean over sentences less the exact optimum"),

    /** Nothing, for the optimum is unknown: the loss is the cross-entropy of held-out sentences. */
    @JsonProperty("held-out")
    HELD_OUT(
            "held-out loss",
            "held-out loss",
            "held.out",
            "Held-out loss: cross-entropy of the hidden words of held-out sentences",
            "mean over held-out sentences of −ln p of the hidden word; the optimum is unknown");

    private final String quantity;
    private final String level;
    private final String metric;
    private final String about;
    private final String estimator;

    Against(String quantity, String level, String metric, String about, String estimator) {
        this.quantity = quantity;
        this.level = level;
        this.metric = metric;
        this.about = about;
        this.estimator = estimator;
    }

    /** The quantity, as in "excess loss 0.1 nats". */
    public String quantity() {
        return quantity;
    }

    /** The quantity where runs are compared, as in "at equal loss, excess 0.1". */
    public String level() {
        return level;
    }

    /** Its part of a metric's name, such as {@code basin.loss.excess}. */
    public String metric() {
        return metric;
    }

    /** The quantity, described for a metric. */
    public String about() {
        return about;
    }

    /** How the number comes about. */
    public String estimator() {
        return estimator;
    }
}
