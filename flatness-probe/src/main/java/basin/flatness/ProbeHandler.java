package basin.flatness;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.EstimatorSpec;
import basin.events.spec.LanguageSpec;
import basin.events.spec.RunSpec;
import basin.events.work.Piece;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.Measurement;
import basin.flatness.estimator.MeasurementSettings;
import basin.lm.Languages;
import basin.lm.Networks;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.Weights;
import basin.service.kafka.Delivery;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.PoisonPiece;
import basin.service.record.CheckpointReader;
import basin.service.record.Desk;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/** Measures the flatness of one checkpoint with one estimator. */
final class ProbeHandler implements PieceHandler {
    private static final double CONFIDENCE = 0.95;
    /** Batches are the same for all checkpoints of a language: kept while few, drawn anew otherwise. */
    private static final int REMEMBERED_BATCHES = 512;

    private final Desk desk;
    private final CheckpointReader checkpoints;
    private final MeterRegistry metrics;
    private final Map<BatchKey, MaskedBatch> batches = new ConcurrentHashMap<>();

    private record BatchKey(LanguageSpec language, int size, long seed, int pair) {}

    ProbeHandler(Desk desk, CheckpointReader checkpoints, MeterRegistry metrics) {
        this.desk = desk;
        this.checkpoints = checkpoints;
        this.metrics = metrics;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        Piece.Probe piece;
        try {
            piece = (Piece.Probe) Piece.decode(delivery.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new PoisonPiece("This record is no checkpoint to probe: " + e.getMessage(), e);
        }
        if (desk.view().holds(piece.resultIds())) {
            return;
        }
        RunSpec spec = desk.view()
                .run(piece.runId())
                .orElseThrow(() -> new PoisonPiece("Run " + piece.runId() + " is not on record."))
                .spec();
        EncoderShape shape = Networks.shape(spec);
        float[] theta;
        FlatnessEstimator estimator;
        try {
            theta = Weights.decode(shape, checkpoints.read(piece.runId(), piece.step()));
            estimator = Estimators.named(piece.estimator().estimator());
        } catch (IllegalArgumentException e) {
            throw new PoisonPiece(String.valueOf(e.getMessage()), e);
        }
        Timer.Sample timer = Timer.start(metrics);
        List<Measurement> measured = estimator.measure(
                EncoderSurface.single(new Encoder(shape), theta),
                batches(spec.language(), piece.estimator()),
                new MeasurementSettings(
                        piece.estimator().pairs(), piece.estimator().seed(), CONFIDENCE));
        timer.stop(Timer.builder("basin.probe")
                .description("Time to measure the flatness of one checkpoint")
                .tag("estimator", estimator.name())
                .register(metrics));
        Map<String, String> headers = Map.of(
                "basin_study",
                piece.studyId(),
                "basin_run",
                piece.runId(),
                "basin_checkpoint",
                String.valueOf(piece.step()),
                "basin_piece",
                piece.id());
        for (Measurement one : measured) {
            desk.events()
                    .writeAcked(
                            new Event.FlatnessMeasured(
                                    piece.runId(),
                                    piece.step(),
                                    piece.estimator(),
                                    piece.platform(),
                                    one.quantity(),
                                    one.value(),
                                    one.interval(),
                                    one.effectiveRank(),
                                    one.parameters(),
                                    estimator.version()),
                            headers);
        }
    }

    private BatchSource batches(LanguageSpec language, EstimatorSpec asked) {
        LanguageBatches fresh = new LanguageBatches(Languages.of(language), asked.batch(), asked.seed());
        return pair -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The probe was asked to stop.");
            }
            if (batches.size() > REMEMBERED_BATCHES) {
                batches.clear();
            }
            return batches.computeIfAbsent(
                    new BatchKey(language, asked.batch(), asked.seed(), pair), key -> fresh.batch(pair));
        };
    }
}
