package basin.it.study;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.cli.TinyStudy;
import basin.cli.pipeline.LocalPipeline;
import basin.log.KafkaEndpoint;
import basin.record.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that work that Kafka gave up, with neither result nor dead letter, is enqueued again, and
 * that the study ends as if nothing had happened.
 */
class RequeuedWorkTest {
    private static final int STOLEN = 3;

    @Test
    void whatKafkaGaveUpIsEnqueuedAgain(@TempDir Path folder) throws Exception {
        Set<String> stolen = ConcurrentHashMap.newKeySet();
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            List<Thread> thieves = List.of(
                    thief(pipeline.endpoint(), Topic.WORK_RUN, stolen),
                    thief(pipeline.endpoint(), Topic.WORK_PROBE, stolen),
                    thief(pipeline.endpoint(), Topic.WORK_EVALUATE, stolen));
            StudyView view = TinyStudy.run(pipeline);
            for (Thread thief : thieves) {
                thief.interrupt();
                thief.join();
            }
            assertThat(view.state()).isEqualTo("done");
            assertThat(view.done().measured()).isEqualTo(view.done().measurements());
            assertThat(stolen).hasSizeGreaterThanOrEqualTo(STOLEN);
        }
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
}
