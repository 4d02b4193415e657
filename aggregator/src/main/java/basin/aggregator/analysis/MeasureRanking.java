package basin.aggregator.analysis;

import basin.record.Finding;
import basin.record.Interval;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * Every measure of a study beside every other, the loss among them: how each goes with accuracy over the same runs at equal loss, and
 * which differences can be told. Immutable.
 *
 * @param level loss above the optimum, or held-out loss (nats), at which runs are compared
 * @param within what runs of a stratum have in common; empty where all are compared
 * @param runs that have a value of every measure, in strata of at least two
 * @param strata of at least two runs
 * @param declared runs of the study
 * @param ranked by their correlation, the highest first, those without one last
 * @param differences of all pairs, the first of each pair being higher in the list of ranked; empty while runs are to come
 * @param best that tells more than every other by the interval of each difference, and more than nothing by its own; absent where
 *     two cannot be told apart
 * @param sentence what can be told, and what cannot
 * @param note on runs that are left out; may be empty
 */
public record MeasureRanking(
        String task,
        String protocol,
        double level,
        List<String> within,
        int runs,
        int strata,
        int declared,
        boolean provisional,
        List<RankedMeasure> ranked,
        List<Difference> differences,
        Optional<String> best,
        String sentence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String note) {
    /**
     * A measure.
     *
     * @param measure a quantity's id, smaller being flatter, or {@code loss}
     * @param finding Kendall's τ with accuracy above the untrained network, within strata
     */
    public record RankedMeasure(String measure, Finding finding) {}

    /**
     * The τ of one measure less that of another.
     *
     * @param value from −2 to 2
     * @param interval holds together with those of all pairs of this ranking
     * @param p adjusted for all pairs of this ranking
     * @param q the same, adjusted for all rankings of the study too (Benjamini and Hochberg)
     */
    public record Difference(
            String measure,
            String other,
            double value,
            Optional<Interval> interval,
            Optional<Double> p,
            Optional<Double> q) {}
}
