package basin.flatness;

import basin.events.Topic;
import basin.lm.engine.Torch;
import basin.service.kafka.DeadLetters;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkQueue;
import basin.service.kafka.WorkQueueSettings;
import basin.service.kafka.WorkSlots;
import basin.service.record.CheckpointReader;
import basin.service.record.Desk;
import basin.service.shell.ServiceMetrics;
import basin.service.shell.Worker;
import io.micrometer.core.instrument.MeterRegistry;

/** The flatness probe: measures checkpoints, sharing them with every other probe of the same Kafka. */
public final class FlatnessProbeService implements Worker {
    private final Desk desk;
    private final WorkQueue queue;

    private FlatnessProbeService(Desk desk, WorkQueue queue) {
        this.desk = desk;
        this.queue = queue;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the pieces at work in this JVM
     */
    public static FlatnessProbeService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        Desk desk = Desk.open(endpoint, "flatness-probe");
        CheckpointReader checkpoints = new CheckpointReader(desk.view(), desk.blobs());
        return new FlatnessProbeService(
                desk,
                WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(Topic.WORK_PROBE.topicName(), slots.slots()),
                        desk.whileWanted(new ProbeHandler(desk, checkpoints, metrics)),
                        new DeadLetters(desk.writer(), Topic.DEAD_LETTER.topicName(), metrics),
                        slots,
                        metrics));
    }

    @Override
    public boolean isReady() {
        return desk.view().isReading();
    }

    /** Hands back the work in hand within 10 s. */
    @Override
    public void close() {
        queue.close();
        desk.close();
    }
}
