package basin.it.bench;

import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.log.blob.BlobLocation;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.Measured;
import basin.record.RecordHeaders;
import basin.service.CheckpointReader;
import basin.service.WorkerContext;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.Trigger;
import basin.study.file.StudyFile;
import basin.trainer.CheckpointPublisher;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures the transfer of a 20 MiB checkpoint end to end: its chunks, its event, and a reader that
 * learns of it from the record and verifies the bytes. The baseline is a plain producer and a plain
 * consumer that transfer the same bytes in chunks of the same size, once concurrently and once one
 * after the other. All variants alternate on one embedded broker with connections that are already
 * open.
 */
public final class BlobBench {
    private static final int BYTES = 20 << 20;
    private static final int WARM_UP = 5;
    private static final String BARE = "bench.bare";

    private final StudyPlan.PlannedRun run;
    private final WorkerContext worker;
    private final CheckpointPublisher publisher;
    private final CheckpointReader reader;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    private BlobBench(
            StudySpec study,
            KafkaEndpoint endpoint,
            WorkerContext trainer,
            WorkerContext worker,
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer)
            throws Exception {
        this.run = StudyPlan.runs(study).getFirst();
        this.worker = worker;
        this.publisher = new CheckpointPublisher(trainer);
        this.reader = new CheckpointReader(worker.view(), worker.blobs());
        this.producer = producer;
        this.consumer = consumer;
        String studyId = Submission.submit(endpoint, study);
        trainer.events()
                .writeAcked(
                        new Event.RunDeclared(studyId, run.runId(), run.index(), run.label(), run.spec(), BYTES / 4),
                        Map.of(RecordHeaders.STUDY, studyId));
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments a study file; number of rounds
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-blob-bench");
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            TopicAdmin.ensure(endpoint, List.of(TopicSpec.keptForEver(BARE, 1)));
            try (WorkerContext trainer = WorkerContext.open(endpoint, "bench-trainer");
                    WorkerContext worker = WorkerContext.open(endpoint, "bench-worker");
                    KafkaProducer<byte[], byte[]> producer = producer(endpoint);
                    KafkaConsumer<byte[], byte[]> consumer = consumer(endpoint)) {
                new BlobBench(study, endpoint, trainer, worker, producer, consumer).run(rounds, out);
            }
        } finally {
            ReplayBench.delete(folder);
        }
        System.exit(0);
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaEndpoint endpoint) {
        Map<String, Object> properties = endpoint.properties("bare");
        properties.put("acks", "all");
        properties.put("linger.ms", 0);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaEndpoint endpoint) {
        Map<String, Object> properties = endpoint.properties("bare");
        properties.put("enable.auto.commit", false);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(BARE, 0)));
        return consumer;
    }

    /** Seconds that the stages of one checkpoint's transfer took. */
    private record Parts(double written, double known, double read) {
        double all() {
            return written + known + read;
        }
    }

    private void run(int rounds, PrintStream out) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        List<Parts> parts = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        List<Double> apart = new ArrayList<>();
        for (int round = 1; round <= WARM_UP + rounds; round++) {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            Parts checkpoint = checkpoint(bytes, round);
            double atOnce = bare(bytes, true);
            double inTurn = bare(bytes, false);
            if (round > WARM_UP) {
                parts.add(checkpoint);
                together.add(atOnce);
                apart.add(inTurn);
                out.printf(
                        "round %d: checkpoint %.0f ms, bare at the same time %.0f ms, bare in turn %.0f ms%n",
                        round - WARM_UP, 1000 * checkpoint.all(), 1000 * atOnce, 1000 * inTurn);
            }
        }
        List<Double> ours = parts.stream().map(Parts::all).toList();
        out.printf(
                "20 MiB, %d rounds, medians: checkpoint %.0f ms (chunks acknowledged %.0f, event known %.0f, read"
                        + " %.0f); bare producer and consumer at the same time %.0f ms, ratio %.2f; one after the other"
                        + " %.0f ms, ratio %.2f%n",
                rounds,
                1000 * median(ours),
                1000 * median(parts.stream().map(Parts::written).toList()),
                1000 * median(parts.stream().map(Parts::known).toList()),
                1000 * median(parts.stream().map(Parts::read).toList()),
                1000 * median(together),
                ratio(ours, together),
                1000 * median(apart),
                ratio(ours, apart));
    }

    private Parts checkpoint(byte[] bytes, int step) throws Exception {
        long begun = System.nanoTime();
        BlobLocation place = publisher.write(run.runId(), step, bytes, Map.of());
        long written = System.nanoTime();
        publisher.publish(
                new Event.CheckpointPublished(
                        run.runId(),
                        step,
                        step,
                        List.of(new Trigger(Trigger.Kind.SCHEDULED, step)),
                        new Measured(0.1, 0.001),
                        1.4,
                        10,
                        CheckpointPublisher.named(place)),
                place,
                Map.of());
        worker.view().refresh();
        long reported = System.nanoTime();
        byte[] held = reader.read(run.runId(), step);
        long ended = System.nanoTime();
        if (!Arrays.equals(bytes, held)) {
            throw new IllegalStateException("What was read is not what was written.");
        }
        return new Parts((written - begun) / 1e9, (reported - written) / 1e9, (ended - reported) / 1e9);
    }

    /**
     * Sends the bytes in chunks and reads them into one array, either concurrently or after all are
     * acknowledged.
     */
    private double bare(byte[] bytes, boolean atOnce) throws Exception {
        TopicPartition partition = new TopicPartition(BARE, 0);
        consumer.seekToEnd(List.of(partition));
        long from = consumer.position(partition);
        byte[] held = new byte[bytes.length];
        long begun = System.nanoTime();
        List<Future<?>> sent = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += ChunkedBlobs.CHUNK_BYTES) {
            byte[] chunk = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + ChunkedBlobs.CHUNK_BYTES));
            sent.add(producer.send(new ProducerRecord<>(BARE, 0, null, chunk)));
        }
        if (!atOnce) {
            for (Future<?> one : sent) {
                one.get();
            }
        }
        int got = 0;
        while (got < bytes.length) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                int at = Math.toIntExact(record.offset() - from) * ChunkedBlobs.CHUNK_BYTES;
                System.arraycopy(record.value(), 0, held, at, record.value().length);
                got += record.value().length;
            }
        }
        long ended = System.nanoTime();
        if (!Arrays.equals(bytes, held)) {
            throw new IllegalStateException("What was read bare is not what was sent.");
        }
        return (ended - begun) / 1e9;
    }

    private static double ratio(List<Double> of, List<Double> to) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < of.size(); i++) {
            ratios.add(of.get(i) / to.get(i));
        }
        return median(ratios);
    }

    private static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
