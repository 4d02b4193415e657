package basin.cli.document;

import basin.aggregator.analysis.MeasureRanking;
import basin.study.ProgramVersion;
import java.util.List;
import java.util.Optional;

/**
 * The ranking of measures by their correlation with accuracy, as printed by {@code basin rank
 * --json}.
 *
 * @param program version of the program that wrote this
 * @param study the study
 * @param task task whose accuracy counts
 * @param protocol protocol that measures the accuracy
 * @param level loss at which runs are compared, nats
 * @param within properties that compared runs have in common; empty if all runs are compared
 * @param runs number of runs with a value of every measure
 * @param strata number of strata of at least two runs
 * @param declared number of declared runs of the study
 * @param provisional whether some runs have not ended
 * @param ranked the measures, the highest correlation first
 * @param differences differences of all pairs, the higher-ranked measure first
 * @param best measure that is above every other; null if none is
 * @param sentence conclusion in words
 * @param excluded sentence on excluded runs; may be empty
 */
public record RankDocument(
        ProgramVersion program,
        StudyReference study,
        String task,
        String protocol,
        double level,
        List<String> within,
        int runs,
        int strata,
        int declared,
        boolean provisional,
        List<Ranked> ranked,
        List<Difference> differences,
        Optional<String> best,
        String sentence,
        String excluded) {
    public RankDocument {
        within = List.copyOf(within);
        ranked = List.copyOf(ranked);
        differences = List.copyOf(differences);
    }

    /**
     * A measure.
     *
     * @param measure id of a quantity, or loss
     * @param kendall Kendall's τ with accuracy above the untrained network; null if it has none
     * @param p two-sided permutation p-value; null if it is not known
     * @param note why there is no estimate, or a caution; may be empty
     */
    public record Ranked(String measure, Optional<UncertainNumber> kendall, Optional<Double> p, String note) {}

    /**
     * The τ of one measure minus that of another.
     *
     * @param measure the measure that ranks higher
     * @param other the other measure
     * @param kendall the difference, with an interval that holds for all pairs together
     * @param p p-value adjusted for all pairs of this ranking; null if it is not known
     * @param q p-value adjusted for all rankings of the study too; null if it is not known
     */
    public record Difference(
            String measure, String other, UncertainNumber kendall, Optional<Double> p, Optional<Double> q) {}

    /** Returns the document of a ranking. */
    public static RankDocument of(StudyReference study, MeasureRanking ranking) {
        return new RankDocument(
                ProgramVersion.current(),
                study,
                ranking.task(),
                ranking.protocol(),
                ranking.level(),
                ranking.within(),
                ranking.runs(),
                ranking.strata(),
                ranking.declared(),
                ranking.provisional(),
                ranking.ranked().stream()
                        .map(one -> new Ranked(
                                one.measure(),
                                UncertainNumber.of(one.finding()),
                                one.finding().p(),
                                one.finding().note()))
                        .toList(),
                ranking.differences().stream()
                        .map(one -> new Difference(
                                one.measure(),
                                one.other(),
                                UncertainNumber.of(one.value(), one.interval(), ranking.runs()),
                                one.p(),
                                one.q()))
                        .toList(),
                ranking.best(),
                ranking.sentence(),
                ranking.note());
    }
}
