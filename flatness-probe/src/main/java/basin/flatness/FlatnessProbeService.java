package basin.flatness;

import basin.log.KafkaEndpoint;
import basin.log.work.WorkSlots;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import basin.record.Topic;
import basin.record.work.WorkItem;
import basin.service.ServiceMain;
import basin.service.ServiceMetrics;
import basin.service.WorkerService;
import io.micrometer.core.instrument.MeterRegistry;

/** The flatness probe service, which measures the flatness of checkpoints. */
public final class FlatnessProbeService {
    private static final int PORT = 8644;

    private FlatnessProbeService() {}

    /**
     * Runs the service in its own process until the process is terminated. Settings come from the
     * environment.
     */
    public static void main(String[] arguments) {
        ServiceMain.worker("flatness-probe", PORT, FlatnessProbeService::start);
    }

    /** Starts to take work; see {@link WorkerService.Starter#start}. */
    public static WorkerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        return WorkerService.open("flatness-probe", endpoint, slots, metrics)
                .take(
                        WorkItem.Probe.class,
                        Topic.WORK_PROBE,
                        context -> new ProbeHandler(context, metrics, Workers.with(new FreeSlots(slots))));
    }

    /** Slots without work, which help a measurement until other work waits for them. */
    private record FreeSlots(WorkSlots slots) implements Workers.Helpers {
        @Override
        public int idle() {
            return slots.free();
        }

        @Override
        public boolean areWanted() {
            return slots.waiting() > 0;
        }

        @Override
        public void execute(Runnable helper) {
            slots.execute(helper);
        }
    }
}
