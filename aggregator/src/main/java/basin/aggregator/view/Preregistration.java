package basin.aggregator.view;

import basin.aggregator.analysis.Analysis;
import basin.aggregator.analysis.Row;
import basin.aggregator.present.Words;
import basin.record.Finding;
import basin.record.Interval;
import basin.study.Against;
import basin.study.AnalysisSpec;
import basin.study.ClaimSpec;
import basin.study.CorrelationRow;
import basin.study.StudySpec;
import java.util.List;
import java.util.Optional;

/**
 * The verdict on a registered claim. It holds if both interval and p-value are significant on the
 * expected side. It is contradicted if both are significant on the other side. Otherwise there is
 * no verdict.
 */
final class Preregistration {
    private Preregistration() {}

    /**
     * Returns the claim of a study with its verdict by the study's own question, if it registered a
     * claim.
     */
    static Optional<StudyView.Claim> of(StudySpec study, List<Row> rows) {
        AnalysisSpec analysis = study.analysis();
        Against against = study.language().against();
        return analysis.claim().map(claim -> {
            Optional<Finding> finding = rows.stream()
                    .filter(row -> row.requested().equals(claim.row()))
                    .map(Row::finding)
                    .findFirst();
            String verdict = verdict(claim, finding, 1 - analysis.confidence());
            String said = switch (verdict) {
                case "holds" -> "It holds";
                case "contradicted" -> "It is contradicted";
                case "not judged yet" -> "It is judged when everything is measured";
                default -> "Inconclusive";
            };
            return claim(
                    claim,
                    against,
                    verdict,
                    "Registered claim: " + statement(claim, against) + " " + said
                            + finding.map(found -> numbers(claim, found))
                                    .orElse(".")
                                    .stripTrailing());
        });
    }

    /**
     * Returns the claim for display next to the answer to another question, which cannot judge it.
     */
    static StudyView.Claim elsewhere(ClaimSpec claim, Against against) {
        return claim(
                claim,
                against,
                "not asked here",
                "The study registered one claim: " + statement(claim, against)
                        + " This is the answer to another question, asked later: all of it is exploratory, and the"
                        + " study's own table judges the claim.");
    }

    private static StudyView.Claim claim(ClaimSpec claim, Against against, String verdict, String sentence) {
        return new StudyView.Claim(claim, claim.sha256(), statement(claim, against), verdict, sentence);
    }

    private static String verdict(ClaimSpec claim, Optional<Finding> finding, double significance) {
        if (finding.isEmpty() || finding.get().provisional()) {
            return "not judged yet";
        }
        Finding found = finding.get();
        if (found.status() != Finding.Status.ESTIMATE
                || found.interval().isEmpty()
                || found.p().isEmpty()) {
            return "inconclusive";
        }
        Interval interval = found.interval().get();
        // The tolerance is needed because 1 - confidence is rounded.
        boolean reported = found.p().get() <= significance + 1e-12 && (interval.low() > 0 || interval.high() < 0);
        if (!reported) {
            return "inconclusive";
        }
        return (interval.low() > 0) == (claim.expects() == ClaimSpec.Sign.POSITIVE) ? "holds" : "contradicted";
    }

    private static String numbers(ClaimSpec claim, Finding found) {
        return found.status() == Finding.Status.ESTIMATE
                ? ": " + Headline.numbers(claim.statistic(), found) + "."
                : ": " + found.runs() + " of " + found.declared() + " runs can be compared.";
    }

    private static String statement(ClaimSpec claim, Against against) {
        CorrelationRow row = claim.row();
        String compared = Views.compared(row, Optional.of(against));
        String what = Words.letter(claim.statistic()) + " of "
                + switch (claim.measure()) {
                    case Analysis.LOSS -> "−" + against.quantity() + " with accuracy";
                    case Analysis.DIFFERENCE -> "flatness with accuracy, minus that of −" + against.quantity() + ",";
                    default -> "−ln " + claim.measure() + " with accuracy";
                };
        return Words.capital(compared) + ", " + what + " on task "
                + claim.task() + " by " + claim.protocol() + " is "
                + (claim.expects() == ClaimSpec.Sign.POSITIVE ? "positive." : "negative.");
    }
}
