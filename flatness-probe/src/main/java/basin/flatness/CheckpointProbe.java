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
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.network.engine.Torch;
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

/** Measures a checkpoint's flatness from its weights: the same question of the same weights is the same events. Thread-safe. */
final class CheckpointProbe {
    /** Batches are the same for all checkpoints of a language: kept while few and small, drawn anew otherwise. */
    private static final int REMEMBERED_BATCHES = 512;

    private static final long REMEMBERED_NUMBERS = 1L << 24;

    private final Map<BatchKey, TokenBatch> batches = new ConcurrentHashMap<>();

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

    /** Networks of any size and architecture read a language alike; what they predict is the objective's. */
    private record BatchKey(LanguageSpec language, Objective objective, int size, long seed, int pair) {}

    /**
     * Measures.
     *
     * @param weights as safetensors
     * @throws Refusal where the weights are not of such a run, there is no such estimator or it wants the conditionals of a
     *     text, the network does not fit into the architecture that it is to be embedded in or does not compute the same there,
     *     or a value is no finite number
     * @throws CancellationException where the thread is interrupted
     * @throws DeviceAbsentException where this machine lacks the platform's device
     */
    Probed measure(
            String runId, int step, RunSpec spec, EstimatorSpec requested, PlatformSpec platform, byte[] weights) {
        requested.check(spec.language());
        LanguageModel model = Networks.model(spec);
        float[] trained = Weights.decode(model.shape(), weights);
        BatchSource drawn = batches(spec, model, requested);
        Network network = model.network();
        double[] theta = Weights.widened(trained);
        if (requested.expandTo().isPresent()) {
            FunctionPreservingExpansion expansion =
                    expansion(spec, model, requested, requested.expandTo().get());
            expansion.check(trained, drawn.batch(0));
            network = expansion.large().network();
            theta = expansion.apply(theta);
        }
        DataType dtype = Torch.dtype(platform.dtype());
        SurfaceProbe.Found found;
        try (Devices.Use _ = Devices.use(platform.device())) {
            found = new SurfaceProbe(network, theta, dtype).find(drawn, requested, ProgressListener.NONE);
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
        int parameters = theta.length;
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
                    + "': leave it out, for this kind of network is not embedded in another.");
        }
        return new FunctionPreservingExpansion(
                own, Networks.encoder(spec, into), requested.recipe().orElse(ExpansionRecipe.TILED));
    }

    /** The batches of a language, remembered. */
    private BatchSource batches(RunSpec spec, LanguageModel model, EstimatorSpec requested) {
        SentenceSource language = Networks.language(spec);
        LanguageBatches fresh = new LanguageBatches(language, model, requested.batch(), requested.seed());
        int predictions = model.objective().predictions(language.maxLength());
        long numbers = (long) requested.batch() * predictions * language.vocabularySize();
        return pair -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The probe was asked to stop.");
            }
            if (batches.size() > Math.min(REMEMBERED_BATCHES, REMEMBERED_NUMBERS / numbers)) {
                batches.clear();
            }
            return batches.computeIfAbsent(
                    new BatchKey(spec.language(), model.objective(), requested.batch(), requested.seed(), pair),
                    key -> fresh.batch(pair));
        };
    }
}
