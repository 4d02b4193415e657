package basin.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
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
 * @param held what is held besides: covariates of a partial correlation, or what runs of a stratum have in common, in the order of {@link
 *     basin.study.QuestionSpec#COVARIATES}; empty where the comparison says all, and its form in the record is then without the field
 */
public record CorrelationRow(
        Comparison comparison,
        Optional<Double> level,
        String measure,
        String task,
        String protocol,
        String statistic,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> held) {
    public CorrelationRow {
        held = List.copyOf(held);
    }

    /** A row in which the comparison says all that is held. */
    public CorrelationRow(
            Comparison comparison,
            Optional<Double> level,
            String measure,
            String task,
            String protocol,
            String statistic) {
        this(comparison, level, measure, task, protocol, statistic, List.of());
    }

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
        MATCHED_WITH_ADVERSARIES,
        /** What is held is held by partial rank correlation: over last checkpoints where the loss is among it, else over matched ones. */
        PARTIAL_GIVEN,
        /** Matched, pairs of runs only that have what is held in common. */
        MATCHED_WITHIN
    }
}
