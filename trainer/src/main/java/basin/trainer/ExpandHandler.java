package basin.trainer;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.StudySpec;
import basin.events.work.Piece;
import basin.events.work.StudyPlan;
import basin.lm.Networks;
import basin.lm.Studies;
import basin.service.kafka.Delivery;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.PoisonPiece;
import basin.service.record.Desk;
import basin.service.record.RecordView;
import java.util.List;
import java.util.Map;

/**
 * Expands a study: declares its runs, and puts into the queues whatever it wants that has no result and waits nowhere yet. Doing so twice
 * changes nothing, and doing so when a study is resumed brings back what was set aside.
 */
final class ExpandHandler implements PieceHandler {
    private final Desk desk;
    private final Measurements measurements;

    ExpandHandler(Desk desk) {
        this.desk = desk;
        this.measurements = new Measurements(desk);
    }

    @Override
    public void handle(Delivery delivered) throws Exception {
        Piece.Expand piece;
        try {
            piece = (Piece.Expand) Piece.decode(delivered.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new PoisonPiece("This record is no study to expand: " + e.getMessage(), e);
        }
        StudySpec study = desk.view()
                .study(piece.studyId())
                .orElseThrow(() -> new PoisonPiece("Study " + piece.studyId() + " is not on record."));
        try {
            Studies.check(study);
        } catch (IllegalArgumentException e) {
            throw new PoisonPiece("Study " + piece.studyId() + " cannot be run: " + e.getMessage(), e);
        }
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            long parameters = Networks.parameters(run.spec());
            Map<String, String> headers =
                    Map.of("basin_study", piece.studyId(), "basin_run", run.runId(), "basin_piece", piece.id());
            Event.RunDeclared declared = new Event.RunDeclared(
                    piece.studyId(), run.runId(), run.index(), run.label(), run.spec(), parameters);
            if (!desk.view().holds(List.of(declared.id()))) {
                desk.events().writeAcked(declared, headers);
            }
            // Where another study has trained this run already, only the measurements are new.
            desk.view()
                    .checkpoints(run.runId())
                    .forEach(
                            checkpoint -> measurements.enqueue(piece.studyId(), study, run.spec(), checkpoint.event()));
            if (!desk.view().hasEnded(run.runId())) {
                desk.enqueueOnce(
                        new Piece.Segment(
                                piece.studyId(),
                                run.runId(),
                                next(run, desk.view().checkpoints(run.runId()))),
                        headers);
            }
        }
    }

    /** The segment that the run goes on with: one a checkpoint. The last is done again where only its conclusion is missing. */
    static int next(StudyPlan.PlannedRun run, List<RecordView.StoredCheckpoint> checkpoints) {
        boolean atItsEnd = !checkpoints.isEmpty()
                && checkpoints.getLast().event().step() >= run.spec().training().steps();
        return atItsEnd ? checkpoints.size() - 1 : checkpoints.size();
    }
}
