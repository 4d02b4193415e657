package basin.aggregator.analysis;

import basin.aggregator.statistics.Inference;
import basin.record.Finding;
import basin.record.Interval;
import java.util.Optional;

/**
 * Conversion of inference results to findings of the record.
 *
 * @param declared number of runs that the study declared
 * @param provisional whether runs or measurements are missing
 */
record Findings(int declared, boolean provisional) {

    /** Returns the finding of too few runs: for now, or for good if all results are there. */
    Finding tooFew(int runs, int needed, String note) {
        return tooFew(runs, needed, runs + " of at least " + needed + " runs that are needed.", note);
    }

    private Finding tooFew(int runs, int needed, String reason, String note) {
        return empty(
                provisional ? Finding.Status.NOT_YET : Finding.Status.TOO_FEW_RUNS,
                runs,
                (reason + " " + note).strip(),
                Optional.of(needed));
    }

    /** Returns the finding with {@code NOT_YET} replaced, because no more runs will come. */
    static Finding settled(Finding finding) {
        return finding.status() == Finding.Status.NOT_YET
                ? new Finding(
                        Finding.Status.TOO_FEW_RUNS,
                        finding.value(),
                        finding.interval(),
                        finding.p(),
                        finding.runs(),
                        finding.declared(),
                        finding.provisional(),
                        finding.method(),
                        finding.note(),
                        finding.needed())
                : finding;
    }

    /** Returns the finding of a measure that the study never asked for. */
    Finding notMeasured() {
        return empty(Finding.Status.NOT_MEASURED, 0, "The study does not measure it.", Optional.empty());
    }

    Finding of(Inference inferred, int runs, String note) {
        return switch (inferred) {
            case Inference.Estimate estimate ->
                estimate(
                        estimate.value(),
                        Optional.of(estimate.interval().recorded()),
                        estimate.p().map(p -> p.value()),
                        estimate.runs(),
                        estimate.interval().methods(estimate.p()),
                        note);
            case Inference.NotYet notYet -> tooFew(notYet.runs(), notYet.needed(), notYet.reason(), note);
            case Inference.NotIdentifiable not ->
                empty(
                        Finding.Status.NOT_IDENTIFIABLE,
                        not.runs(),
                        (not.reason() + " " + note).strip(),
                        Optional.empty());
        };
    }

    Finding estimate(
            double value, Optional<Interval> interval, Optional<Double> p, int runs, String method, String note) {
        return new Finding(
                Finding.Status.ESTIMATE,
                Optional.of(value + 0.0),
                interval,
                p,
                runs,
                declared,
                provisional,
                method,
                note,
                Optional.empty());
    }

    private Finding empty(Finding.Status status, int runs, String note, Optional<Integer> needed) {
        return new Finding(
                status,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                runs,
                declared,
                provisional,
                "",
                note,
                needed);
    }
}
