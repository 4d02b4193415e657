package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
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

/** The evaluator: evaluates checkpoints on tasks, sharing them with every other evaluator of the same Kafka. */
public final class EvaluatorService implements Worker {
    private final Desk desk;
    private final WorkQueue queue;

    private EvaluatorService(Desk desk, WorkQueue queue) {
        this.desk = desk;
        this.queue = queue;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the pieces at work in this JVM
     */
    public static EvaluatorService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        Desk desk = Desk.open(endpoint, "evaluator");
        CheckpointReader checkpoints = new CheckpointReader(desk.view(), desk.blobs());
        return new EvaluatorService(
                desk,
                WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(Topic.WORK_EVALUATE.topicName(), slots.slots()),
                        desk.whileWanted(new EvaluateHandler(desk, checkpoints, new Evaluation(), metrics)),
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
