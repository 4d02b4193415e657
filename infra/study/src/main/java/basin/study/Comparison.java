package basin.study;

/**
 * A choice of the runs' points that are compared, and of the method. The constants are in the
 * table's order.
 */
public enum Comparison {
    /** Every run's last checkpoint. */
    RAW("Last checkpoints", "raw: loss is not held"),
    /** Every run's first checkpoint at or below the level. */
    MATCHED("At equal loss", "each run’s first checkpoint there"),
    /**
     * Matched checkpoints, comparing only pairs of runs with the same learning rate: across sizes.
     */
    MATCHED_WITHIN_RATE("At equal loss, within a rate", "across sizes"),
    /** Matched checkpoints, comparing only pairs of runs of the same size: across rates. */
    MATCHED_WITHIN_SIZE("At equal loss, within a size", "across rates"),
    /** Last checkpoints, with a partial rank correlation given the loss. */
    PARTIAL_GIVEN_LOSS("Last checkpoints, loss held", "partial rank correlation"),
    /**
     * All checkpoints of all runs, resampled by run. It is descriptive only, because a run's
     * checkpoints are not independent.
     */
    ALL_CHECKPOINTS("All checkpoints", "both follow the loss: a description only"),
    /** {@link #RAW}, including the runs that were trained against a task. */
    RAW_WITH_ADVERSARIES("Last checkpoints, all runs", "those trained against a task too"),
    /** {@link #MATCHED}, including the runs that were trained against a task. */
    MATCHED_WITH_ADVERSARIES("At equal loss, all runs", "those trained against a task too"),
    /**
     * Partial rank correlation given the row's covariates: over last checkpoints if the loss is
     * among them, otherwise over matched ones.
     */
    PARTIAL_GIVEN("Last checkpoints, more held", "partial rank correlation given "),
    /** Matched checkpoints, comparing only pairs of runs that share the row's strata. */
    MATCHED_WITHIN("At equal loss, within strata", "pairs of one ");

    private final String title;
    private final String more;

    Comparison(String title, String more) {
        this.title = title;
        this.more = more;
    }

    /** Returns a description of the comparison, for headings. */
    public String title() {
        return title;
    }

    /**
     * Returns an explanatory note. If it ends in a space, the names of covariates or strata follow.
     */
    public String more() {
        return more;
    }
}
