package basin.study;

/** Which points of the runs are compared, and how, in the table's order. */
public enum Comparison {
    /** Every run's last checkpoint. */
    RAW("Last checkpoints", "raw: loss is not held"),
    /** Every run's first checkpoint at or below the level. */
    MATCHED("At equal loss", "each run’s first checkpoint there"),
    /** Matched, pairs of runs within one learning rate only: across sizes. */
    MATCHED_WITHIN_RATE("At equal loss, within a rate", "across sizes"),
    /** Matched, pairs of runs within one size only: across rates. */
    MATCHED_WITHIN_SIZE("At equal loss, within a size", "across rates"),
    /** Last checkpoints, the loss held by partial rank correlation. */
    PARTIAL_GIVEN_LOSS("Last checkpoints, loss held", "partial rank correlation"),
    /**
     * All checkpoints of all runs, resampled by run: a description, because a run's checkpoints are
     * not independent.
     */
    ALL_CHECKPOINTS("All checkpoints", "both follow the loss: a description only"),
    /** As {@link #RAW}, with the runs that were trained against a task among them. */
    RAW_WITH_ADVERSARIES("Last checkpoints, all runs", "those trained against a task too"),
    /** As {@link #MATCHED}, with the runs that were trained against a task among them. */
    MATCHED_WITH_ADVERSARIES("At equal loss, all runs", "those trained against a task too"),
    /**
     * Partial rank correlation given the row's covariates: over last checkpoints where the loss is
     * among them, else over matched ones.
     */
    PARTIAL_GIVEN("Last checkpoints, more held", "partial rank correlation given "),
    /** Matched, only pairs of runs that have the row's strata in common. */
    MATCHED_WITHIN("At equal loss, within strata", "pairs of one ");

    private final String title;
    private final String more;

    Comparison(String title, String more) {
        this.title = title;
        this.more = more;
    }

    /** What is compared, for headings. */
    public String title() {
        return title;
    }

    /** What a reader should know of it; the held names follow where it ends in a space. */
    public String more() {
        return more;
    }
}
