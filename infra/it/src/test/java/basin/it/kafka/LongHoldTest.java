package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.Delivery;
import basin.log.work.DeliveryHandler;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that a work item held for five lock durations keeps its lock and does not delay short ones,
 * and that each is done once.
 */
@ExtendWith(SharedBroker.class)
class LongHoldTest {
    private static final String WORK = "hold.work";
    private static final String DEAD = "hold.dead";
    private static final Duration LOCK = Duration.ofSeconds(2);
    /**
     * The lock is renewed at a third of its duration, so sixteen renewals take more than five
     * durations.
     */
    private static final int RENEWALS = 16;

    @Test
    void aWorkItemHeldForFiveLocksIsDoneOnceBesideShortOnes(KafkaEndpoint endpoint) {
        TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(WORK, 1), TopicSpec.keptForEver(DEAD, 1)));
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        CountDownLatch longMayEnd = new CountDownLatch(1);
        Queue<Delivery> done = new ConcurrentLinkedQueue<>();
        DeliveryHandler handler = item -> {
            if (item.id().equals("long")) {
                longMayEnd.await();
            }
            done.add(item);
        };
        List<String> shortItems =
                IntStream.range(0, 20).mapToObj(i -> "short-" + i).toList();

        try (LogWriter writer = LogWriter.open(endpoint, "test");
                WorkSlots slots = WorkSlots.of(3)) {
            enqueue(writer, "long");
            shortItems.forEach(item -> enqueue(writer, item));
            DeadLetterWriter deadLetters = new DeadLetterWriter(writer, DEAD, metrics);
            try (WorkQueue queue = WorkQueue.start(
                    endpoint, WorkQueueSettings.of(WORK, 3).withLock(LOCK), handler, deadLetters, slots, metrics)) {
                await().atMost(Duration.ofSeconds(60)).until(() -> done.size() == shortItems.size());
                assertThat(done).extracting(Delivery::id).containsExactlyInAnyOrderElementsOf(shortItems);

                await().atMost(Duration.ofSeconds(60)).until(() -> renewals(metrics) >= RENEWALS);
                assertThat(done).hasSize(shortItems.size());

                longMayEnd.countDown();
                await().atMost(Duration.ofSeconds(30)).until(() -> queue.held() == 0 && accepted(metrics) == 21);
                assertThat(done).hasSize(21).extracting(Delivery::count).containsOnly(1);
                assertThat(done).extracting(Delivery::id).contains("long").doesNotHaveDuplicates();
            }
            try (TopicAdmin admin = TopicAdmin.open(endpoint)) {
                await("nothing is left that could be delivered again")
                        .until(() -> Optional.ofNullable(
                                        admin.shareGroupProgress(WORK, WORK).get(0))
                                .filter(progress -> progress.isPast(20))
                                .isPresent());
            }
        }
    }

    private static void enqueue(LogWriter writer, String id) {
        writer.write(WORK, id, id.getBytes(StandardCharsets.UTF_8), Map.of()).join();
    }

    private static double renewals(SimpleMeterRegistry metrics) {
        return metrics.find("basin.work.renewals").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static double accepted(SimpleMeterRegistry metrics) {
        return metrics.find("basin.work.items").tag("outcome", "done").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
