package basin.cli.pipeline;

import basin.log.KafkaEndpoint;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import basin.service.WorkerContext;
import basin.study.Ids;
import basin.study.StudySpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Submits a study to a pipeline and controls it. Both operations are idempotent. */
public final class Submission {
    private Submission() {}

    /**
     * Records the study and enqueues its expansion; returns when both are acknowledged.
     *
     * @return the study's id
     */
    public static String submit(KafkaEndpoint endpoint, StudySpec study) throws InterruptedException, TimeoutException {
        Event.StudySubmitted submitted = new Event.StudySubmitted(study);
        String studyId = Ids.study(study);
        try (WorkerContext context = WorkerContext.open(endpoint, "submit")) {
            context.view().refresh();
            if (!context.view().holds(List.of(submitted.id()))) {
                context.events().writeAcked(submitted, Map.of(RecordHeaders.STUDY, studyId));
            }
            context.enqueueOnce(new WorkItem.Expand(studyId));
        }
        return studyId;
    }

    /**
     * Requests that a study is paused, resumed or cancelled, unless it is already; returns when the
     * request is acknowledged. The workers learn of it from the record. A study that is resumed is
     * expanded again, which re-enqueues the work that left its queue.
     *
     * @return whether the state changed
     */
    public static boolean control(KafkaEndpoint endpoint, String studyId, Event.StudyControlled.Action action)
            throws InterruptedException, TimeoutException {
        try (WorkerContext context = WorkerContext.open(endpoint, "control")) {
            context.view().refresh();
            boolean holds = context.view()
                    .controls()
                    .action(studyId)
                    .orElse(Event.StudyControlled.Action.RESUME)
                    .equals(action);
            if (!holds) {
                int next = context.view().controls().sequence(studyId) + 1;
                context.events()
                        .writeAcked(
                                new Event.StudyControlled(studyId, next, action), Map.of(RecordHeaders.STUDY, studyId));
                context.view().refresh();
            }
            if (action == Event.StudyControlled.Action.RESUME) {
                // Even if nothing changed: the previous caller may have been stopped between the
                // two writes.
                context.enqueueOnce(new WorkItem.Expand(studyId));
            }
            return !holds;
        }
    }
}
