package basin.trainer;

import basin.events.Event;
import basin.events.MalformedEventException;
import basin.events.spec.RunSpec;
import basin.events.work.Piece;
import basin.lm.Networks;
import basin.service.kafka.BlobLocation;
import basin.service.kafka.Delivery;
import basin.service.kafka.LogPosition;
import basin.service.kafka.LogWriter;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.PoisonPiece;
import basin.service.record.CheckpointReader;
import basin.service.record.Desk;
import basin.service.record.RecordView.StoredCheckpoint;
import basin.trainer.training.DivergedException;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a run on to its next checkpoint. Written in this order, each acknowledged before the next: losses as they are
 * measured, the weights' chunks, the state for the next segment, the checkpoint event, the work that the checkpoint makes, the
 * next segment. A worker that dies anywhere leaves the piece to be delivered again, and whoever gets it writes what is missing.
 */
final class SegmentHandler implements PieceHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentHandler.class);

    private final Desk desk;
    private final RunStates states;
    private final CheckpointPublisher publisher;
    private final PreTraining training;
    private final Beginnings beginnings;

    SegmentHandler(Desk desk, PreTraining training) {
        this.beginnings = new Beginnings(desk.view(), new CheckpointReader(desk.view(), desk.blobs()), training);
        this.desk = desk;
        this.states = new RunStates(desk.blobs());
        this.publisher = new CheckpointPublisher(desk);
        this.training = training;
    }

    @Override
    public void handle(Delivery delivered) throws Exception {
        Piece.Segment piece;
        try {
            piece = (Piece.Segment) Piece.decode(delivered.record().value());
        } catch (MalformedEventException | ClassCastException e) {
            throw new PoisonPiece("This record is no segment of a run: " + e.getMessage(), e);
        }
        Event.RunDeclared run = desk.view()
                .run(piece.runId())
                .orElseThrow(() -> new PoisonPiece("Run " + piece.runId() + " is not on record."));
        Optional<StoredCheckpoint> done = desk.view().checkpoints(piece.runId()).stream()
                .filter(checkpoint -> checkpoint.event().ordinal() == piece.segment())
                .findFirst();
        if (done.isPresent()) {
            conclude(piece, run.spec(), done.get().event(), Optional.empty());
        } else {
            train(piece, run.spec());
        }
    }

    private void train(Piece.Segment piece, RunSpec spec) throws Exception {
        Map<String, String> headers = headers(piece);
        List<CompletableFuture<LogPosition>> losses = new ArrayList<>();
        PreTraining.Advance advance;
        try {
            TrainingState start = start(piece, spec);
            advance = training.advance(
                    piece.runId(), spec, start, loss -> losses.add(desk.events().write(loss, headers)));
        } catch (DivergedException e) {
            LOG.warn("Run {} failed: {}", piece.runId(), e.getMessage());
            desk.events()
                    .writeAcked(
                            new Event.RunFailed(piece.runId(), e.lastGoodStep(), String.valueOf(e.getMessage())),
                            headers);
            return;
        }
        losses.forEach(LogWriter::await);
        int step = advance.state().step();
        BlobLocation place = publisher.write(piece.runId(), step, advance.weights(), headers);
        states.write(piece.runId(), advance.state());
        Event.CheckpointPublished checkpoint = new Event.CheckpointPublished(
                piece.runId(),
                step,
                piece.segment(),
                advance.triggers(),
                advance.loss().excess(),
                advance.loss().lossNats(),
                advance.loss().weightNorm(),
                CheckpointPublisher.named(place));
        publisher.publish(checkpoint, place, headers);
        conclude(piece, spec, checkpoint, Optional.of(advance.state().tokens()));
    }

    /** What a published checkpoint makes to be done; safe to do again. */
    private void conclude(
            Piece.Segment piece, RunSpec spec, Event.CheckpointPublished checkpoint, Optional<Long> tokens)
            throws Exception {
        publisher.ask(checkpoint);
        if (checkpoint.step() < spec.training().steps()) {
            desk.enqueueOnce(new Piece.Segment(piece.studyId(), piece.runId(), piece.segment() + 1), headers(piece));
            return;
        }
        Event.RunFinished finished = new Event.RunFinished(
                piece.runId(),
                checkpoint.step(),
                tokens.isPresent() ? tokens.get() : training.tokens(spec, checkpoint.step()),
                piece.segment() + 1);
        if (!desk.view().holds(List.of(finished.id()))) {
            desk.events().writeAcked(finished, headers(piece));
        }
    }

    /** The state that the segment starts from; where it was lost, the run is trained again up to there, to the same bits. */
    private TrainingState start(Piece.Segment piece, RunSpec spec)
            throws DivergedException, InterruptedException, PoisonPiece {
        if (piece.segment() == 0) {
            return beginnings.of(spec);
        }
        Optional<TrainingState> held =
                states.read(piece.runId(), piece.segment(), Math.toIntExact(Networks.parameters(spec)));
        if (held.isPresent()) {
            return held.get();
        }
        LOG.info("Run {} is trained again up to segment {}, for its state was lost", piece.runId(), piece.segment());
        TrainingState state = beginnings.of(spec);
        while (state.segment() < piece.segment()) {
            state = training.advance(piece.runId(), spec, state, loss -> {}).state();
        }
        return state;
    }

    private static Map<String, String> headers(Piece.Segment piece) {
        return Map.of("basin_study", piece.studyId(), "basin_run", piece.runId(), "basin_piece", piece.id());
    }
}
