package basin.trainer;

import basin.events.Topic;
import basin.lm.engine.Torch;
import basin.service.kafka.DeadLetters;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.WorkQueue;
import basin.service.kafka.WorkQueueSettings;
import basin.service.kafka.WorkSlots;
import basin.service.record.Desk;
import basin.service.shell.ServiceMetrics;
import basin.service.shell.Worker;
import basin.trainer.training.PreTraining;
import io.micrometer.core.instrument.MeterRegistry;

/** The trainer: expands studies and trains runs, sharing both with every other trainer of the same Kafka. */
public final class TrainerService implements Worker {
    private final Desk desk;
    private final WorkQueue studies;
    private final WorkQueue runs;
    private final Recall recall;

    private TrainerService(Desk desk, WorkQueue studies, WorkQueue runs, Recall recall) {
        this.recall = recall;
        this.desk = desk;
        this.studies = studies;
        this.runs = runs;
    }

    /**
     * Starts to take work.
     *
     * @param endpoint a Kafka with Basin's topics
     * @param slots bounds the pieces at work in this JVM
     */
    public static TrainerService start(KafkaEndpoint endpoint, WorkSlots slots, MeterRegistry metrics) {
        Torch.load();
        ServiceMetrics.observeNativeArrays(metrics, Torch::liveArrays);
        Desk desk = Desk.open(endpoint, "trainer");
        DeadLetters deadLetters = new DeadLetters(desk.writer(), Topic.DEAD_LETTER.topicName(), metrics);
        return new TrainerService(
                desk,
                queue(
                        endpoint,
                        Topic.WORK_STUDY,
                        1,
                        desk.whileWanted(new ExpandHandler(desk)),
                        deadLetters,
                        slots,
                        metrics),
                queue(
                        endpoint,
                        Topic.WORK_RUN,
                        slots.slots(),
                        desk.whileWanted(new SegmentHandler(desk, new PreTraining())),
                        deadLetters,
                        slots,
                        metrics),
                Recall.start(endpoint, desk));
    }

    private static WorkQueue queue(
            KafkaEndpoint endpoint,
            Topic topic,
            int workers,
            PieceHandler handler,
            DeadLetters deadLetters,
            WorkSlots slots,
            MeterRegistry metrics) {
        return WorkQueue.start(
                endpoint, WorkQueueSettings.of(topic.topicName(), workers), handler, deadLetters, slots, metrics);
    }

    @Override
    public boolean isReady() {
        return desk.view().isReading();
    }

    /** Hands back the work in hand within 10 s. */
    @Override
    public void close() {
        recall.close();
        Thread expanding = Thread.ofVirtual().start(studies::close);
        runs.close();
        try {
            expanding.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        desk.close();
    }
}
