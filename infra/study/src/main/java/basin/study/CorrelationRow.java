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
 * @param conditionedOn what is held besides: covariates of a partial correlation, or what runs of a stratum have in common, in the order of {@link
 *     basin.study.QuestionSpec#COVARIATES}; empty where the comparison says all, and its form in the record is then without the field
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
}
