package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.statistics.PairedMean;
import basin.record.Event;
import basin.record.Measured;
import basin.study.Arm;
import basin.study.EstimatorSpec;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A measure of a checkpoint for differences within pairs. Immutable.
 *
 * @param measure a flatness quantity, {@link ArmAnalysis#ACCURACY}, {@link ArmAnalysis#LOSS},
 *     {@link ArmAnalysis#STEPS} or {@link ArmAnalysis#GRADIENTS}
 * @param task task of an accuracy, otherwise empty
 * @param protocol protocol of an accuracy, otherwise empty
 * @param estimator estimator of a trace that only one entry measures, otherwise empty
 * @param unit unit of a difference
 * @param source function that reads the value
 */
record Readings(String measure, String task, String protocol, String estimator, String unit, Source source) {
    /** The number of batch gradients that a run has computed, if its arm is known. */
    static final Readings GRADIENTS_TAKEN = of(
            ArmAnalysis.GRADIENTS,
            "gradients of a batch",
            (checkpoint, arm) -> arm.map(own -> new Value(checkpoint.published().step() * own.gradientsAStep(), 0)));

    /** A function that reads a value from a checkpoint of a run of an arm. */
    @FunctionalInterface
    interface Source {
        Optional<Value> of(CheckpointState checkpoint, Optional<Arm> arm);
    }

    /** A value and its standard error. The value is not finite if the logarithm is undefined. */
    record Value(double number, double error) {
        static Value of(Measured measured) {
            return new Value(measured.value(), measured.standardError());
        }

        /** Returns the natural logarithm with its standard error by the delta method. */
        static Value logarithm(Measured trace) {
            return trace.value() > 0
                    ? new Value(StrictMath.log(trace.value()), trace.standardError() / trace.value())
                    : new Value(Double.NEGATIVE_INFINITY, 0);
        }

        boolean isFinite() {
            return Double.isFinite(number);
        }

        /** Returns this value minus the other. Both must be finite. */
        PairedMean.Pair less(Value other) {
            return new PairedMean.Pair(number - other.number, Math.hypot(error, other.error));
        }
    }

    Optional<Value> read(CheckpointState checkpoint, Optional<Arm> arm) {
        return source.of(checkpoint, arm);
    }

    private static Readings of(String measure, String unit, Source source) {
        return new Readings(measure, "", "", "", unit, source);
    }

    /** Returns the reading of a trace's natural logarithm. */
    private static Readings trace(
            Quantity quantity, String estimator, Function<CheckpointState, Optional<Event.FlatnessMeasured>> measured) {
        return new Readings(
                quantity.id(),
                "",
                "",
                estimator,
                "ln",
                (checkpoint, arm) -> measured.apply(checkpoint)
                        .map(Event.FlatnessMeasured::value)
                        .map(Value::logarithm));
    }

    /** Returns the readings of a study: ln of its traces, its accuracies, excess loss and steps. */
    static List<Readings> of(StudySpec study) {
        List<Readings> all = new ArrayList<>();
        study.flatness().stream()
                .flatMap(requested -> requested.quantities().stream())
                .distinct()
                .filter(quantity -> quantity != Quantity.HESSIAN_FISHER_GAP) // It is signed and has no logarithm.
                .sorted()
                .forEach(quantity -> all.add(trace(quantity, "", checkpoint -> checkpoint.flatness(quantity))));
        for (TaskSpec task : study.tasks()) {
            for (ProtocolSpec protocol : study.protocols()) {
                all.add(new Readings(
                        ArmAnalysis.ACCURACY,
                        task.name(),
                        protocol.name(),
                        "",
                        "share",
                        (checkpoint, arm) -> checkpoint
                                .downstream(task.name(), protocol.name())
                                .map(Event.DownstreamMeasured::accuracy)
                                .map(Value::of)));
            }
        }
        all.add(of(
                ArmAnalysis.LOSS,
                "nats",
                (checkpoint, arm) -> Optional.of(Value.of(checkpoint.published().excess()))));
        all.add(of(
                ArmAnalysis.STEPS,
                "steps",
                (checkpoint, arm) ->
                        Optional.of(new Value(checkpoint.published().step(), 0))));
        return all;
    }

    /**
     * Returns the readings of ln traces of networks embedded in a larger architecture, one per
     * flatness entry of the study and quantity.
     */
    static List<Readings> embedded(StudySpec study) {
        List<Readings> all = new ArrayList<>();
        for (EstimatorSpec requested : study.flatness()) {
            if (requested.expandTo().isPresent()) {
                requested.quantities().stream()
                        .filter(quantity -> quantity != Quantity.HESSIAN_FISHER_GAP)
                        .sorted()
                        .forEach(quantity -> all.add(trace(
                                quantity,
                                requested.title(),
                                checkpoint -> checkpoint.flatness().stream()
                                        .filter(one -> one.quantity() == quantity
                                                && one.requested().equals(requested))
                                        .findFirst())));
            }
        }
        return all;
    }
}
