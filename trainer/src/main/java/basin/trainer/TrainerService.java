package basin.trainer;

import basin.events.Topic;
import basin.events.work.WorkItem;
import basin.lm.engine.Torch;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkSlots;
import basin.service.record.WorkerService;
import basin.service.shell.ServiceMain;
import basin.service.shell.ServiceMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** The trainer: expands studies and trains runs, and requeues work that was lost. */
public final class TrainerService {
    private static final int PORT = 8643;

    private TrainerService() {}

    /** Runs as a process of its own, with settings from the environment, until the process is told to end. */
    public static void main(String[] arguments) {
        ServiceMain.worker("trainer", PORT, TrainerService::start);
    }

    /** Starts to take work, as {@link WorkerService.Starter#start} says. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        WorkerService worker = WorkerService.open("trainer", endpoint, slots, metrics)
                .take(WorkItem.Expand.class, Topic.WORK_STUDY, 1, ExpandHandler::new)
                .take(WorkItem.Segment.class, Topic.WORK_RUN, SegmentHandler::new);
        return worker.closing(LostWorkRequeuer.start(endpoint, worker.context())::close);
    }
}
