package basin.trainer;

import basin.language.study.Networks;
import basin.log.LogPosition;
import basin.log.LogWriter;
import basin.log.blob.BlobLocation;
import basin.record.Event;
import basin.record.work.WorkItem;
import basin.service.RecordView.StoredCheckpoint;
import basin.service.WorkHandler;
import basin.service.WorkerContext;
import basin.study.RunSpec;
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
 * The handler that trains a run to its next checkpoint. It writes in this order and waits for each
 * acknowledgement before the next write: the losses as they are measured, the chunks of the
 * weights, the state for the next segment, the checkpoint event, the work items of the checkpoint,
 * the next segment. If a worker dies at any point, the item is redelivered, and its next worker
 * writes what is missing.
 */
final class SegmentHandler implements WorkHandler<WorkItem.Segment> {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentHandler.class);

    private final WorkerContext context;
    private final RunStates states;
    private final CheckpointPublisher publisher;
    private final PreTraining training = new PreTraining();
    private final InitialStates initialStates;

    SegmentHandler(WorkerContext context) {
        this.context = context;
        this.states = new RunStates(context);
        this.publisher = new CheckpointPublisher(context);
        this.initialStates = new InitialStates(context.view(), context.checkpoints(), training);
    }

    @Override
    public Result handle(WorkItem.Segment item) throws Exception {
        RunSpec spec = context.view().declaredRun(item.runId()).spec();
        Optional<StoredCheckpoint> done = context.view().checkpoints(item.runId()).stream()
                .filter(checkpoint -> checkpoint.event().ordinal() == item.segment())
                .findFirst();
        if (done.isPresent()) {
            conclude(item, spec, done.get().event(), Optional.empty());
        } else {
            train(item, spec);
        }
        return Result.NONE;
    }

    private void train(WorkItem.Segment item, RunSpec spec) throws Exception {
        Map<String, String> headers = item.headers();
        List<CompletableFuture<LogPosition>> losses = new ArrayList<>();
        PreTraining.Advance advance;
        try {
            TrainingState start = start(item, spec);
            advance = training.advance(
                    item.runId(),
                    spec,
                    start,
                    loss -> losses.add(context.events().write(loss, headers)));
        } catch (DivergedException e) {
            LOG.warn("Run {} failed: {}", item.runId(), e.getMessage());
            context.events()
                    .writeAcked(
                            new Event.RunFailed(item.runId(), e.lastGoodStep(), String.valueOf(e.getMessage())),
                            headers);
            return;
        }
        losses.forEach(LogWriter::await);
        int step = advance.state().step();
        BlobLocation place = publisher.write(item.runId(), step, advance.weights(), headers);
        states.write(item.runId(), advance.state());
        Event.CheckpointPublished checkpoint = new Event.CheckpointPublished(
                item.runId(),
                step,
                item.segment(),
                advance.triggers(),
                advance.loss().excess(),
                advance.loss().lossNats(),
                advance.loss().weightNorm(),
                CheckpointPublisher.named(place));
        publisher.publish(checkpoint, place, headers);
        conclude(item, spec, checkpoint, Optional.of(advance.state().tokens()));
    }

    /** Enqueues the work that follows from a published checkpoint. Idempotent. */
    private void conclude(
            WorkItem.Segment item, RunSpec spec, Event.CheckpointPublished checkpoint, Optional<Long> tokens)
            throws Exception {
        publisher.ask(checkpoint);
        if (checkpoint.step() < spec.training().steps()) {
            context.enqueueOnce(new WorkItem.Segment(item.studyId(), item.runId(), item.segment() + 1));
            return;
        }
        Event.RunFinished finished = new Event.RunFinished(
                item.runId(),
                checkpoint.step(),
                tokens.isPresent() ? tokens.get() : training.tokens(spec, checkpoint.step()),
                item.segment() + 1);
        if (!context.view().holds(List.of(finished.id()))) {
            context.events().writeAcked(finished, item.headers());
        }
    }

    /**
     * Returns the state that the segment starts from. If it was lost, the run is trained again up
     * to there, with bitwise the same result.
     */
    private TrainingState start(WorkItem.Segment item, RunSpec spec) throws DivergedException, InterruptedException {
        if (item.segment() == 0) {
            return initialStates.of(spec);
        }
        Optional<TrainingState> held =
                states.read(item.runId(), item.segment(), Math.toIntExact(Networks.parameters(spec)));
        if (held.isPresent()) {
            return held.get();
        }
        LOG.info("Run {} is trained again up to segment {}, for its state was lost", item.runId(), item.segment());
        TrainingState state = initialStates.of(spec);
        while (state.segment() < item.segment()) {
            state = training.advance(item.runId(), spec, state, loss -> {}).state();
        }
        return state;
    }
}
