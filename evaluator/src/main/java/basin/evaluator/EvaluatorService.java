package basin.evaluator;

import basin.events.Topic;
import basin.events.work.WorkItem;
import basin.lm.engine.Torch;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkSlots;
import basin.service.record.WorkerService;
import basin.service.shell.ServiceMain;
import basin.service.shell.ServiceMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** The evaluator: evaluates checkpoints on tasks. */
public final class EvaluatorService {
    private static final int PORT = 8645;

    private EvaluatorService() {}

    /** Runs as a process of its own, with settings from the environment, until the process is told to end. */
    public static void main(String[] arguments) {
        ServiceMain.worker("evaluator", PORT, EvaluatorService::start);
    }

    /** Starts to take work, as {@link WorkerService.Starter#start} says. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        return WorkerService.open("evaluator", endpoint, slots, metrics)
                .take(WorkItem.Evaluate.class, Topic.WORK_EVALUATE, context -> new EvaluateHandler(context, metrics));
    }
}
