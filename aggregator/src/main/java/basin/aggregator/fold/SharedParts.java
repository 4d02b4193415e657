package basin.aggregator.fold;

import basin.record.Event;
import basin.record.SpectralDensity;
import basin.study.RunSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets equal parts of many events be one object: a run's id, an estimator's settings or a language's optimum come with every event
 * anew, and would be most of the memory of a long log. Events are equal before and after. One thread.
 */
final class SharedParts {
    private final Map<Object, Object> known = new HashMap<>();

    /** An equal event whose repeated parts are shared. */
    Event in(Event event) {
        return switch (event) {
            case Event.LossMeasured loss ->
                new Event.LossMeasured(
                        one(loss.runId()),
                        loss.step(),
                        loss.tokens(),
                        loss.full(),
                        loss.lossNats(),
                        loss.excess(),
                        loss.sentences(),
                        loss.seed(),
                        one(loss.optimum()),
                        loss.weightNorm(),
                        loss.learningRate());
            case Event.FlatnessMeasured flat ->
                new Event.FlatnessMeasured(
                        one(flat.runId()),
                        flat.step(),
                        one(flat.requested()),
                        one(flat.platform()),
                        flat.quantity(),
                        flat.value(),
                        flat.interval(),
                        flat.effectiveRank(),
                        flat.parameters(),
                        flat.version());
            case Event.SpectrumMeasured spectrum ->
                new Event.SpectrumMeasured(
                        one(spectrum.runId()),
                        spectrum.step(),
                        one(spectrum.requested()),
                        one(spectrum.platform()),
                        spectrum.top(),
                        spectrum.lowest(),
                        new SpectralDensity(
                                // The same axis for all.
                                one(spectrum.density().edges()),
                                spectrum.density().counts(),
                                spectrum.density().standardErrors(),
                                spectrum.density().trace(),
                                spectrum.density().squares(),
                                spectrum.density().steps()),
                        spectrum.parameters(),
                        spectrum.version());
            case Event.DownstreamMeasured down ->
                new Event.DownstreamMeasured(
                        one(down.runId()),
                        down.step(),
                        one(down.task()),
                        one(down.protocol()),
                        one(down.platform()),
                        // Accuracies are counts over the number of test examples: few values, many times.
                        down.accuracies().stream().map(this::one).toList(),
                        down.accuracy(),
                        down.majorityBaseline(),
                        one(down.untrained()),
                        one(down.bayesAccuracy()),
                        down.classes(),
                        down.leftOut());
            case Event.CheckpointPublished checkpoint ->
                new Event.CheckpointPublished(
                        one(checkpoint.runId()),
                        checkpoint.step(),
                        checkpoint.ordinal(),
                        one(List.copyOf(checkpoint.triggers())),
                        checkpoint.excess(),
                        checkpoint.lossNats(),
                        checkpoint.weightNorm(),
                        checkpoint.weights());
            case Event.RunDeclared declared ->
                new Event.RunDeclared(
                        one(declared.studyId()),
                        one(declared.runId()),
                        declared.index(),
                        declared.label(),
                        shared(declared.spec()),
                        declared.parameters());
            default -> event;
        };
    }

    /** Runs of a study have its language, validation and more in common. */
    private RunSpec shared(RunSpec spec) {
        return new RunSpec(
                one(spec.language()),
                one(spec.size()),
                one(spec.algorithm()),
                spec.learningRate(),
                spec.seed(),
                one(spec.training()),
                one(spec.checkpoints()),
                one(spec.validation()),
                one(spec.platform()),
                spec.start().map(this::one),
                spec.ingested());
    }

    @SuppressWarnings("unchecked") // Equal objects of our records and of the platform's values are of one class.
    private <T> T one(T part) {
        return (T) known.computeIfAbsent(part, first -> first);
    }
}
