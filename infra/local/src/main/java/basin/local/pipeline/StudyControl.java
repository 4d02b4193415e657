package basin.local.pipeline;

import basin.events.Event;
import basin.events.work.Piece;
import basin.service.kafka.KafkaEndpoint;
import basin.service.record.Desk;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Asks for a study to rest, to go on, or to end. The workers learn it from the record. */
public final class StudyControl {
    private StudyControl() {}

    /**
     * Records what is asked for, unless it holds already; returns when that is acknowledged. A study that is resumed is expanded again,
     * which brings back the work that was set aside.
     *
     * @return whether anything changed
     */
    public static boolean ask(KafkaEndpoint endpoint, String studyId, Event.StudyControlled.Action action)
            throws InterruptedException, TimeoutException {
        Map<String, String> headers = Map.of(Desk.STUDY, studyId);
        try (Desk desk = Desk.open(endpoint, "control")) {
            desk.view().refresh();
            boolean holds = desk.view()
                    .controls()
                    .action(studyId)
                    .orElse(Event.StudyControlled.Action.RESUME)
                    .equals(action);
            if (!holds) {
                int next = desk.view().controls().sequence(studyId) + 1;
                desk.events().writeAcked(new Event.StudyControlled(studyId, next, action), headers);
                desk.view().refresh();
            }
            if (action == Event.StudyControlled.Action.RESUME) {
                // Also where it holds already: the one who asked before may have been stopped between the two.
                desk.enqueueOnce(new Piece.Expand(studyId), headers);
            }
            return !holds;
        }
    }
}
