package basin.evaluator;

import basin.log.KafkaEndpoint;
import basin.log.work.WorkSlots;
import basin.network.engine.Torch;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.service.ServiceMain;
import basin.service.ServiceMetrics;
import basin.service.WorkerService;
import io.micrometer.core.instrument.MeterRegistry;

/** The evaluator service, which evaluates checkpoints on tasks. */
public final class EvaluatorService {
    private static final int PORT = 8645;

    private EvaluatorService() {}

    /**
     * Runs the service in its own process until the process is terminated. Settings come from the
     * environment.
     */
    public static void main(String[] arguments) {
        ServiceMain.worker("evaluator", PORT, EvaluatorService::start);
    }

    /** Starts to take work; see {@link WorkerService.Starter#start}. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        return WorkerService.open("evaluator", endpoint, slots, metrics)
                .take(WorkItem.Evaluate.class, Topic.WORK_EVALUATE, context -> new EvaluateHandler(context, metrics));
    }
}
