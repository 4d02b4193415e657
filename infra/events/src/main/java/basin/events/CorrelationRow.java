package basin.events;

import java.util.Optional;

/**
 * What is correlated with what.
 *
 * @param comparison which points enter
 * @param level the matched excess loss in nats, where runs are matched
 * @param measure a {@link Quantity}'s id (as −log of it, so that more is flatter), {@code loss} (as −excess), or {@code
 *     difference}: the correlation of the primary flatness less that of the loss
 * @param task task name
 * @param protocol protocol name
 * @param statistic {@code spearman}, {@code kendall} or {@code pearson}
 */
public record CorrelationRow(
        Comparison comparison, Optional<Double> level, String measure, String task, String protocol, String statistic) {

    /** Which points of the runs are compared, and how. */
    public enum Comparison {
        /** Every run's last checkpoint. */
        RAW,
        /** Every run's first checkpoint at or below the level. */
        MATCHED,
        /** Matched, pairs of runs within one learning rate only: across sizes. */
        MATCHED_WITHIN_RATE,
        /** Matched, pairs of runs within one size only: across rates. */
        MATCHED_WITHIN_SIZE,
        /** Last checkpoints, the loss held by partial rank correlation. */
        PARTIAL_GIVEN_LOSS,
        /** All checkpoints of all runs, resampled by run: a description, for a run's checkpoints are not independent. */
        ALL_CHECKPOINTS,
        /** As {@link #RAW}, with the runs that were trained against a task among them. */
        RAW_WITH_ADVERSARIES,
        /** As {@link #MATCHED}, with the runs that were trained against a task among them. */
        MATCHED_WITH_ADVERSARIES
    }
}
