package basin.trainer;

import basin.events.Topic;
import basin.lm.engine.Torch;
import basin.service.kafka.DeadLetterWriter;
import basin.service.kafka.DeliveryHandler;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.WorkQueue;
import basin.service.kafka.WorkQueueSettings;
import basin.service.kafka.WorkSlots;
import basin.service.record.WorkerContext;
import basin.service.shell.ServiceMetrics;
import basin.service.shell.Worker;
import basin.trainer.training.PreTraining;
import io.micrometer.core.instrument.MeterRegistry;

/** The trainer: expands studies and trains runs, sharing both with every other trainer of the same Kafka. */
public final class TrainerService implements Worker {
    private final WorkerContext context;
    private final WorkQueue studies;
    private final WorkQueue runs;
    private final LostWorkRequeuer requeuer;

    private TrainerService(WorkerContext context, WorkQueue studies, WorkQueue runs, LostWorkRequeuer requeuer) {
        this.requeuer = requeuer;
        this.context = context;
        this.studies = studies;
        this.runs = runs;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the work items at work in this JVM
     */
    public static TrainerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        WorkerContext context = WorkerContext.open(endpoint, "trainer");
        DeadLetterWriter deadLetters = new DeadLetterWriter(context.writer(), Topic.DEAD_LETTER.topicName(), metrics);
        return new TrainerService(
                context,
                queue(
                        endpoint,
                        Topic.WORK_STUDY,
                        1,
                        context.whileWanted(new ExpandHandler(context)),
                        deadLetters,
                        slots,
                        metrics),
                queue(
                        endpoint,
                        Topic.WORK_RUN,
                        slots.slots(),
                        context.whileWanted(new SegmentHandler(context, new PreTraining())),
                        deadLetters,
                        slots,
                        metrics),
                LostWorkRequeuer.start(endpoint, context));
    }

    private static WorkQueue queue(
            KafkaEndpoint endpoint,
            Topic topic,
            int workers,
            DeliveryHandler handler,
            DeadLetterWriter deadLetters,
            WorkSlots slots,
            MeterRegistry metrics) {
        return WorkQueue.start(
                endpoint, WorkQueueSettings.of(topic.topicName(), workers), handler, deadLetters, slots, metrics);
    }

    @Override
    public boolean isReady() {
        return context.view().isReading();
    }

    /** Hands back the work in hand within 10 s. */
    @Override
    public void close() {
        requeuer.close();
        Thread expanding = Thread.ofVirtual().start(studies::close);
        runs.close();
        try {
            expanding.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }
}
