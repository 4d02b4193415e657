package basin.flatness;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.measurement.ProgressListener;
import basin.language.SentenceSource;
import basin.language.study.Networks;
import basin.network.EncoderShape;
import basin.network.FunctionPreservingExpansion;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import basin.record.Event;
import basin.study.EstimatorSpec;
import basin.study.ExpansionRecipe;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.PlatformSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.SizeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Measures a checkpoint's flatness from its weights. Deterministic: the same request on the same
 * weights yields the same events. Thread-safe.
 */
final class CheckpointProbe {
    /**
     * Limit on the cached batches. Batches are the same for all checkpoints of a language, so they
     * are cached while they are few and small, and redrawn otherwise.
     */
    private static final int MAX_CACHED_BATCHES = 512;

    private static final long MAX_CACHED_NUMBERS = 1L << 24;

    private final Map<BatchKey, TokenBatch> batches = new ConcurrentHashMap<>();

    private final Workers workers;

    CheckpointProbe(Workers workers) {
        this.workers = workers;
    }

    /**
     * The result of a measurement.
     *
     * @param flatness one event per quantity
     * @param more events for all other findings (per-layer traces, spectrum)
     * @param gradients cost in ordinary gradients of one example; not part of the result
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

    /**
     * A cache key. Networks of any size and architecture read a language alike; the objective
     * determines what they predict.
     */
    private record BatchKey(LanguageSpec language, Objective objective, int size, long seed, int pair) {}

    /**
     * Measures a checkpoint.
     *
     * @param step optimiser steps taken
     * @param weights in the safetensors format
     * @throws Refusal if the weights do not match the run; if the estimator does not exist or needs
     *     the conditionals of a text; if the network does not fit into the requested architecture
     *     or computes something else there; or if a value is not finite
     * @throws CancellationException if the thread is interrupted
     * @throws DeviceAbsentException if this machine lacks the platform's device
     */
    Probed measure(
            String runId, int step, RunSpec spec, EstimatorSpec requested, PlatformSpec platform, byte[] weights) {
        requested.check(spec.language());
        LanguageModel model = Networks.model(spec);
        float[] trained = Weights.decode(model.shape(), weights);
        BatchSource drawn = batches(spec, model, requested);
        Network network = model.network();
        ParameterSource theta = ParameterSource.of(trained);
        if (requested.expandTo().isPresent()) {
            FunctionPreservingExpansion expansion =
                    expansion(spec, model, requested, requested.expandTo().get());
            expansion.check(trained, drawn.batch(0));
            network = expansion.large().network();
            theta = ParameterSource.of(expansion.apply(Weights.widened(trained)));
        }
        DataType dtype = Torch.dtype(platform.dtype());
        SurfaceProbe.Found found;
        try (Devices.Use _ = Devices.use(platform.device());
                SurfaceProbe probe = new SurfaceProbe(network, theta, dtype, workers)) {
            found = probe.find(drawn, requested, ProgressListener.NONE);
        }
        List<Event.FlatnessMeasured> flatness = found.findings().measurements().stream()
                .map(one -> one.event(runId, step, requested, platform))
                .toList();
        List<Event> more = new ArrayList<>();
        int version = requested.estimator().version();
        found.findings()
                .layers()
                .ifPresent(layers ->
                        more.add(new Event.LayersMeasured(runId, step, requested, platform, layers, version)));
        int parameters = theta.size();
        found.findings()
                .spectrum()
                .ifPresent(spectrum -> more.add(new Event.SpectrumMeasured(
                        runId,
                        step,
                        requested,
                        platform,
                        spectrum.top(),
                        spectrum.lowest(),
                        spectrum.density(),
                        parameters,
                        version)));
        return new Probed(flatness, more, found.gradients());
    }

    private static FunctionPreservingExpansion expansion(
            RunSpec spec, LanguageModel model, EstimatorSpec requested, SizeSpec into) {
        if (!(model.shape() instanceof EncoderShape own)) {
            throw new Refusal("flatness.expandTo is '"
                    + into.name()
                    + "': leave it out, because this kind of network cannot be embedded in another.");
        }
        return new FunctionPreservingExpansion(
                own, Networks.encoder(spec, into), requested.recipe().orElse(ExpansionRecipe.TILED));
    }

    /** Returns a language's batches, cached. */
    private BatchSource batches(RunSpec spec, LanguageModel model, EstimatorSpec requested) {
        SentenceSource language = Networks.language(spec);
        LanguageBatches fresh = new LanguageBatches(language, model, requested.batch(), requested.seed());
        int predictions = model.objective().predictions(language.maxLength());
        long numbers = (long) requested.batch() * predictions * language.vocabularySize();
        return pair -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The probe was asked to stop.");
            }
            if (batches.size() > Math.min(MAX_CACHED_BATCHES, MAX_CACHED_NUMBERS / numbers)) {
                batches.clear();
            }
            return batches.computeIfAbsent(
                    new BatchKey(spec.language(), model.objective(), requested.batch(), requested.seed(), pair),
                    key -> fresh.batch(pair));
        };
    }
}
