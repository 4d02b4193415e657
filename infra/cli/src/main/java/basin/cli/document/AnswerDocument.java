package basin.cli.document;

import basin.aggregator.view.StudyView;
import basin.study.EnumName;
import basin.study.ProgramVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A study's answer with all correlations, as printed by {@code basin replay --json} and {@code
 * basin results --json}.
 *
 * @param program version of the program that wrote this
 * @param study the study
 * @param headline the answer in words
 * @param more what is missing, what would narrow the interval, and which runs are excluded; may be
 *     empty
 * @param levels losses at which runs are compared, nats, the highest first
 * @param band distance below a level within which a loss counts as matched, nats
 * @param lossKind excess, a loss above its known minimum, or held-out
 * @param claim what became of the registered claim; null if the study registered none
 * @param correlations the correlations, that of the registered claim first
 * @param files paths of the files and folders that were written
 */
public record AnswerDocument(
        ProgramVersion program,
        StudyReference study,
        String headline,
        String more,
        List<Double> levels,
        double band,
        String lossKind,
        Optional<Claim> claim,
        List<Correlation> correlations,
        List<String> files) {
    public AnswerDocument {
        levels = List.copyOf(levels);
        correlations = List.copyOf(correlations);
        files = List.copyOf(files);
    }

    /**
     * A claim that was registered before the study's first run.
     *
     * @param statement the claim in words
     * @param sha256 SHA-256 of the claim, 64 hexadecimal digits
     * @param verdict holds, contradicted, inconclusive, not judged yet, or not asked here
     */
    public record Claim(String statement, String sha256, String verdict) {}

    /**
     * The correlation of a measure with accuracy above the untrained network.
     *
     * @param comparison which checkpoints of which runs are compared, such as matched-within-size
     * @param level loss at which runs are compared, nats; null if they are not matched
     * @param measure id of a quantity, loss, or difference
     * @param task task whose accuracy counts
     * @param protocol protocol that measures the accuracy
     * @param statistic kendall, spearman or pearson
     * @param conditionedOn variables that are controlled for
     * @param primary whether the headline describes this row
     * @param registration registered or exploratory
     * @param status estimate, not-yet, not-identifiable or not-applicable
     * @param correlation the estimate; null if there is none
     * @param p two-sided permutation p-value; null if it is not known
     * @param declared number of runs that the study declared
     * @param provisional whether some runs have not ended
     * @param note why there is no estimate, or a caution; may be empty
     */
    public record Correlation(
            String comparison,
            Optional<Double> level,
            String measure,
            String task,
            String protocol,
            String statistic,
            List<String> conditionedOn,
            boolean primary,
            String registration,
            String status,
            Optional<UncertainNumber> correlation,
            Optional<Double> p,
            int declared,
            boolean provisional,
            String note) {
        public Correlation {
            conditionedOn = List.copyOf(conditionedOn);
        }

        static Correlation of(StudyView.RowView row) {
            return new Correlation(
                    EnumName.of(row.comparison()),
                    row.level(),
                    row.measure(),
                    row.task(),
                    row.protocol(),
                    row.statistic(),
                    row.conditionedOn(),
                    row.primary(),
                    row.registration(),
                    EnumName.of(row.finding().status()),
                    UncertainNumber.of(row.finding()),
                    row.finding().p(),
                    row.finding().declared(),
                    row.finding().provisional(),
                    row.finding().note());
        }
    }

    /** Returns the document of an answer. */
    public static AnswerDocument of(StudyView view, List<Path> written) {
        return new AnswerDocument(
                ProgramVersion.current(),
                StudyReference.of(view),
                view.headline(),
                view.more(),
                view.levels(),
                view.band(),
                view.loss().kind(),
                view.claim().map(claim -> new Claim(claim.statement(), claim.sha256(), claim.verdict())),
                view.rows().stream().map(Correlation::of).toList(),
                written.stream().map(Path::toString).toList());
    }
}
