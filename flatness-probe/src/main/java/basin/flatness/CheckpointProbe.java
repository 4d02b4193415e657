package basin.flatness;

import basin.events.Event;
import basin.events.spec.EmbeddingRecipe;
import basin.events.spec.EstimatorSpec;
import basin.events.spec.LanguageSpec;
import basin.events.spec.PlatformSpec;
import basin.events.spec.RunSpec;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.Findings;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.MeteredSurface;
import basin.flatness.estimator.Watch;
import basin.lm.Languages;
import basin.lm.Networks;
import basin.lm.engine.DeviceAbsentException;
import basin.lm.engine.Devices;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.Enlargement;
import basin.lm.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Measures a checkpoint's flatness from its weights: the same question of the same weights is the same events. Thread-safe. */
final class CheckpointProbe {
    private static final double CONFIDENCE = 0.95;
    /** Batches are the same for all checkpoints of a language: kept while few, drawn anew otherwise. */
    private static final int REMEMBERED_BATCHES = 512;

    private final Map<BatchKey, MaskedBatch> remembered = new ConcurrentHashMap<>();

    /**
     * What is to be written.
     *
     * @param flatness one a quantity
     * @param more all else that was found
     * @param gradients what it took, in ordinary gradients of one example; no part of the result
     */
    record Probed(List<Event.FlatnessMeasured> flatness, List<Event> more, double gradients) {
        Probed {
            flatness = List.copyOf(flatness);
            more = List.copyOf(more);
        }

        List<Event> events() {
            return Stream.concat(flatness.stream(), more.stream()).toList();
        }
    }

    private record BatchKey(LanguageSpec language, int size, long seed, int pair) {}

    /**
     * Measures.
     *
     * @param weights as safetensors
     * @throws IllegalArgumentException where the weights are not of such a run, there is no such estimator or it wants the conditionals of a
     *     text, or the network does not fit into the architecture that it is to be embedded in
     * @throws ArithmeticException where a value is no finite number, or the embedded network does not say the same
     * @throws CancellationException where the thread is interrupted
     * @throws DeviceAbsentException where this machine lacks the platform's device
     */
    Probed measure(String runId, int step, RunSpec spec, EstimatorSpec asked, PlatformSpec platform, byte[] weights) {
        asked.check(spec.language());
        BatchSource<MaskedBatch> batches = batches(spec.language(), asked);
        EncoderShape own = Networks.shape(spec);
        float[] trained = Weights.decode(own, weights);
        Optional<Enlargement> enlargement = asked.embed()
                .map(into -> Enlargement.of(
                        own, Networks.shape(spec, into), asked.recipe().orElse(EmbeddingRecipe.TILED)));
        enlargement.ifPresent(one -> one.check(trained, batches.batch(0).tokens()));
        EncoderShape shape = enlargement.map(Enlargement::shape).orElse(own);
        double[] wide = Weights.widened(trained);
        double[] theta = enlargement.map(one -> one.apply(wide)).orElse(wide);
        FlatnessEstimator estimator = Estimators.of(asked);
        Encoder encoder = new Encoder(shape);
        MeteredSurface<MaskedBatch> surface = new MeteredSurface<>(
                platform.dtype().equals("float64")
                        ? EncoderSurface.precise(encoder, theta)
                        : EncoderSurface.single(encoder, theta));
        Findings found;
        try (Devices.Use _ = Devices.use(platform.device())) {
            found = estimator.find(surface, batches, MeasurementSettings.of(asked, CONFIDENCE), Watch.NONE);
        }
        List<Event.FlatnessMeasured> flatness = found.measurements().stream()
                .map(one -> new Event.FlatnessMeasured(
                        runId,
                        step,
                        asked,
                        platform,
                        one.quantity(),
                        one.value(),
                        one.interval(),
                        one.effectiveRank(),
                        one.parameters(),
                        estimator.version()))
                .toList();
        List<Event> more = new ArrayList<>();
        found.layers()
                .ifPresent(layers ->
                        more.add(new Event.LayersMeasured(runId, step, asked, platform, layers, estimator.version())));
        found.spectrum()
                .ifPresent(spectrum -> more.add(new Event.SpectrumMeasured(
                        runId,
                        step,
                        asked,
                        platform,
                        spectrum.top(),
                        spectrum.lowest(),
                        spectrum.density(),
                        theta.length,
                        estimator.version())));
        return new Probed(flatness, more, surface.spent());
    }

    private BatchSource<MaskedBatch> batches(LanguageSpec language, EstimatorSpec asked) {
        LanguageBatches fresh = new LanguageBatches(Languages.source(language), asked.batch(), asked.seed());
        return pair -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The probe was asked to stop.");
            }
            if (remembered.size() > REMEMBERED_BATCHES) {
                remembered.clear();
            }
            return remembered.computeIfAbsent(
                    new BatchKey(language, asked.batch(), asked.seed(), pair), key -> fresh.batch(pair));
        };
    }
}
