package basin.trainer;

import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.admin.ShareProgress;
import basin.log.admin.TopicAdmin;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.service.RecordView;
import basin.service.RecordView.StoredCheckpoint;
import basin.service.WorkerContext;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background thread that requeues lost work. Kafka archives a record of a share group after a
 * number of deliveries, whatever their outcome. A work item is lost if it is wanted, has no result
 * and no dead letter, and no worker will receive it any more. The event record determines what is
 * wanted, and the progress of the share group what it can still deliver, so a backlog is never
 * duplicated. Checks at the start and every 30 s. Thread-safe.
 */
final class LostWorkRequeuer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LostWorkRequeuer.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final List<String> TOPICS = Arrays.stream(Topic.values())
            .filter(topic -> topic.kind() == Topic.Kind.WORK)
            .map(Topic::topicName)
            .toList();

    private final KafkaEndpoint endpoint;
    private final WorkerContext context;
    private final RecordView view;
    private final Measurements measurements;
    /** Studies that want nothing more. */
    private final Set<String> complete = new HashSet<>();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private LostWorkRequeuer(KafkaEndpoint endpoint, WorkerContext context) {
        this.endpoint = endpoint;
        this.context = context;
        this.view = context.view();
        this.measurements = new Measurements(context);
        this.thread = Thread.ofPlatform().name("trainer-requeuer").daemon().unstarted(this::run);
    }

    /** Starts the thread. */
    static LostWorkRequeuer start(KafkaEndpoint endpoint, WorkerContext context) {
        LostWorkRequeuer requeuer = new LostWorkRequeuer(endpoint, context);
        requeuer.thread.start();
        return requeuer;
    }

    private void run() {
        try {
            do {
                try {
                    requeueLost();
                } catch (KafkaException | TimeoutException away) {
                    LOG.debug("Lost work is requeued later: {}", away.toString());
                }
            } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void requeueLost() throws InterruptedException, TimeoutException {
        Map<String, Map<Integer, ShareProgress>> byTopic = new HashMap<>();
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            TOPICS.forEach(topic -> byTopic.put(topic, admin.shareGroupProgress(topic, topic)));
        }
        Predicate<LogPosition> passed = record -> Optional.ofNullable(
                        byTopic.getOrDefault(record.topic(), Map.of()).get(record.partition()))
                .filter(group -> group.isPast(record.offset()))
                .isPresent();
        // After the progress, because items settled before it was read now have their results on
        // record.
        view.refresh();
        for (String studyId : view.studies()) {
            if (!complete.contains(studyId) && view.controls().isActive(studyId)) {
                view.study(studyId).ifPresent(study -> requeueLost(studyId, study, passed));
            }
        }
    }

    private void requeueLost(String studyId, StudySpec study, Predicate<LogPosition> passed) {
        WorkItem expand = new WorkItem.Expand(studyId);
        boolean wanting = false;
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            if (view.run(run.runId()).isEmpty()) {
                requeue(expand, expand, passed);
                return;
            }
            List<StoredCheckpoint> checkpoints = view.checkpoints(run.runId());
            for (StoredCheckpoint checkpoint : checkpoints) {
                WorkItem maker = new WorkItem.Segment(
                        studyId, run.runId(), checkpoint.event().ordinal());
                for (WorkItem item : measurements.open(studyId, study, run.spec(), checkpoint.event())) {
                    wanting = true;
                    requeue(item, maker, passed);
                }
            }
            if (!view.hasEnded(run.runId())) {
                wanting = true;
                int next = ExpandHandler.next(run, checkpoints);
                requeue(
                        new WorkItem.Segment(studyId, run.runId(), next),
                        next == 0 ? expand : new WorkItem.Segment(studyId, run.runId(), next - 1),
                        passed);
            }
        }
        if (!wanting) {
            complete.add(studyId);
        }
    }

    /**
     * Requeues an item that no worker will receive any more. For an item that was never enqueued,
     * the item that would have enqueued it decides. Dead-lettered items are not requeued.
     *
     * @param passed tests whether the share group of a work topic will no longer deliver the record
     *     at a position
     */
    private void requeue(WorkItem item, WorkItem maker, Predicate<LogPosition> passed) {
        boolean lost = view.enqueuedAt(item.id())
                .or(() -> view.enqueuedAt(maker.id()))
                .filter(passed)
                .isPresent();
        if (lost && !view.wasGivenUp(item.id()) && !view.wasGivenUp(maker.id())) {
            LOG.info("Work item {} has no result and no worker will be handed it: it is requeued.", item.id());
            context.enqueueAgain(item);
        }
    }

    /** Stops the thread. Does not wait for it. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
    }
}
