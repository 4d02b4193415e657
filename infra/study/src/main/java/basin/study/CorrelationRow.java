package basin.study;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * The identity of a row in the table of correlations.
 *
 * @param comparison the points that enter
 * @param level matched excess loss in nats, if runs are matched
 * @param measure a {@link Quantity}'s id (as −log of it, so that larger is flatter), {@code loss}
 *     (as −excess), or {@code difference}: the correlation of the primary flatness minus that of
 *     the loss
 * @param task task name
 * @param protocol protocol name
 * @param statistic {@code spearman}, {@code kendall} or {@code pearson}
 * @param conditionedOn covariates of a partial correlation, or the strata, in the order of {@link
 *     basin.study.QuestionSpec#COVARIATES}; empty if the comparison implies them, and then left out
 *     of the record's JSON
 */
public record CorrelationRow(
        Comparison comparison,
        Optional<Double> level,
        String measure,
        String task,
        String protocol,
        String statistic,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> conditionedOn) {
    public CorrelationRow {
        conditionedOn = List.copyOf(conditionedOn);
    }

    /** Creates a row whose comparison implies the covariates and strata. */
    public CorrelationRow(
            Comparison comparison,
            Optional<Double> level,
            String measure,
            String task,
            String protocol,
            String statistic) {
        this(comparison, level, measure, task, protocol, statistic, List.of());
    }
}
