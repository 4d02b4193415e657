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
 * Which rows of the table are asked for. Immutable.
 *
 * @param measures what is correlated with accuracy, in the table's order
 * @param associations by which correlations
 * @param given sets of covariates that are held besides the loss alone
 * @param within sets of strata besides the usual ones
 * @param named whether a question names the measures, so that no others compete with one another
 */
public record Choice(
        List<String> measures,
        List<Association> associations,
        List<List<String>> given,
        List<List<String>> within,
        boolean named) {
    /** Every row. */
    public static final Choice ALL = of(QuestionSpec.OWN);

    /** The rows of a study's own table: every row, and that of its claim where the others lack it. */
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

    /** The rows that a question asks for. */
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

    /** Whether a stratum alone has a row of its own in every table. */
    static boolean isUsual(List<String> strata) {
        return strata.size() == 1 && QuestionSpec.USUAL_STRATA.contains(strata.getFirst());
    }

    /** Whether a measure, which may be none of the table's, enters the ranking. */
    boolean competes(String measure) {
        return !named || measures.contains(measure);
    }

    boolean has(Association association) {
        return associations.contains(association);
    }

    /** Flatness measures, the primary one first. */
    public List<Quantity> quantities() {
        return measures.stream()
                .filter(measure -> !measure.equals(Analysis.LOSS))
                .map(Quantity::of)
                .toList();
    }

    /** Whether the primary flatness and the loss are both asked for, so that their difference can be. */
    boolean comparesWithLoss() {
        return measures.contains(Analysis.LOSS)
                && measures.contains(Analysis.MEASURES.getFirst().id());
    }
}
