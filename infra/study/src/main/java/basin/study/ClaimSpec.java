package basin.study;

import static basin.study.Checks.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one claim that a study registers before its first run: a row of its table of correlations,
 * and the expected sign. It is part of the study's spec, and therefore of the study's id and first
 * event. It cannot be changed afterwards. Immutable.
 *
 * @param task the task whose accuracy is correlated
 * @param protocol the protocol that measures the accuracy
 * @param measure the quantity correlated with the accuracy: a flatness, {@code loss} or {@code
 *     difference}
 * @param statistic one of {@link QuestionSpec#STATISTICS}
 * @param match excess loss (nats) at which runs are compared; absent for every run's last
 *     checkpoint
 * @param within strata from {@link QuestionSpec#STRATA}: only pairs of runs in the same stratum
 *     count; empty for all pairs
 * @param given covariates of a partial rank correlation, from {@link QuestionSpec#COVARIATES}; may
 *     be empty
 * @param expects expected sign of the correlation
 */
public record ClaimSpec(
        String task,
        String protocol,
        String measure,
        String statistic,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> match,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> within,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> given,
        Sign expects) {
    /** The table's name for the difference between the correlations of flatness and loss. */
    private static final String DIFFERENCE = "difference";

    private static final String LOSS = "loss";
    private static final String FIELD = "analysis.claim.";

    /** The quantities that a claim can be about. */
    public static final List<String> MEASURES =
            Stream.concat(QuestionSpec.MEASURES.stream(), Stream.of(DIFFERENCE)).toList();

    /** The expected sign of a correlation. */
    public enum Sign {
        /**
         * Flatter models, or those of lower loss, transfer better. For a difference, flatness
         * predicts better.
         */
        POSITIVE,
        /**
         * Flatter models, or those of lower loss, transfer worse. For a difference, loss predicts
         * better.
         */
        NEGATIVE
    }

    public ClaimSpec {
        among("measure", measure, MEASURES);
        among("statistic", statistic, QuestionSpec.STATISTICS);
        match.ifPresent(level -> Checks.positive(FIELD + "match", level));
        within = QuestionSpec.ordered(FIELD + "within", within, QuestionSpec.STRATA);
        given = QuestionSpec.ordered(FIELD + "given", given, QuestionSpec.COVARIATES);
        require(
                within.isEmpty() || given.isEmpty(),
                FIELD + "given",
                given,
                "leave it out, or leave out within: runs are stratified or held by partial correlation");
        require(
                within.isEmpty() || match.isPresent(),
                FIELD + "within",
                within,
                "give a match too, for runs are stratified at equal loss");
        require(
                within.isEmpty() || statistic.equals(Association.KENDALL.id()),
                FIELD + "statistic",
                "'" + statistic + "'",
                "give kendall, the statistic of rows within strata");
        require(
                given.isEmpty() || statistic.equals(Association.SPEARMAN.id()),
                FIELD + "statistic",
                "'" + statistic + "'",
                "give spearman, the statistic of partial correlations");
        require(
                given.isEmpty() || given.contains(LOSS) == match.isEmpty(),
                FIELD + "given",
                given,
                match.isPresent()
                        ? "leave out loss, which is matched"
                        : "name loss among them, or give the excess loss to match");
        require(
                !measure.equals(LOSS) || !given.contains(LOSS),
                FIELD + "measure",
                "'" + LOSS + "'",
                "give a flatness, because the loss is controlled for");
        require(
                !measure.equals(DIFFERENCE) || (statistic.equals(Association.SPEARMAN.id()) && given.isEmpty()),
                FIELD + "statistic",
                "'" + statistic + "'",
                "give spearman, without given, for that is the difference's row");
    }

    /** Returns the row of the table of correlations that the claim is about. */
    public CorrelationRow row() {
        Comparison comparison;
        List<String> held = List.of();
        if (!given.isEmpty()) {
            comparison = given.equals(List.of(LOSS)) ? Comparison.PARTIAL_GIVEN_LOSS : Comparison.PARTIAL_GIVEN;
            held = comparison == Comparison.PARTIAL_GIVEN ? given : List.of();
        } else if (within.isEmpty()) {
            comparison = match.isPresent() ? Comparison.MATCHED : Comparison.RAW;
        } else if (within.size() == 1 && QuestionSpec.USUAL_STRATA.contains(within.getFirst())) {
            comparison =
                    within.getFirst().equals("rate") ? Comparison.MATCHED_WITHIN_RATE : Comparison.MATCHED_WITHIN_SIZE;
        } else {
            comparison = Comparison.MATCHED_WITHIN;
            held = within;
        }
        return new CorrelationRow(comparison, match, measure, task, protocol, statistic, held);
    }

    /** Returns the SHA-256 of its canonical JSON, 64 hexadecimal digits. */
    public String sha256() {
        return Sha256.hex(Json.canonical(this));
    }

    /**
     * Refuses a claim about something that the study does not have. {@code cells} are the size and
     * rate of each run that enters correlations.
     */
    void fits(
            Problems problems,
            Collection<String> tasks,
            Collection<String> protocols,
            Collection<Double> levels,
            Collection<EstimatorSpec> flatness,
            List<Cell> cells) {
        problems.attempt(() -> among("task", task, tasks));
        problems.attempt(() -> among("protocol", protocol, protocols));
        match.ifPresent(level -> problems.require(
                levels.contains(level), FIELD + "match", level, "give one of the levels of analysis.match, " + levels));
        String trace = measure.equals(DIFFERENCE) ? QuestionSpec.MEASURES.getFirst() : measure;
        problems.require(
                trace.equals(LOSS)
                        || flatness.stream()
                                .anyMatch(entry -> entry.quantities().contains(Quantity.of(trace))),
                FIELD + "measure",
                "'" + measure + "'",
                "give what an estimator of the study measures, or add one of " + trace + " under flatness");
        problems.require(
                within.isEmpty() || strata(cells, within) < cells.size(),
                FIELD + "within",
                within,
                "leave some out, or add sizes, rates or seeds, for no two runs of the study have these in common");
        for (String one : within) {
            problems.require(
                    !QuestionSpec.USUAL_STRATA.contains(one) || strata(cells, List.of(one)) > 1,
                    FIELD + "within",
                    "'" + one + "'",
                    "leave it out, for all runs of the study have the same " + one);
        }
    }

    private static long strata(List<Cell> cells, List<String> within) {
        return cells.stream().map(cell -> cell.stratum(within)).distinct().count();
    }

    /** The size and learning rate of a run. */
    record Cell(String size, double learningRate) {
        /** Returns the part of a stratum that the grid determines. */
        private List<Object> stratum(List<String> within) {
            return within.stream()
                    .filter(QuestionSpec.USUAL_STRATA::contains)
                    .<Object>map(one -> one.equals("size") ? size : learningRate)
                    .toList();
        }
    }

    private static void among(String field, String value, Collection<String> known) {
        require(known.contains(value), FIELD + field, "'" + value + "'", "give one of " + String.join(", ", known));
    }
}
