package basin.flatness;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.RunSpec;
import basin.events.work.Piece;
import basin.service.kafka.Delivery;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.PoisonPiece;
import basin.service.record.CheckpointReader;
import basin.service.record.Desk;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;

/** Measures the flatness of one checkpoint with one estimator. */
final class ProbeHandler implements PieceHandler {
    private final Desk desk;
    private final CheckpointReader checkpoints;
    private final MeterRegistry metrics;
    private final CheckpointProbe probe = new CheckpointProbe();

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
        byte[] weights = checkpoints.read(piece.runId(), piece.step());
        Timer.Sample timer = Timer.start(metrics);
        CheckpointProbe.Probed measured;
        try {
            measured = probe.measure(piece.runId(), piece.step(), spec, piece.estimator(), piece.platform(), weights);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new PoisonPiece(String.valueOf(e.getMessage()), e);
        }
        long nanos = timer.stop(Timer.builder("basin.probe")
                .description("Time to measure the flatness of one checkpoint")
                .tag("estimator", piece.estimator().estimator())
                .register(metrics));
        Map<String, String> headers = Map.of(
                "basin_study",
                piece.studyId(),
                "basin_run",
                piece.runId(),
                "basin_checkpoint",
                String.valueOf(piece.step()),
                "basin_piece",
                piece.id(),
                // What it took is no part of the result: the same question has the same answer on any machine.
                "basin_seconds",
                String.format(Locale.ROOT, "%.3f", nanos / 1e9),
                "basin_gradients",
                String.format(Locale.ROOT, "%.1f", measured.gradients()));
        for (Event one : measured.events()) {
            desk.events().writeAcked(one, headers);
        }
    }
}
