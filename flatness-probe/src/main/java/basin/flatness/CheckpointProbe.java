package basin.flatness;

import basin.events.Event;
import basin.events.spec.EmbeddingRecipe;
import basin.events.spec.EstimatorSpec;
import basin.events.spec.LanguageSpec;
import basin.events.spec.Objective;
import basin.events.spec.PlatformSpec;
import basin.events.spec.Refusal;
import basin.events.spec.RunSpec;
import basin.flatness.estimator.Batch;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.Findings;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.LossSurface;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.MeteredSurface;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.SentenceBatches;
import basin.flatness.estimator.TokenSequences;
import basin.flatness.estimator.Watch;
import basin.lm.Networks;
import basin.lm.engine.DeviceAbsentException;
import basin.lm.engine.Devices;
import basin.lm.language.SentenceSource;
import basin.lm.model.SequenceModel;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.Enlargement;
import basin.lm.network.LanguageModel;
import basin.lm.network.NetworkShape;
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
    /** Batches are the same for all checkpoints of a language: kept while few and small, drawn anew otherwise. */
    private static final int REMEMBERED_BATCHES = 512;

    private static final long REMEMBERED_NUMBERS = 1L << 24;

    private final Map<BatchKey, MaskedBatch> masked = new ConcurrentHashMap<>();
    private final Map<BatchKey, TokenSequences> sequences = new ConcurrentHashMap<>();

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

    /** The shape says how sentences are read; an encoder of any size reads them alike. */
    private record BatchKey(LanguageSpec language, Optional<NetworkShape> shape, int size, long seed, int pair) {}

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
    Probed measure(String runId, int step, RunSpec spec, EstimatorSpec asked, PlatformSpec platform, byte[] weights) {
        asked.check(spec.language());
        LanguageModel model = Networks.model(spec);
        float[] trained = Weights.decode(model.shape(), weights);
        if (model instanceof SequenceModel sequence) {
            if (asked.embed().isPresent()) {
                throw new Refusal("flatness.embed is '"
                        + asked.embed().get().name()
                        + "': leave it out, for this kind of network is not embedded in another.");
            }
            double[] theta = Weights.widened(trained);
            return measure(
                    runId,
                    step,
                    asked,
                    platform,
                    isPrecise(platform)
                            ? NetworkSurface.precise(sequence.network(), theta)
                            : NetworkSurface.single(sequence.network(), theta),
                    batches(spec, sequence, asked));
        }
        BatchSource<MaskedBatch> batches = batches(spec, asked);
        EncoderShape own = Networks.encoder(spec, spec.size());
        Optional<Enlargement> enlargement = asked.embed()
                .map(into -> Enlargement.of(
                        own, Networks.encoder(spec, into), asked.recipe().orElse(EmbeddingRecipe.TILED)));
        enlargement.ifPresent(one -> one.check(trained, batches.batch(0).tokens()));
        EncoderShape shape = enlargement.map(Enlargement::shape).orElse(own);
        double[] wide = Weights.widened(trained);
        double[] theta = enlargement.map(one -> one.apply(wide)).orElse(wide);
        Encoder encoder = new Encoder(shape);
        return measure(
                runId,
                step,
                asked,
                platform,
                isPrecise(platform) ? EncoderSurface.precise(encoder, theta) : EncoderSurface.single(encoder, theta),
                batches);
    }

    private static boolean isPrecise(PlatformSpec platform) {
        return platform.dtype().equals("float64");
    }

    private static <B extends Batch<B>> Probed measure(
            String runId,
            int step,
            EstimatorSpec asked,
            PlatformSpec platform,
            LossSurface<B> measured,
            BatchSource<B> batches) {
        FlatnessEstimator estimator = Estimators.of(asked);
        MeteredSurface<B> surface = new MeteredSurface<>(measured);
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
                        asked.estimator().version()))
                .toList();
        List<Event> more = new ArrayList<>();
        found.layers()
                .ifPresent(layers -> more.add(new Event.LayersMeasured(
                        runId, step, asked, platform, layers, asked.estimator().version())));
        found.spectrum()
                .ifPresent(spectrum -> more.add(new Event.SpectrumMeasured(
                        runId,
                        step,
                        asked,
                        platform,
                        spectrum.top(),
                        spectrum.lowest(),
                        spectrum.density(),
                        surface.parameters(),
                        asked.estimator().version())));
        return new Probed(flatness, more, surface.spent());
    }

    private BatchSource<MaskedBatch> batches(RunSpec spec, EstimatorSpec asked) {
        LanguageBatches fresh = new LanguageBatches(Networks.language(spec), asked.batch(), asked.seed());
        return remembering(masked, spec, Optional.empty(), asked, 1, fresh);
    }

    private BatchSource<TokenSequences> batches(RunSpec spec, SequenceModel model, EstimatorSpec asked) {
        SentenceSource language = Networks.language(spec);
        Objective objective = spec.training().predicted();
        SentenceBatches fresh = new SentenceBatches(language, objective, model, asked.batch(), asked.seed());
        int predictions = objective == Objective.CAUSAL ? language.longest() : 1;
        return remembering(sequences, spec, Optional.of(model.shape()), asked, predictions, fresh);
    }

    /** The batches of a source, remembered. */
    private static <B extends Batch<B>> BatchSource<B> remembering(
            Map<BatchKey, B> remembered,
            RunSpec spec,
            Optional<NetworkShape> shape,
            EstimatorSpec asked,
            int predictions,
            BatchSource<B> fresh) {
        long numbers =
                (long) asked.batch() * predictions * Networks.language(spec).words();
        return pair -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The probe was asked to stop.");
            }
            if (remembered.size() > Math.min(REMEMBERED_BATCHES, REMEMBERED_NUMBERS / numbers)) {
                remembered.clear();
            }
            return remembered.computeIfAbsent(
                    new BatchKey(spec.language(), shape, asked.batch(), asked.seed(), pair), key -> fresh.batch(pair));
        };
    }
}
