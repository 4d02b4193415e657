package basin.flatness;

import basin.log.KafkaEndpoint;
import basin.log.blob.BlobRead;
import basin.log.work.UnprocessableWork;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.service.CheckpointReader;
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
     * @param unmeasured one sentence per target whose weights are no longer in the log or are
     *     incomplete
     */
    public record Result(List<Event.FlatnessMeasured> measured, List<String> unmeasured) {
        public Result {
            measured = List.copyOf(measured);
            unmeasured = List.copyOf(unmeasured);
        }
    }

    /** An event and the step of its checkpoint. */
    private record Written(int step, Event event) {}

    /** A listener for the number of checkpoints processed. */
    @FunctionalInterface
    public interface Progress {
        /** Reports that {@code done} of {@code all} checkpoints have been processed. */
        void at(int done, int all);
    }

    /**
     * Measures on the calling thread, which must be a platform thread.
     *
     * @param publish whether to write to the record those measurements that it lacks
     */
    public static Result of(
            KafkaEndpoint endpoint,
            List<Target> targets,
            EstimatorSpec requested,
            PlatformSpec platform,
            boolean publish,
            Progress progress)
            throws InterruptedException, TimeoutException {
        CheckpointProbe probe = new CheckpointProbe();
        List<Event.FlatnessMeasured> measured = new ArrayList<>();
        List<Written> found = new ArrayList<>();
        List<String> unmeasured = new ArrayList<>();
        try (WorkerContext context = WorkerContext.open(endpoint, "remeasure")) {
            context.view().refresh();
            CheckpointReader reader = context.checkpoints();
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                String name = "run " + target.runId() + " at step " + target.step();
                try {
                    switch (reader.look(target.runId(), target.step())) {
                        case BlobRead.Found weights -> {
                            CheckpointProbe.Probed probed = probe.measure(
                                    target.runId(),
                                    target.step(),
                                    context.view()
                                            .run(target.runId())
                                            .orElseThrow()
                                            .spec(),
                                    requested,
                                    platform,
                                    weights.bytes());
                            measured.addAll(probed.flatness());
                            probed.events().forEach(event -> found.add(new Written(target.step(), event)));
                        }
                        case BlobRead.Gone gone -> unmeasured.add("Not measured anew: " + name + ". " + gone.reason());
                        case BlobRead.Refused refused ->
                            unmeasured.add("Not measured anew: " + name + ". " + refused.reason());
                    }
                } catch (UnprocessableWork absent) {
                    unmeasured.add("Not measured anew: " + name + ". " + absent.getMessage());
                }
                progress.at(i + 1, targets.size());
            }
            if (publish) {
                for (Written one : found) {
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
        return new Result(measured, unmeasured);
    }
}
