package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.RunSpec;
import basin.events.work.Piece;
import basin.lm.Networks;
import basin.lm.network.Weights;
import basin.service.kafka.Delivery;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.PoisonPiece;
import basin.service.record.CheckpointReader;
import basin.service.record.Desk;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/** Evaluates one checkpoint on one task by one protocol. */
final class EvaluateHandler implements PieceHandler {
    private final Desk desk;
    private final CheckpointReader checkpoints;
    private final Evaluation evaluation;
    private final MeterRegistry metrics;

    EvaluateHandler(Desk desk, CheckpointReader checkpoints, Evaluation evaluation, MeterRegistry metrics) {
        this.desk = desk;
        this.checkpoints = checkpoints;
        this.evaluation = evaluation;
        this.metrics = metrics;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        Piece.Evaluate piece;
        try {
            piece = (Piece.Evaluate) Piece.decode(delivery.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new PoisonPiece("This record is no checkpoint to evaluate: " + e.getMessage(), e);
        }
        if (desk.view().holds(piece.resultIds())) {
            return;
        }
        RunSpec run = desk.view()
                .run(piece.runId())
                .orElseThrow(() -> new PoisonPiece("Run " + piece.runId() + " is not on record."))
                .spec();
        byte[] weights = checkpoints.read(piece.runId(), piece.step());
        Timer.Sample timer = Timer.start(metrics);
        Event.DownstreamMeasured measured;
        try {
            measured = evaluation.evaluate(
                    piece.runId(),
                    piece.step(),
                    run,
                    run.algorithm().isTrained() ? Weights.decode(Networks.shape(run), weights) : new float[0],
                    piece.task(),
                    piece.protocol(),
                    piece.platform());
        } catch (IllegalArgumentException e) {
            // Weights, task or protocol that cannot be: no other attempt ends otherwise.
            throw new PoisonPiece(String.valueOf(e.getMessage()), e);
        }
        timer.stop(Timer.builder("basin.evaluation")
                .description("Time to evaluate one checkpoint on one task by one protocol")
                .tag("task", piece.task().name())
                .tag("protocol", piece.protocol().name())
                .register(metrics));
        desk.events()
                .writeAcked(
                        measured,
                        Map.of(
                                "basin_study",
                                piece.studyId(),
                                "basin_run",
                                piece.runId(),
                                "basin_checkpoint",
                                String.valueOf(piece.step()),
                                "basin_piece",
                                piece.id()));
    }
}
