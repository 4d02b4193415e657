package basin.flatness;

import basin.events.Topic;
import basin.events.work.WorkItem;
import basin.lm.engine.Torch;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkSlots;
import basin.service.record.WorkerService;
import basin.service.shell.ServiceMain;
import basin.service.shell.ServiceMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** The flatness probe: measures the flatness of checkpoints. */
public final class FlatnessProbeService {
    private static final int PORT = 8644;

    private FlatnessProbeService() {}

    /** Runs as a process of its own, with settings from the environment, until the process is told to end. */
    public static void main(String[] arguments) {
        ServiceMain.worker("flatness-probe", PORT, FlatnessProbeService::start);
    }

    /** Starts to take work, as {@link WorkerService.Starter#start} says. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        return WorkerService.open("flatness-probe", endpoint, slots, metrics)
                .take(WorkItem.Probe.class, Topic.WORK_PROBE, context -> new ProbeHandler(context, metrics));
    }
}
