package basin.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.cli.broker.EmbeddedBroker;
import basin.log.KafkaEndpoint;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.study.Refusal;
import basin.study.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a folder's segments give what a consumer gets from the broker on that folder. */
class SegmentLogTest {
    private static final String TOPIC = "segments";
    private static final int PARTITIONS = 2;

    @TempDir
    private Path folder;

    /** A record with all that a reader may use, comparable. */
    private record Seen(
            String position, String key, String sha256, boolean tombstone, Map<String, String> headers, long time) {}

    private static List<Seen> all(LogSource log, String topic) {
        List<Seen> seen = new ArrayList<>();
        try (LogScan scan = log.scan("test")) {
            scan.read(
                    topic,
                    record -> seen.add(new Seen(
                            record.position().toString(),
                            record.key(),
                            Sha256.hex(record.value()),
                            record.tombstone(),
                            new TreeMap<>(record.headers()),
                            record.timestampMillis())));
        }
        return seen;
    }

    private static LogScan.Extent extent(LogSource log) {
        try (LogScan scan = log.scan("test")) {
            return scan.extent(TOPIC);
        }
    }

    private static void write(KafkaEndpoint endpoint) throws Exception {
        TopicSpec kept = TopicSpec.keptForEver(TOPIC, PARTITIONS);
        Map<String, String> config = new HashMap<>(kept.config());
        config.put("segment.bytes", String.valueOf(1 << 20));
        TopicAdmin.ensure(endpoint, List.of(new TopicSpec(TOPIC, PARTITIONS, config)));
        Random random = new Random(71);
        for (CompressionType compression : CompressionType.values()) {
            try (KafkaProducer<byte[], byte[]> producer = producer(endpoint, compression.name, false)) {
                send(producer, random, 150);
            }
            try (KafkaProducer<byte[], byte[]> producer = producer(endpoint, compression.name, true)) {
                producer.initTransactions();
                producer.beginTransaction();
                send(producer, random, 20);
                producer.commitTransaction();
                producer.beginTransaction();
                send(producer, random, 20);
                producer.abortTransaction();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(
            KafkaEndpoint endpoint, String compression, boolean transactional) {
        Map<String, Object> properties = endpoint.properties("test");
        properties.put("compression.type", compression);
        properties.put("linger.ms", 5);
        if (transactional) {
            properties.put("transactional.id", "of-" + compression);
        }
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Random random, int records) throws Exception {
        for (int i = 0; i < records; i++) {
            byte[] key = random.nextInt(5) == 0 ? null : ("key-" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8);
            byte[] value = random.nextInt(9) == 0 ? null : new byte[random.nextInt(8_000)];
            if (value != null) {
                // Half random and half zeros, so that compression has something to do.
                byte[] noise = new byte[value.length / 2];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, value, 0, noise.length);
            }
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, i % PARTITIONS, key, value);
            for (int h = random.nextInt(3); h > 0; h--) {
                record.headers().add("header-" + h, ("ü" + random.nextInt()).getBytes(StandardCharsets.UTF_8));
            }
            var sent = producer.send(record);
            if (i % 20 == 19) {
                sent.get();
            }
        }
        producer.flush();
    }

    @Test
    void everyRecordOfABrokerIsReadFromItsFiles() throws Exception {
        LogSource files = EmbeddedBroker.log(folder);
        List<Seen> seen;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            write(endpoint);
            seen = all(endpoint, TOPIC);
            assertThat(seen).hasSize(CompressionType.values().length * 190);
            // Also while the broker uses the folder.
            assertThat(all(files, TOPIC)).isEqualTo(seen);
            assertThat(extent(files)).isEqualTo(extent(endpoint));
        }
        Map<Path, String> before = hashes();
        assertThat(all(files, TOPIC)).isEqualTo(seen);
        assertThat(files(".log")).as("segments").hasSizeGreaterThan(PARTITIONS);
        ranges(files, seen);
        assertThat(all(files, "no-such-topic")).isEmpty();
        assertThat(hashes()).as("files after reading").isEqualTo(before);

        deletedHead(files, seen);
        tornTail(files, seen);
        damage(files);
    }

    /** Reads from and to offsets in the middle of batches. */
    private static void ranges(LogSource files, List<Seen> seen) {
        TopicPartition partition = new TopicPartition(TOPIC, 1);
        List<String> positions = seen.stream()
                .map(Seen::position)
                .filter(one -> one.startsWith(TOPIC + "-1@"))
                .toList();
        try (LogScan scan = files.ranges("test")) {
            for (int from : new int[] {0, 7, 133, 400}) {
                long begin = offset(positions.get(from));
                long end = offset(positions.get(from + 31));
                List<String> read = new ArrayList<>();
                scan.read(
                        partition,
                        begin,
                        end,
                        record -> read.add(record.position().toString()),
                        (_, _) -> {});
                assertThat(read).isEqualTo(positions.subList(from, from + 31));
            }
        }
    }

    private static long offset(String position) {
        return Long.parseLong(position.substring(position.indexOf('@') + 1));
    }

    /** Deletes the head of a partition through a broker. */
    private void deletedHead(LogSource files, List<Seen> seen) throws Exception {
        long head = 123;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder);
                Admin admin =
                        Admin.create(KafkaEndpoint.of(broker.bootstrapServers()).properties("test"))) {
            admin.deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(head)))
                    .all()
                    .get();
        }
        assertThat(extent(files).begin(new TopicPartition(TOPIC, 0))).isEqualTo(head);
        List<Seen> left = seen.stream()
                .filter(one -> !one.position().startsWith(TOPIC + "-0@") || offset(one.position()) >= head)
                .toList();
        assertThat(all(files, TOPIC)).isEqualTo(left).hasSizeLessThan(seen.size());
    }

    /** Cuts into the last batch, as a lost write does, and compares with a broker that recovers. */
    private void tornTail(LogSource files, List<Seen> seen) throws Exception {
        Path last = files("segments-1").stream()
                .filter(file -> file.toString().endsWith(".log"))
                .reduce((_, later) -> later)
                .orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            file.setLength(file.length() - 11);
        }
        List<Seen> torn = all(files, TOPIC);
        Files.write(last, new byte[300], StandardOpenOption.APPEND);
        assertThat(all(files, TOPIC)).isEqualTo(torn);
        // Without this file the broker takes its last stop for a crash, and recovers.
        for (Path clean : files(".kafka_cleanshutdown")) {
            Files.delete(clean);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            assertThat(all(KafkaEndpoint.of(broker.bootstrapServers()), TOPIC)).isEqualTo(torn);
        }
        assertThat(seen).containsAll(torn);
    }

    /** Changes one byte in the middle of the record. */
    private void damage(LogSource files) throws IOException {
        Path first = files("segments-0").stream()
                .filter(file -> file.toString().endsWith(".log"))
                .findFirst()
                .orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
            long middle = file.length() / 2;
            file.seek(middle);
            int was = file.read();
            file.seek(middle);
            file.write(was ^ 0x55);
        }
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> all(files, TOPIC))
                .withMessageStartingWith("The record is damaged in " + first + ": the batch at offset ")
                .withMessageEndingWith("read the record from a backup or an export.");
    }

    private List<Path> files(String part) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains(part))
                    .sorted()
                    .toList();
        }
    }

    private Map<Path, String> hashes() throws IOException {
        Map<Path, String> hashes = new TreeMap<>();
        for (Path file : files("")) {
            try {
                hashes.put(file, Sha256.hex(Files.readAllBytes(file)) + Files.getLastModifiedTime(file));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return hashes;
    }
}
