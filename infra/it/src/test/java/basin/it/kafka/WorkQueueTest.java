package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import basin.log.KafkaEndpoint;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.Delivery;
import basin.log.work.DeliveryHandler;
import basin.log.work.UnprocessableWork;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import basin.network.engine.Torch;
import basin.record.RecordHeaders;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests the outcomes of work items: done, poison, failed, delayed, abandoned by a worker that
 * stopped or died.
 */
@ExtendWith(SharedBroker.class)
class WorkQueueTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaEndpoint endpoint;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Queue<Delivery> done = new ConcurrentLinkedQueue<>();
    private final LogWriter writer;
    private final WorkSlots slots = WorkSlots.of(2);
    private String work = "";
    private String dead = "";

    WorkQueueTest(KafkaEndpoint endpoint) {
        this.endpoint = endpoint;
        this.writer = LogWriter.open(endpoint, "queue-test");
    }

    @BeforeEach
    void makeTopics(TestInfo test) {
        work = "work." + test.getTestMethod().orElseThrow().getName();
        dead = work + ".dead";
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(work, 1), TopicSpec.keptForEver(dead, 1)));
    }

    @AfterEach
    void closeWriter() {
        writer.close();
        slots.close();
    }

    @Test
    void workItemsEnqueuedBeforeTheQueueStartsAreDoneInTheirOrder() {
        List<String> items = List.of("a", "b", "c", "d", "e");
        items.forEach(this::enqueue);
        try (WorkQueue queue = start(1, done::add)) {
            await().atMost(LIMIT).until(() -> done.size() == 5 && queue.held() == 0);
            assertThat(done).extracting(Delivery::id).containsExactlyElementsOf(items);
            assertThat(done)
                    .extracting(delivery -> new String(delivery.record().value(), StandardCharsets.UTF_8))
                    .containsExactlyElementsOf(items);
        }
    }

    @Test
    void poisonIsDeadLetteredWithItsOriginAndTheRestGoesOn() throws Exception {
        enqueue("good-1");
        LogPosition origin = enqueue("bad");
        enqueue("good-2");
        DeliveryHandler handler = delivery -> {
            if (delivery.id().equals("bad")) {
                throw new UnprocessableWork("Its width is not divisible by its heads.");
            }
            done.add(delivery);
        };
        try (WorkQueue queue = start(2, handler)) {
            await().atMost(LIMIT).until(() -> done.size() == 2 && queue.held() == 0);
            await().atMost(LIMIT).until(() -> count("basin.dead.letters", "kind", "poison") == 1);
        }
        assertThat(done).extracting(Delivery::id).containsExactlyInAnyOrder("good-1", "good-2");
        assertThat(deadLetters()).singleElement().satisfies(deadLetter -> {
            assertThat(deadLetter.key()).isEqualTo("bad");
            assertThat(deadLetter.value()).isEqualTo("bad".getBytes(StandardCharsets.UTF_8));
            assertThat(deadLetter.headers())
                    .containsEntry(RecordHeaders.DEAD_KIND, "poison")
                    .containsEntry(RecordHeaders.DEAD_REASON, "Its width is not divisible by its heads.")
                    .containsEntry(RecordHeaders.ORIGIN_TOPIC, work)
                    .containsEntry(RecordHeaders.ORIGIN_PARTITION, Integer.toString(origin.partition()))
                    .containsEntry(RecordHeaders.ORIGIN_OFFSET, Long.toString(origin.offset()))
                    .containsEntry(RecordHeaders.WORK_ITEM, "bad")
                    .containsEntry("asked-by", "test");
        });
    }

    @Test
    void aWorkItemThatFindsNoMemoryWaitsAndIsDone() {
        enqueue("large");
        Queue<Delivery> attempts = new ConcurrentLinkedQueue<>();
        DeliveryHandler handler = delivery -> {
            attempts.add(delivery);
            switch (attempts.size()) {
                case 1, 2 -> {
                    try (NDManager scope = Torch.scope()) {
                        // Refused by the operating system, because no machine can address that
                        // much.
                        var _ = scope.zeros(new Shape(1L << 50));
                    }
                }
                case 3 -> {
                    // Refused by the JVM, whatever its heap size.
                    var _ = new long[Integer.MAX_VALUE];
                }
                default -> done.add(delivery);
            }
        };
        try (WorkQueue queue = start(1, handler)) {
            await().atMost(LIMIT).until(() -> done.size() == 1 && queue.held() == 0);
        }
        assertThat(attempts).hasSize(4).extracting(Delivery::count).containsOnly(1);
        assertThat(count("basin.dead.letters", "kind", "exhausted")).isZero();
    }

    @Test
    void aWorkItemThatFailsIsTriedAgainAndGivenUpAfterFiveDeliveries() throws Exception {
        enqueue("fails-always");
        enqueue("fails-twice");
        Queue<Delivery> attempts = new ConcurrentLinkedQueue<>();
        DeliveryHandler handler = delivery -> {
            attempts.add(delivery);
            if (delivery.id().equals("fails-always") || delivery.count() < 3) {
                throw new IllegalStateException("matrix is singular");
            }
            done.add(delivery);
        };
        try (WorkQueue queue = start(1, handler)) {
            await().atMost(LIMIT).until(() -> count("basin.dead.letters", "kind", "exhausted") == 1);
            await().atMost(LIMIT).until(() -> done.size() == 1 && queue.held() == 0);
        }
        assertThat(attempts)
                .filteredOn(delivery -> delivery.id().equals("fails-always"))
                .extracting(Delivery::count)
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(done)
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.count()).isEqualTo(3));
        assertThat(deadLetters()).singleElement().satisfies(deadLetter -> {
            assertThat(deadLetter.key()).isEqualTo("fails-always");
            assertThat(deadLetter.headers()).containsEntry(RecordHeaders.DEAD_KIND, "exhausted");
            assertThat(deadLetter.headers().get(RecordHeaders.DEAD_REASON)).contains("matrix is singular");
        });
    }

    @Test
    void aFaultOutsideTheWorkItemIsWaitedOutWithinOneDelivery() throws Exception {
        enqueue("unlucky");
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        DeliveryHandler handler = delivery -> {
            attempts.add(delivery.count());
            if (attempts.size() < 3) {
                throw attempts.size() == 1
                        ? new IOException("No space left on device")
                        : new IllegalStateException(
                                new org.apache.kafka.common.errors.TimeoutException("broker is away"));
            }
            done.add(delivery);
        };
        try (WorkQueue queue = start(1, handler)) {
            await().atMost(LIMIT).until(() -> done.size() == 1 && queue.held() == 0);
        }
        assertThat(attempts).containsExactly(1, 1, 1);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aQueueThatClosesReleasesItsWorkItemToAnother() throws Exception {
        enqueue("interrupted");
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        WorkQueue first = start(1, delivery -> {
            atWork.countDown();
            never.await();
        });
        assertThat(atWork.await(30, TimeUnit.SECONDS)).isTrue();
        first.close();
        assertThat(first.held()).isZero();
        try (WorkQueue _ = start(1, done::add)) {
            await().atMost(LIMIT).until(() -> done.size() == 1);
        }
        assertThat(done)
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.count()).isEqualTo(2));
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void aWorkItemWhoseWorkerDiedReturnsWhenItsLockExpires() throws Exception {
        // A queue initialises the group; then a member that never answers simulates a killed
        // process.
        start(1, done::add).close();
        LogPosition left = enqueue("left");
        try (KafkaShareConsumer<byte[], byte[]> silent = silentMember()) {
            silent.subscribe(List.of(work));
            await().atMost(LIMIT)
                    .until(() -> !silent.poll(Duration.ofMillis(200)).isEmpty());
            try (WorkQueue _ = start(1, done::add)) {
                await().atMost(LIMIT).until(() -> !done.isEmpty());
            }
        }
        assertThat(done).singleElement().satisfies(delivery -> {
            assertThat(delivery.record().position()).isEqualTo(left);
            assertThat(delivery.count()).isEqualTo(2);
        });
    }

    private KafkaShareConsumer<byte[], byte[]> silentMember() {
        return new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        endpoint.bootstrapServers(),
                        "group.id",
                        work,
                        "max.poll.records",
                        1,
                        "share.acquire.mode",
                        "record_limit",
                        "share.acknowledgement.mode",
                        "explicit"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private WorkQueue start(int workers, DeliveryHandler handler) {
        return WorkQueue.start(
                endpoint,
                WorkQueueSettings.of(work, workers).withLock(Duration.ofSeconds(1)),
                handler,
                new DeadLetterWriter(writer, dead, metrics),
                slots,
                metrics);
    }

    private LogPosition enqueue(String id) {
        return writer.write(work, id, id.getBytes(StandardCharsets.UTF_8), Map.of("asked-by", "test"))
                .join();
    }

    private double count(String counter, String tag, String value) {
        return metrics.find(counter).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private List<LogRecord> deadLetters() throws Exception {
        Queue<LogRecord> read = new ConcurrentLinkedQueue<>();
        try (LogTail tail = LogTail.start(endpoint, "queue-test", List.of(dead), read::add)) {
            tail.awaitCaughtUp(LIMIT);
        }
        return List.copyOf(read);
    }
}
