package basin.cli.pipeline;

import basin.log.KafkaEndpoint;
import basin.record.Event;
import basin.record.RecordHeaders;
import basin.record.work.WorkItem;
import basin.service.WorkerContext;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Asks for a study to rest, to go on, or to end. The workers learn it from the record. */
public final class StudyControl {
    private StudyControl() {}

    /**
     * Records what is asked for, unless it holds already; returns when that is acknowledged. A study that is resumed is expanded again,
     * which brings back the work that left its queue.
     *
     * @return whether anything changed
     */
    public static boolean ask(KafkaEndpoint endpoint, String studyId, Event.StudyControlled.Action action)
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
                // Also where it holds already: the one who asked before may have been stopped between the two.
                context.enqueueOnce(new WorkItem.Expand(studyId));
            }
            return !holds;
        }
    }
}
