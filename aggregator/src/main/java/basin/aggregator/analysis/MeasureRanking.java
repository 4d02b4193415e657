package basin.aggregator.analysis;

import basin.record.Finding;
import basin.record.Interval;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * A ranking of all measures of a study, including loss, by their correlation with accuracy over the
 * same runs at equal loss, with the differences between measures. Immutable.
 *
 * @param level excess loss or held-out loss (nats) at which runs are compared
 * @param within variables that define the strata; empty if all runs are compared
 * @param runs number of runs with a value of every measure, in strata of at least two
 * @param strata number of strata of at least two runs
 * @param declared number of declared runs of the study
 * @param ranked measures by descending correlation; those without an estimate come last
 * @param differences differences of all pairs, the higher-ranked measure first; empty while results
 *     are provisional
 * @param best measure whose correlation is above every other, by the interval of each difference,
 *     and above zero, by its own interval; absent if no measure is
 * @param sentence conclusion in words
 * @param note sentence on excluded runs; may be empty
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
    /** Returns the ranking of a study to which no more results will come. */
    public MeasureRanking settled() {
        return new MeasureRanking(
                task,
                protocol,
                level,
                within,
                runs,
                strata,
                declared,
                provisional,
                ranked.stream()
                        .map(one -> new RankedMeasure(one.measure(), Findings.settled(one.finding())))
                        .toList(),
                differences,
                best,
                sentence,
                note);
    }

    /**
     * A measure with its correlation.
     *
     * @param measure a quantity's id (smaller is flatter), or {@code loss}
     * @param finding Kendall's τ within strata with accuracy minus that of the untrained network
     */
    public record RankedMeasure(String measure, Finding finding) {}

    /**
     * The τ of one measure minus the τ of another.
     *
     * @param value difference in [−2, 2]
     * @param interval simultaneous interval over all pairs of this ranking
     * @param p p-value adjusted for all pairs of this ranking
     * @param q the p-value adjusted also for all rankings of the study (Benjamini and Hochberg)
     */
    public record Difference(
            String measure,
            String other,
            double value,
            Optional<Interval> interval,
            Optional<Double> p,
            Optional<Double> q) {}
}
