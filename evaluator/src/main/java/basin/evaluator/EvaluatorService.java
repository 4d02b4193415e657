package basin.evaluator;

import basin.evaluator.protocol.Evaluation;
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

/** The evaluator: evaluates checkpoints on tasks, sharing them with every other evaluator of the same Kafka. */
public final class EvaluatorService implements Worker {
    private final WorkerContext context;
    private final WorkQueue queue;

    private EvaluatorService(WorkerContext context, WorkQueue queue) {
        this.context = context;
        this.queue = queue;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the work items at work in this JVM
     */
    public static EvaluatorService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        WorkerContext context = WorkerContext.open(endpoint, "evaluator");
        CheckpointReader checkpoints = new CheckpointReader(context.view(), context.blobs());
        return new EvaluatorService(
                context,
                WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(Topic.WORK_EVALUATE.topicName(), slots.slots()),
                        context.whileWanted(new EvaluateHandler(context, checkpoints, new Evaluation(), metrics)),
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
