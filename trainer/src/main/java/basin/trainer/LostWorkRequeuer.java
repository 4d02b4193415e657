package basin.trainer;

import basin.events.Topic;
import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import basin.events.work.WorkItem;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogPosition;
import basin.service.kafka.ShareProgress;
import basin.service.kafka.TopicAdmin;
import basin.service.record.RecordView.StoredCheckpoint;
import basin.service.record.WorkerContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts work back into its queue that is wanted, has no result and no dead letter, and that nobody will be handed any more: Kafka gives a
 * record up after a number of deliveries, whatever became of them. The record decides what is wanted, and the share group's progress what
 * can still be handed out; so a backlog is never doubled. Looks at the start and every half minute. Thread-safe.
 */
final class LostWorkRequeuer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LostWorkRequeuer.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final KafkaEndpoint endpoint;
    private final WorkerContext context;
    /** Studies of which nothing is wanted any more. */
    private final Set<String> complete = new HashSet<>();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private LostWorkRequeuer(KafkaEndpoint endpoint, WorkerContext context) {
        this.endpoint = endpoint;
        this.context = context;
        this.thread = Thread.ofPlatform().name("trainer-requeuer").daemon().unstarted(this::run);
    }

    /** Begins to look. */
    static LostWorkRequeuer start(KafkaEndpoint endpoint, WorkerContext context) {
        LostWorkRequeuer requeuer = new LostWorkRequeuer(endpoint, context);
        requeuer.thread.start();
        return requeuer;
    }

    private void run() {
        try {
            do {
                try {
                    look();
                } catch (KafkaException | TimeoutException away) {
                    LOG.debug("Work that Kafka gave up is looked for later: {}", away.toString());
                }
            } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException, TimeoutException {
        Map<String, Map<Integer, ShareProgress>> progress = new HashMap<>();
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            for (Topic topic : List.of(Topic.WORK_STUDY, Topic.WORK_RUN, Topic.WORK_PROBE, Topic.WORK_EVALUATE)) {
                progress.put(topic.topicName(), admin.shareGroupProgress(topic.topicName(), topic.topicName()));
            }
        }
        // Only now: what was settled before has its result on record.
        context.view().refresh();
        for (String studyId : context.view().studies()) {
            if (!complete.contains(studyId) && context.view().controls().isActive(studyId)) {
                context.view().study(studyId).ifPresent(study -> look(studyId, study, progress));
            }
        }
    }

    private void look(String studyId, StudySpec study, Map<String, Map<Integer, ShareProgress>> progress) {
        WorkItem expand = new WorkItem.Expand(studyId);
        boolean wanting = false;
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            if (context.view().run(run.runId()).isEmpty()) {
                requeue(expand, expand, Map.of(WorkerContext.STUDY, studyId), progress);
                return;
            }
            List<StoredCheckpoint> checkpoints = context.view().checkpoints(run.runId());
            for (StoredCheckpoint checkpoint : checkpoints) {
                WorkItem maker = new WorkItem.Segment(
                        studyId, run.runId(), checkpoint.event().ordinal());
                for (WorkItem item : StudyPlan.measurements(
                        studyId,
                        study,
                        run.runId(),
                        run.spec().algorithm(),
                        checkpoint.event().step(),
                        checkpoint.event().triggers())) {
                    if (!context.view().holds(item.resultIds())) {
                        wanting = true;
                        requeue(item, maker, Measurements.headers(studyId, checkpoint.event()), progress);
                    }
                }
            }
            if (!context.view().hasEnded(run.runId())) {
                wanting = true;
                int next = ExpandHandler.next(run, checkpoints);
                WorkItem maker = next == 0 ? expand : new WorkItem.Segment(studyId, run.runId(), next - 1);
                requeue(
                        new WorkItem.Segment(studyId, run.runId(), next),
                        maker,
                        Map.of(WorkerContext.STUDY, studyId, "basin_run", run.runId()),
                        progress);
            }
        }
        if (!wanting) {
            complete.add(studyId);
        }
    }

    /**
     * Enqueues a work item again if nobody will be handed it, nor, where it was never in its queue, the work item that would have put it there.
     */
    private void requeue(
            WorkItem item,
            WorkItem maker,
            Map<String, String> headers,
            Map<String, Map<Integer, ShareProgress>> progress) {
        Optional<LogPosition> asked = context.view().askedAt(item.id());
        boolean lost = asked.or(() -> context.view().askedAt(maker.id()))
                .filter(last -> isPast(last, progress))
                .isPresent();
        if (lost && !context.view().wasGivenUp(item.id()) && !context.view().wasGivenUp(maker.id())) {
            LOG.info("Work item {} has no result and nobody will be handed it: it is enqueued again.", item.id());
            context.enqueueAgain(item, headers);
        }
    }

    private static boolean isPast(LogPosition record, Map<String, Map<Integer, ShareProgress>> progress) {
        return Optional.ofNullable(
                        progress.getOrDefault(record.topic(), Map.of()).get(record.partition()))
                .filter(group -> group.isPast(record.offset()))
                .isPresent();
    }

    /** Stops looking. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
    }
}
