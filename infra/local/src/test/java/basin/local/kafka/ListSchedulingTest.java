package basin.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import basin.service.kafka.DeadLetters;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.LogWriter;
import basin.service.kafka.PieceHandler;
import basin.service.kafka.TopicAdmin;
import basin.service.kafka.TopicSpec;
import basin.service.kafka.WorkQueue;
import basin.service.kafka.WorkQueueSettings;
import basin.service.kafka.WorkSlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work is shared out about as well as whoever always hands the next piece to the first free worker could. */
@ExtendWith(SharedBroker.class)
class ListSchedulingTest {
    private static final int QUEUES = 4;
    private static final int PIECES = 200;
    private static final int UNIT_MILLIS = 8;
    private static final double MOST = 1.2;

    @Test
    void twoHundredUnequalPiecesTakeAtMostAFifthLongerThanGreedyListScheduling(KafkaEndpoint endpoint)
            throws Exception {
        List<Integer> durations = new ArrayList<>(
                IntStream.range(0, PIECES).map(i -> i % 100 + 1).boxed().toList());
        Collections.shuffle(durations, new Random(1));
        String work = "work.list";
        TopicAdmin.ensure(
                endpoint, List.of(TopicSpec.keptForEver(work, 1), TopicSpec.keptForEver("work.list.dead", 1)));
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch warm = new CountDownLatch(QUEUES);
        CountDownLatch left = new CountDownLatch(PIECES);
        PieceHandler handler = delivery -> {
            int units = Integer.parseInt(new String(delivery.record().value(), StandardCharsets.UTF_8));
            if (units == 0) {
                // Every queue has joined once each holds one of these.
                warm.countDown();
                assertThat(warm.await(1, TimeUnit.MINUTES)).isTrue();
                return;
            }
            assertThat(never.await((long) units * UNIT_MILLIS, TimeUnit.MILLISECONDS))
                    .isFalse();
            left.countDown();
        };
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        List<AutoCloseable> parts = new ArrayList<>();
        try (LogWriter writer = LogWriter.open(endpoint, "list-test")) {
            for (int i = 0; i < QUEUES; i++) {
                WorkSlots slots = WorkSlots.of(1);
                parts.addFirst(slots);
                parts.addFirst(WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(work, 1),
                        handler,
                        new DeadLetters(writer, "work.list.dead", metrics),
                        slots,
                        metrics));
            }
            for (int i = 0; i < QUEUES; i++) {
                enqueue(writer, work, "warm-" + i, 0);
            }
            assertThat(warm.await(1, TimeUnit.MINUTES)).isTrue();
            long start = System.nanoTime();
            for (int i = 0; i < PIECES; i++) {
                enqueue(writer, work, "piece-" + i, durations.get(i));
            }
            assertThat(left.await(2, TimeUnit.MINUTES)).isTrue();
            double taken = (System.nanoTime() - start) / 1e6;
            double greedy = UNIT_MILLIS * greedy(durations);
            System.out.printf("taken %.0f ms, greedy %.0f ms, ratio %.3f%n", taken, greedy, taken / greedy);
            assertThat(taken / greedy).isLessThanOrEqualTo(MOST);
        } finally {
            for (AutoCloseable part : parts) {
                part.close();
            }
        }
    }

    private static void enqueue(LogWriter writer, String topic, String id, int units) {
        WorkQueue.enqueue(writer, topic, id, String.valueOf(units).getBytes(StandardCharsets.UTF_8), Map.of())
                .join();
    }

    /** Units until the last piece ends, where each goes in turn to the worker that is free first. */
    private static long greedy(List<Integer> durations) {
        PriorityQueue<Long> free = new PriorityQueue<>(Collections.nCopies(QUEUES, 0L));
        long last = 0;
        for (int duration : durations) {
            long end = free.remove() + duration;
            free.add(end);
            last = Math.max(last, end);
        }
        return last;
    }
}
