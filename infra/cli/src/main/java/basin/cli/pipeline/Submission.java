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
        try (WorkerContext context = WorkerContext.open(endpoint, "submit")) {
            context.view().refresh();
            if (!context.view().holds(List.of(submitted.id()))) {
                context.events().writeAcked(submitted, Map.of(RecordHeaders.STUDY, studyId));
            }
            context.enqueueOnce(new WorkItem.Expand(studyId));
        }
        return studyId;
    }
}
