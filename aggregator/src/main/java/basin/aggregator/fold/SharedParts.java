package basin.aggregator.fold;

import basin.record.Event;
import basin.record.SpectralDensity;
import basin.study.RunSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deduplication of equal parts of events. A run's id, an estimator's settings or a language's
 * optimum arrive with every event as new objects, which would dominate the memory of a long log.
 * Events stay equal. Not thread-safe.
 */
final class SharedParts {
    private final Map<Object, Object> known = new HashMap<>();

    /** Returns an equal event with shared parts. */
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
                                // All spectra have the same axis.
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
                        // Accuracies are counts over the number of test examples, so few distinct
                        // values occur many times.
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

    /**
     * Returns an equal spec with shared parts. Runs of a study have its language, validation and
     * more in common.
     */
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

    @SuppressWarnings("unchecked") // Equal parts have the same class.
    private <T> T one(T part) {
        return (T) known.computeIfAbsent(part, first -> first);
    }
}
