package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.DeliveryHandler;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that no worker is idle while work items wait, and that no work item waits behind another in
 * a worker.
 */
@ExtendWith(SharedBroker.class)
class SharedWorkTest {
    private static final int QUEUES = 4;
    private static final int ITEMS = 200;

    @Test
    void fourWorkersAreAtWorkAtOnceUntilTheLastWorkItem(KafkaEndpoint endpoint) throws Exception {
        String work = "work.shared";
        TopicAdmin.ensure(
                endpoint, List.of(TopicSpec.keptForEver(work, 1), TopicSpec.keptForEver("work.shared.dead", 1)));
        // A work item proceeds once four are in progress; if one worker had two of them, none ever
        // would.
        CyclicBarrier atOnce = new CyclicBarrier(QUEUES);
        CountDownLatch left = new CountDownLatch(ITEMS);
        Map<String, Integer> times = new ConcurrentHashMap<>();
        DeliveryHandler handler = delivery -> {
            int _ = atOnce.await(1, TimeUnit.MINUTES);
            times.merge(delivery.id(), 1, Integer::sum);
            left.countDown();
        };
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        List<AutoCloseable> parts = new ArrayList<>();
        try (LogWriter writer = LogWriter.open(endpoint, "shared-test")) {
            for (int i = 0; i < QUEUES; i++) {
                WorkSlots slots = WorkSlots.of(1);
                parts.addFirst(slots);
                parts.addFirst(WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(work, 1),
                        handler,
                        new DeadLetterWriter(writer, "work.shared.dead", metrics),
                        slots,
                        metrics));
            }
            for (int i = 0; i < ITEMS; i++) {
                writer.write(work, "work item-" + i, "".getBytes(StandardCharsets.UTF_8), Map.of())
                        .join();
            }
            assertThat(left.await(3, TimeUnit.MINUTES)).isTrue();
            assertThat(times)
                    .hasSize(ITEMS)
                    .allSatisfy((item, count) -> assertThat(count).isEqualTo(1));
        } finally {
            for (AutoCloseable part : parts) {
                part.close();
            }
        }
    }
}
