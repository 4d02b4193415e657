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
import java.util.Map;

/** Expands a study: declares its runs and puts each one's next segment into the queue. Doing so twice changes nothing. */
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
        desk.view().refresh();
        StudySpec study = desk.view()
                .study(piece.studyId())
                .orElseThrow(() -> new PoisonPiece("Study " + piece.studyId() + " is not on record."));
        try {
            Studies.check(study);
        } catch (IllegalArgumentException e) {
            throw new PoisonPiece("Study " + piece.studyId() + " cannot be run: " + e.getMessage(), e);
        }
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            long parameters = Networks.shape(run.spec()).parameterCount();
            Map<String, String> headers = Map.of("basin_study", piece.studyId(), "basin_run", run.runId());
            desk.events()
                    .writeAcked(
                            new Event.RunDeclared(
                                    piece.studyId(), run.runId(), run.index(), run.label(), run.spec(), parameters),
                            headers);
            // Where another study has trained this run already, only the measurements are new.
            desk.view()
                    .checkpoints(run.runId())
                    .forEach(checkpoint -> measurements.enqueue(piece.studyId(), study, checkpoint.event()));
            desk.enqueueOnce(new Piece.Segment(piece.studyId(), run.runId(), 0), headers);
        }
    }
}
