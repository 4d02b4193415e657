package basin.aggregator.analysis;

import basin.study.Association;
import basin.study.ClaimSpec;
import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.StudySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The requested rows of the table. Immutable.
 *
 * @param measures measures that are correlated with accuracy, in the table's order
 * @param associations requested correlation coefficients
 * @param given sets of covariates in addition to loss alone
 * @param within sets of strata in addition to the usual ones
 * @param named whether a question names the measures, so that no others are ranked
 */
public record Choice(
        List<String> measures,
        List<Association> associations,
        List<List<String>> given,
        List<List<String>> within,
        boolean named) {
    /** All rows. */
    public static final Choice ALL = of(QuestionSpec.OWN);

    /**
     * Returns the rows of a study's own table: all rows, and the row of its claim if they lack it.
     */
    public static Choice own(StudySpec study) {
        Optional<CorrelationRow> claimed = study.analysis().claim().map(ClaimSpec::row);
        return new Choice(
                ALL.measures,
                ALL.associations,
                with(ALL.given, claimed, Comparison.PARTIAL_GIVEN),
                with(ALL.within, claimed, Comparison.MATCHED_WITHIN),
                false);
    }

    private static List<List<String>> with(
            List<List<String>> sets, Optional<CorrelationRow> claimed, Comparison comparison) {
        return Stream.concat(
                        sets.stream(),
                        claimed
                                .filter(row -> row.comparison() == comparison)
                                .map(CorrelationRow::conditionedOn)
                                .stream())
                .distinct()
                .toList();
    }

    /** Returns the rows that a question requests. */
    public static Choice of(QuestionSpec question) {
        return new Choice(
                QuestionSpec.MEASURES.stream()
                        .filter(measure -> question.measures()
                                .orElse(QuestionSpec.MEASURES)
                                .contains(measure))
                        .toList(),
                Arrays.stream(Association.values())
                        .filter(one -> question.statistics()
                                .orElse(QuestionSpec.STATISTICS)
                                .contains(one.id()))
                        .toList(),
                question.given().orElse(QuestionSpec.USUAL_GIVEN),
                question.within().orElse(List.of()),
                question.measures().isPresent());
    }

    /**
     * Returns whether every table has a row for this set of strata: a single one of the usual
     * strata.
     */
    static boolean isUsual(List<String> strata) {
        return strata.size() == 1 && QuestionSpec.USUAL_STRATA.contains(strata.getFirst());
    }

    /** Returns whether a measure enters the ranking. The measure need not be in the table. */
    boolean competes(String measure) {
        return !named || measures.contains(measure);
    }

    boolean has(Association association) {
        return associations.contains(association);
    }

    /** Returns the flatness measures, the primary one first. */
    public List<Quantity> quantities() {
        return measures.stream()
                .filter(measure -> !measure.equals(Analysis.LOSS))
                .map(Quantity::of)
                .toList();
    }

    /**
     * Returns whether both the primary flatness measure and the loss are requested, which the row
     * of their difference requires.
     */
    boolean comparesWithLoss() {
        return measures.contains(Analysis.LOSS)
                && measures.contains(Analysis.MEASURES.getFirst().id());
    }
}
