package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.language.study.Networks;
import basin.log.KafkaEndpoint;
import basin.log.blob.ChunkedBlobs;
import basin.network.EncoderShape;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Torch;
import basin.record.Topic;
import basin.service.CheckpointReader;
import basin.service.WorkerContext;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the same study gives the same numbers, whichever workers do its work and in whatever
 * order, and that work that Kafka gave up, with neither result nor dead letter, is enqueued again.
 */
class SameStudyTwiceTest {
    private static final int STOLEN = 3;

    @Test
    void allNumbersAreTheSameToTheBitAlsoIfKafkaGivesUpWork(@TempDir Path one) throws Exception {
        StudyView alone;
        Set<String> stolen = ConcurrentHashMap.newKeySet();
        try (LocalPipeline pipeline = LocalPipeline.start(one, 0, 1)) {
            List<Thread> thieves = Stream.of(Topic.WORK_RUN, Topic.WORK_PROBE, Topic.WORK_EVALUATE)
                    .map(topic -> thief(pipeline.endpoint(), topic, stolen))
                    .toList();
            alone = RepeatedStudy.run(pipeline);
            for (Thread thief : thieves) {
                thief.interrupt();
                thief.join();
            }
            checkpointsAreWhatTrainingMade(pipeline);
        }
        assertThat(stolen).hasSizeGreaterThanOrEqualTo(STOLEN);
        assertThat(alone.state()).isEqualTo("done");
        assertThat(alone.done().measured()).isEqualTo(alone.done().measurements());
        assertThat(alone.rows()).anyMatch(row -> row.finding().p().isPresent());
        // Compares losses, traces, accuracies, the table, and the digest of all events.
        assertThat(RepeatedStudy.json(RepeatedStudy.undisturbed())).isEqualTo(RepeatedStudy.json(alone));
    }

    /**
     * Takes work items as a worker does and rejects the first of them, as the broker does after too
     * many deliveries.
     */
    private static Thread thief(KafkaEndpoint endpoint, Topic topic, Set<String> stolen) {
        Map<String, Object> properties = endpoint.properties("thief");
        properties.put("group.id", topic.topicName());
        properties.put("share.acknowledgement.mode", "explicit");
        properties.put("max.poll.records", 1);
        return Thread.ofPlatform().daemon().start(() -> {
            try (KafkaShareConsumer<String, byte[]> consumer =
                    new KafkaShareConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic.topicName()));
                int taken = 0;
                while (!Thread.currentThread().isInterrupted() && taken < STOLEN) {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                        consumer.acknowledge(record, AcknowledgeType.REJECT);
                        stolen.add(record.key());
                        taken++;
                    }
                    consumer.commitSync();
                }
            } catch (org.apache.kafka.common.errors.InterruptException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void checkpointsAreWhatTrainingMade(LocalPipeline pipeline) throws Exception {
        StudyPlan.PlannedRun run = StudyPlan.runs(RepeatedStudy.SPEC).getLast();
        PreTraining training = new PreTraining();
        try (WorkerContext context = WorkerContext.open(pipeline.endpoint(), "test")) {
            context.view().refresh();
            CheckpointReader reader = new CheckpointReader(context.view(), new ChunkedBlobs(pipeline.endpoint()));
            TrainingState state = training.initial(run.spec());
            List<Integer> steps = new ArrayList<>();
            while (state.step() < run.spec().training().steps()) {
                PreTraining.Advance advance = training.advance(run.runId(), run.spec(), state, loss -> {});
                state = advance.state();
                byte[] read = reader.read(run.runId(), state.step());
                assertThat(read).isEqualTo(advance.weights());
                assertThat(logits(run.spec(), Weights.decode(Networks.shape(run.spec()), read)))
                        .containsExactly(logits(run.spec(), state.theta()));
                steps.add(state.step());
            }
            assertThat(context.view().checkpoints(run.runId()))
                    .extracting(stored -> stored.event().step())
                    .isEqualTo(steps);
        }
    }

    private static float[] logits(RunSpec spec, float[] theta) {
        EncoderShape shape = Networks.encoder(spec, spec.size());
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                int[][] sentences = {{0, 1, 2, 3}, {5, 4, 3, 2}};
                return shape.network()
                        .logits(scope.create(theta), TokenBatch.masked(sentences, new int[] {0, 3}))
                        .toFloatArray();
            }
        });
    }
}
