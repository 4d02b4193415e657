package basin.flatness;

import basin.events.Topic;
import basin.lm.engine.Torch;
import basin.service.kafka.DeadLetterWriter;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkQueue;
import basin.service.kafka.WorkQueueSettings;
import basin.service.kafka.WorkSlots;
import basin.service.record.CheckpointReader;
import basin.service.record.WorkerContext;
import basin.service.shell.ServiceMetrics;
import basin.service.shell.Worker;
import io.micrometer.core.instrument.MeterRegistry;

/** The flatness probe: measures checkpoints, sharing them with every other probe of the same Kafka. */
public final class FlatnessProbeService implements Worker {
    private final WorkerContext context;
    private final WorkQueue queue;

    private FlatnessProbeService(WorkerContext context, WorkQueue queue) {
        this.context = context;
        this.queue = queue;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the work items at work in this JVM
     */
    public static FlatnessProbeService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        WorkerContext context = WorkerContext.open(endpoint, "flatness-probe");
        CheckpointReader checkpoints = new CheckpointReader(context.view(), context.blobs());
        return new FlatnessProbeService(
                context,
                WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(Topic.WORK_PROBE.topicName(), slots.slots()),
                        context.whileWanted(new ProbeHandler(context, checkpoints, metrics)),
                        new DeadLetterWriter(context.writer(), Topic.DEAD_LETTER.topicName(), metrics),
                        slots,
                        metrics));
    }

    @Override
    public boolean isReady() {
        return context.view().isReading();
    }

    /** Hands back the work in hand within 10 s. */
    @Override
    public void close() {
        queue.close();
        context.close();
    }
}
