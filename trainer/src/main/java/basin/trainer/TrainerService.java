package basin.trainer;

import basin.log.KafkaEndpoint;
import basin.log.work.WorkSlots;
import basin.network.engine.Torch;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.service.ServiceMain;
import basin.service.ServiceMetrics;
import basin.service.WorkerService;
import io.micrometer.core.instrument.MeterRegistry;

/** The trainer service. It expands studies, trains runs and requeues lost work. */
public final class TrainerService {
    private static final int PORT = 8643;

    private TrainerService() {}

    /**
     * Runs the service as a process, with settings from the environment, until it is terminated.
     */
    public static void main(String[] arguments) {
        ServiceMain.worker("trainer", PORT, TrainerService::start);
    }

    /** Starts the service, as {@link WorkerService.Starter#start} specifies. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        WorkerService worker = WorkerService.open("trainer", endpoint, slots, metrics)
                .take(WorkItem.Expand.class, Topic.WORK_STUDY, 1, ExpandHandler::new)
                .take(WorkItem.Segment.class, Topic.WORK_RUN, SegmentHandler::new);
        return worker.closing(LostWorkRequeuer.start(endpoint, worker.context())::close);
    }
}
