package basin.local.pipeline;

import basin.events.Event;
import basin.events.Ids;
import basin.events.spec.StudySpec;
import basin.events.work.Piece;
import basin.service.kafka.KafkaEndpoint;
import basin.service.record.Desk;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Puts a study into a pipeline. Doing so again changes nothing. */
public final class Submission {
    private Submission() {}

    /**
     * Records the study and asks for its expansion; returns when both are acknowledged.
     *
     * @return the study's id
     */
    public static String submit(KafkaEndpoint endpoint, StudySpec study) throws InterruptedException, TimeoutException {
        Event.StudySubmitted submitted = new Event.StudySubmitted(study);
        String studyId = Ids.study(study);
        Map<String, String> headers = Map.of("basin_study", studyId);
        try (Desk desk = Desk.open(endpoint, "submit")) {
            desk.view().refresh();
            if (!desk.view().holds(List.of(submitted.id()))) {
                desk.events().writeAcked(submitted, headers);
            }
            desk.enqueueOnce(new Piece.Expand(studyId), headers);
        }
        return studyId;
    }
}
