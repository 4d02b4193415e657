package basin.service.record;

import basin.events.MalformedEventException;
import basin.events.spec.StudySpec;
import basin.events.work.WorkItem;
import basin.service.kafka.Delivery;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.UnwantedWork;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does the work items that some active study wants. A work item of a paused study leaves the queue: waiting there it would be delivered again
 * and again until Kafka gave it up, and would stand in the way of other studies. When the study is resumed it is expanded again, which
 * enqueues whatever has no result yet.
 */
final class WantedWork implements DeliveryHandler {
    private final RecordView view;
    private final DeliveryHandler handler;

    WantedWork(RecordView view, DeliveryHandler handler) {
        this.view = view;
        this.handler = handler;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        view.refresh();
        WorkItem item;
        try {
            item = WorkItem.decode(delivery.record().value());
        } catch (MalformedEventException unreadable) {
            // The handler says what is wrong with it.
            handler.handle(delivery);
            return;
        }
        Set<String> wanting = wanting(item);
        if (wanting.stream().noneMatch(view.controls()::isActive)) {
            throw new UnwantedWork("no study that wants it is active: " + String.join(", ", wanting) + ".");
        }
        handler.handle(delivery);
    }

    /** The studies that want it: the one that it was enqueued for, and those that share its run and ask the same. */
    private Set<String> wanting(WorkItem item) {
        Set<String> wanting = new TreeSet<>(Set.of(item.studyId()));
        switch (item) {
            case WorkItem.Expand ignored -> {}
            case WorkItem.Segment segment -> wanting.addAll(view.studiesOf(segment.runId()));
            case WorkItem.Probe probe ->
                view.studiesOf(probe.runId()).stream()
                        .filter(study -> view.study(study)
                                .filter(spec -> wants(spec, probe))
                                .isPresent())
                        .forEach(wanting::add);
            case WorkItem.Evaluate evaluate ->
                view.studiesOf(evaluate.runId()).stream()
                        .filter(study -> view.study(study)
                                .filter(spec -> wants(spec, evaluate))
                                .isPresent())
                        .forEach(wanting::add);
        }
        return wanting;
    }

    private static boolean wants(StudySpec study, WorkItem.Probe probe) {
        return study.flatness().contains(probe.estimator()) && study.platform().equals(probe.platform());
    }

    private static boolean wants(StudySpec study, WorkItem.Evaluate evaluate) {
        return study.tasks().contains(evaluate.task())
                && study.protocols().contains(evaluate.protocol())
                && study.platform().equals(evaluate.platform());
    }
}
