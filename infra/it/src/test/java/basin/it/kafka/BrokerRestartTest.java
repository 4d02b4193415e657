package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogTail;
import basin.log.LogWriter;
import basin.log.admin.ShareProgress;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import basin.study.Refusal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a broker keeps its state when it restarts on its folder, and that its clients
 * continue.
 */
class BrokerRestartTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String RECORD = "restart.record";
    private static final String WORK = "restart.work";
    private static final String DEAD = "restart.dead";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void clientsGoOnAndNothingIsLostOrDoneAnew() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Queue<String> read = new ConcurrentLinkedQueue<>();
        Queue<String> done = new ConcurrentLinkedQueue<>();
        CountDownLatch longAtWork = new CountDownLatch(1);
        CountDownLatch longMayEnd = new CountDownLatch(1);
        EmbeddedBroker broker = start();
        KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
        TopicAdmin.ensure(
                endpoint,
                List.of(
                        TopicSpec.keptForEver(RECORD, 2),
                        TopicSpec.keptForEver(WORK, 1),
                        TopicSpec.keptForEver(DEAD, 1)));
        try (WorkSlots slots = WorkSlots.of(2);
                LogWriter writer = LogWriter.open(endpoint, "restart");
                LogTail tail = LogTail.start(endpoint, "restart", List.of(RECORD), record -> read.add(record.key()));
                WorkQueue queue = WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(WORK, 2).withLock(Duration.ofSeconds(2)),
                        delivery -> {
                            if (delivery.id().equals("long")) {
                                longAtWork.countDown();
                                longMayEnd.await();
                            }
                            done.add(delivery.id());
                        },
                        new DeadLetterWriter(writer, DEAD, metrics),
                        slots,
                        metrics)) {
            writer.writeAcked(RECORD, "before", new byte[1], Map.of());
            writer.write(WORK, "long", new byte[1], Map.of()).join();
            for (int i = 0; i < 5; i++) {
                writer.write(WORK, "before-" + i, new byte[1], Map.of()).join();
            }
            longAtWork.await();
            await().atMost(LIMIT).until(() -> done.size() == 5 && queue.held() == 1);

            broker.close();
            broker = start();

            writer.writeAcked(RECORD, "after", new byte[1], Map.of());
            writer.write(WORK, "after", new byte[1], Map.of()).join();
            await().atMost(LIMIT).until(() -> done.contains("after"));
            longMayEnd.countDown();
            await().atMost(LIMIT).until(() -> isPast(endpoint, 6));
            tail.awaitCaughtUp(LIMIT);
            assertThat(read).containsExactlyInAnyOrder("before", "after");
            // The lock of the long work item may be lost with the broker, but its only attempt in
            // this JVM is waited for.
            assertThat(done)
                    .containsExactlyInAnyOrder(
                            "before-0", "before-1", "before-2", "before-3", "before-4", "after", "long");
        }
        try (EmbeddedBroker _ = broker) {
            assertThat(isPast(endpoint, 6)).isTrue();
        }
    }

    @Test
    void aBrokerWhosePortIsTakenFindsAnotherAndKeepsItsRecords() throws Exception {
        String before;
        try (EmbeddedBroker broker = start()) {
            before = broker.bootstrapServers();
            KafkaEndpoint endpoint = KafkaEndpoint.of(before);
            TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(RECORD, 1)));
            try (LogWriter writer = LogWriter.open(endpoint, "restart")) {
                writer.writeAcked(RECORD, "kept", new byte[1], Map.of());
            }
        }
        int port = Integer.parseInt(before.substring(before.indexOf(':') + 1));
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).isNotEqualTo(before);
            Queue<String> read = new ConcurrentLinkedQueue<>();
            try (LogTail tail = LogTail.start(
                    KafkaEndpoint.of(broker.bootstrapServers()),
                    "restart",
                    List.of(RECORD),
                    record -> read.add(record.key()))) {
                tail.awaitCaughtUp(LIMIT);
            }
            assertThat(read).containsExactly("kept");
        }
    }

    @Test
    void aSecondBrokerOnTheFolderIsRefusedInOneSentence() {
        try (EmbeddedBroker _ = start()) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(this::start)
                    .withMessageMatching("The data folder .* is in use by another run; [^.]*\\.");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsRefusedInOneSentence() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> EmbeddedBroker.start(file.resolve("data")))
                .withMessageMatching("The data folder .* cannot be written .*; name a folder that can\\.");
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(folder.resolve("data"), SharedBroker.SHORT_LOCKS);
    }

    private static boolean isPast(KafkaEndpoint endpoint, long offset) {
        try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
            ShareProgress progress = admin.shareGroupProgress(WORK, WORK).get(0);
            return progress != null && progress.isPast(offset);
        }
    }
}
