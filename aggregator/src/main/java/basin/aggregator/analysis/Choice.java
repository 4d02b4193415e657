package basin.aggregator.analysis;

import basin.aggregator.statistics.Association;
import basin.events.Quantity;
import basin.events.spec.QuestionSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which rows of the table are asked for. Immutable.
 *
 * @param measures what is correlated with accuracy, in the table's order
 * @param associations by which correlations
 */
public record Choice(List<String> measures, List<Association> associations) {
    /** Every row. */
    public static final Choice ALL = of(QuestionSpec.OWN);

    public Choice {
        measures = List.copyOf(measures);
        associations = List.copyOf(associations);
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
                                .contains(one.name().toLowerCase(Locale.ROOT)))
                        .toList());
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
