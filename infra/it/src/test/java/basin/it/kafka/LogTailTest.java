package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.log.KafkaEndpoint;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that the tail reads everything in order, and that its barrier waits for all earlier
 * records.
 */
@ExtendWith(SharedBroker.class)
class LogTailTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void afterTheBarrierEverythingWrittenBeforeItWasHandedOver(KafkaEndpoint endpoint) throws Exception {
        List<String> topics = List.of("tail.a", "tail.b");
        TopicAdmin.ensure(
                endpoint,
                topics.stream().map(topic -> TopicSpec.keptForEver(topic, 3)).toList());
        Queue<LogRecord> read = new ConcurrentLinkedQueue<>();
        try (LogWriter writer = LogWriter.open(endpoint, "tail-test");
                LogTail tail = LogTail.start(endpoint, "tail-test", topics, read::add)) {
            tail.awaitCaughtUp(LIMIT);
            assertThat(read).isEmpty();
            for (int round = 1; round <= 20; round++) {
                for (String topic : topics) {
                    String key = "run-" + round % 7;
                    writer.writeAcked(topic, key, bytes(topic + round), Map.of("round", Integer.toString(round)));
                }
                tail.awaitCaughtUp(LIMIT);
                assertThat(read).hasSize(2 * round);
            }
            assertThat(read)
                    .allSatisfy(record -> assertThat(record.value())
                            .isEqualTo(bytes(record.topic() + record.headers().get("round"))));
            for (String topic : topics) {
                for (int partition = 0; partition < 3; partition++) {
                    int one = partition;
                    assertThat(read.stream()
                                    .filter(record -> record.topic().equals(topic) && record.partition() == one)
                                    .map(LogRecord::offset))
                            .isSorted();
                }
            }
        }
    }

    @Test
    void aTailThatStartsLaterReadsFromTheBeginning(KafkaEndpoint endpoint) throws Exception {
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver("tail.later", 2)));
        try (LogWriter writer = LogWriter.open(endpoint, "tail-test")) {
            CompletableFuture.allOf(IntStream.range(0, 1200)
                            .mapToObj(i -> writer.write("tail.later", "k" + i, bytes("v" + i), Map.of()))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        }
        Queue<String> read = new ConcurrentLinkedQueue<>();
        try (LogTail tail =
                LogTail.start(endpoint, "tail-test", List.of("tail.later"), record -> read.add(record.key()))) {
            tail.awaitCaughtUp(LIMIT);
            assertThat(read).hasSize(1200).doesNotHaveDuplicates();
        }
    }

    @Test
    void aHandlerThatThrowsEndsTheTailAndItsBarriersSaySo(KafkaEndpoint endpoint) throws Exception {
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver("tail.throws", 1)));
        try (LogWriter writer = LogWriter.open(endpoint, "tail-test");
                LogTail tail = LogTail.start(endpoint, "tail-test", List.of("tail.throws"), record -> {
                    throw new UnsupportedOperationException("not this one");
                })) {
            writer.writeAcked("tail.throws", "k", bytes("v"), Map.of());
            assertThatThrownBy(() -> tail.ended().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("not this one");
            assertThatThrownBy(() -> tail.awaitCaughtUp(LIMIT)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aTopicThatDoesNotExistIsNamed(KafkaEndpoint endpoint) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> LogTail.start(endpoint, "tail-test", List.of("tail.absent"), record -> {}))
                .withMessageContaining("tail.absent does not exist");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
