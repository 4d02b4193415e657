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

    Finding notYet(int runs, int needed, String note) {
        return empty(
                Finding.Status.NOT_YET,
                runs,
                (runs + " of at least " + needed + " runs that are needed. " + note).strip());
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
            case Inference.NotYet notYet ->
                empty(Finding.Status.NOT_YET, notYet.runs(), (notYet.reason() + " " + note).strip());
            case Inference.NotIdentifiable not ->
                empty(Finding.Status.NOT_IDENTIFIABLE, not.runs(), (not.reason() + " " + note).strip());
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
                note);
    }

    private Finding empty(Finding.Status status, int runs, String note) {
        return new Finding(
                status, Optional.empty(), Optional.empty(), Optional.empty(), runs, declared, provisional, "", note);
    }
}
