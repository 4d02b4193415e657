package basin.flatness;

import basin.log.KafkaEndpoint;
import basin.log.LogSource;
import basin.log.blob.BlobRead;
import basin.log.work.UnprocessableWork;
import basin.network.engine.Workers;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.service.CheckpointReader;
import basin.service.StoredRecord;
import basin.service.WorkerContext;
import basin.study.EstimatorSpec;
import basin.study.PlatformSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Repeated flatness measurements of checkpoints from the weights in the log. Uses the probe's code
 * but not its work queue.
 */
public final class Remeasurement {
    private Remeasurement() {}

    /**
     * A checkpoint.
     *
     * @param step optimiser steps taken
     */
    public record Target(String runId, int step) {}

    /**
     * The result of a remeasurement.
     *
     * @param measured measurements in the order of the targets
     * @param found all events that a worker would have written
     * @param unmeasured one sentence per target whose weights are no longer in the log or are
     *     incomplete
     */
    public record Result(List<Event.FlatnessMeasured> measured, List<Found> found, List<String> unmeasured) {
        public Result {
            measured = List.copyOf(measured);
            found = List.copyOf(found);
            unmeasured = List.copyOf(unmeasured);
        }
    }

    /** An event and the step of its checkpoint. */
    public record Found(int step, Event event) {}

    /** A listener for the number of checkpoints processed. */
    @FunctionalInterface
    public interface Progress {
        /** Reports that {@code done} of {@code all} checkpoints have been processed. */
        void at(int done, int all);
    }

    /**
     * Measures on the calling thread, which must be a platform thread.
     *
     * @param log the record that has the weights
     */
    public static Result of(
            LogSource log, List<Target> targets, EstimatorSpec requested, PlatformSpec platform, Progress progress) {
        CheckpointProbe probe =
                new CheckpointProbe(Workers.of(Runtime.getRuntime().availableProcessors()));
        List<Event.FlatnessMeasured> measured = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        List<String> unmeasured = new ArrayList<>();
        try (StoredRecord record = StoredRecord.read(log)) {
            CheckpointReader reader = record.checkpoints();
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                String name = "run " + target.runId() + " at step " + target.step();
                try {
                    switch (reader.look(target.runId(), target.step())) {
                        case BlobRead.Found weights -> {
                            CheckpointProbe.Probed probed = probe.measure(
                                    target.runId(),
                                    target.step(),
                                    record.view()
                                            .run(target.runId())
                                            .orElseThrow()
                                            .spec(),
                                    requested,
                                    platform,
                                    weights.bytes());
                            measured.addAll(probed.flatness());
                            probed.events().forEach(event -> found.add(new Found(target.step(), event)));
                        }
                        case BlobRead.Gone gone -> unmeasured.add("Not measured again: " + name + ". " + gone.reason());
                        case BlobRead.Refused refused ->
                            unmeasured.add("Not measured again: " + name + ". " + refused.reason());
                    }
                } catch (UnprocessableWork absent) {
                    unmeasured.add("Not measured again: " + name + ". " + absent.getMessage());
                }
                progress.at(i + 1, targets.size());
            }
        }
        return new Result(measured, found, unmeasured);
    }

    /** Writes those events of a result to the record that it lacks. */
    public static void publish(KafkaEndpoint endpoint, Result result) throws InterruptedException, TimeoutException {
        try (WorkerContext context = WorkerContext.open(endpoint, "remeasure")) {
            context.view().refresh();
            for (Found one : result.found()) {
                if (!context.view().holds(List.of(one.event().id()))) {
                    context.events()
                            .writeAcked(
                                    one.event(),
                                    Map.of(
                                            RecordHeaders.RUN,
                                            one.event().key(),
                                            RecordHeaders.CHECKPOINT,
                                            String.valueOf(one.step())));
                }
            }
        }
    }
}
