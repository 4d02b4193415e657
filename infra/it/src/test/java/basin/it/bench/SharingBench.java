package basin.it.bench;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogWriter;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.deadletter.DeadLetterWriter;
import basin.log.work.WorkQueue;
import basin.log.work.WorkQueueSettings;
import basin.log.work.WorkSlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures how well workers share simulated work through Kafka: unequal work items compared with
 * greedy list scheduling, equal work items with one worker and with four, and the number of work
 * items done twice while the number of workers changes, 1 → 4 → 2.
 */
public final class SharingBench {
    private static final int UNIT_MILLIS = 8;
    private static final int ITEMS = 200;

    private final KafkaEndpoint endpoint;
    private final LogWriter writer;
    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final Deque<Worker> workers = new ArrayDeque<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final String topic;

    private record Worker(WorkQueue queue, WorkSlots slots) {
        void close() {
            queue.close();
            slots.close();
        }
    }

    private SharingBench(KafkaEndpoint endpoint, LogWriter writer, String topic) {
        this.endpoint = endpoint;
        this.writer = writer;
        this.topic = topic;
        TopicAdmin.ensure(
                endpoint, List.of(TopicSpec.keptForEver(topic, 1), TopicSpec.keptForEver(topic + ".dead", 1)));
    }

    /** Runs the benchmark; takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-sharing-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            try (LogWriter writer = LogWriter.open(endpoint, "bench")) {
                unequal(new SharingBench(endpoint, writer, "bench.unequal"), out);
                double one = equal(new SharingBench(endpoint, writer, "bench.one"), 1);
                double four = equal(new SharingBench(endpoint, writer, "bench.four"), 4);
                out.printf(
                        "%d equal work items of %d ms: with 4 workers %.2f times the throughput of 1%n",
                        ITEMS, 5 * UNIT_MILLIS, one / four);
                scaled(new SharingBench(endpoint, writer, "bench.scaled"), out);
            }
        }
        System.exit(0);
    }

    private static void unequal(SharingBench bench, PrintStream out) throws Exception {
        List<Integer> units = new ArrayList<>(
                IntStream.range(0, ITEMS).map(i -> i % 100 + 1).boxed().toList());
        Collections.shuffle(units, new Random(1));
        double taken = bench.timed(units, 4);
        double greedy = (double) UNIT_MILLIS * greedy(units, 4);
        out.printf(
                "%d work items of 1 to 100 units of %d ms, 4 workers: %.3f times greedy list scheduling%n",
                ITEMS, UNIT_MILLIS, taken / greedy);
    }

    private static double equal(SharingBench bench, int workers) throws Exception {
        return bench.timed(Collections.nCopies(ITEMS, 5), workers);
    }

    private double timed(List<Integer> units, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            join();
        }
        // A worker has joined once it has done one of these.
        warm(count);
        long begun = System.nanoTime();
        enqueue(units);
        await(units.size());
        double taken = (System.nanoTime() - begun) / 1e6;
        leave(count);
        return taken;
    }

    private static void scaled(SharingBench bench, PrintStream out) throws Exception {
        bench.join();
        bench.enqueue(Collections.nCopies(3 * ITEMS, 5));
        bench.await(ITEMS / 4);
        for (int i = 0; i < 3; i++) {
            bench.join();
        }
        bench.await(2 * ITEMS);
        bench.leave(2);
        bench.await(3 * ITEMS);
        bench.leave(2);
        int twice = bench.done.values().stream().mapToInt(times -> times - 1).sum();
        out.printf("1 → 4 → 2 workers: %d work items, all done, %d of them more than once%n", bench.done.size(), twice);
    }

    private void join() {
        WorkSlots slots = WorkSlots.of(1);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        workers.push(new Worker(
                WorkQueue.start(
                        endpoint,
                        WorkQueueSettings.of(topic, 1),
                        delivery -> {
                            long millis =
                                    Long.parseLong(new String(delivery.record().value(), StandardCharsets.UTF_8));
                            if (never.await(millis, TimeUnit.MILLISECONDS)) {
                                throw new IllegalStateException("Nobody counts down.");
                            }
                            done.merge(delivery.id(), 1, Integer::sum);
                        },
                        new DeadLetterWriter(writer, topic + ".dead", metrics),
                        slots,
                        metrics),
                slots));
    }

    private void leave(int count) {
        for (int i = 0; i < count; i++) {
            workers.pop().close();
        }
    }

    private void warm(int count) throws InterruptedException {
        List<Integer> longOnes = Collections.nCopies(2 * count, 60);
        for (int i = 0; i < longOnes.size(); i++) {
            put("warm-" + i, longOnes.get(i));
        }
        await(longOnes.size());
        done.clear();
    }

    private void enqueue(List<Integer> units) {
        for (int i = 0; i < units.size(); i++) {
            put("work item-" + i, units.get(i));
        }
    }

    private void put(String id, int units) {
        LogWriter.await(writer.write(
                topic, id, String.valueOf(units * UNIT_MILLIS).getBytes(StandardCharsets.UTF_8), Map.of()));
    }

    private void await(int items) throws InterruptedException {
        while (done.size() < items) {
            Thread.sleep(1);
        }
    }

    /**
     * Returns the makespan of greedy list scheduling, where each item goes in turn to the worker
     * that is free first.
     */
    private static long greedy(List<Integer> units, int workers) {
        PriorityQueue<Long> free = new PriorityQueue<>(Collections.nCopies(workers, 0L));
        long last = 0;
        for (int one : units) {
            long end = free.remove() + one;
            free.add(end);
            last = Math.max(last, end);
        }
        return last;
    }
}
