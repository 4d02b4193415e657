package basin.log.segment;

import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.StoredTopic;
import basin.study.Refusal;
import basin.study.file.Utf8Files;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The log in a broker's folder, read from Kafka's segment files without a broker. Nothing in the
 * folder is written or locked, so a broker may use it meanwhile. What a consumer would see is seen
 * here: up to the last whole batch, without control batches, in every compression.
 *
 * <p>Kafka's layout of the folder, as far as it is relied on:
 *
 * <pre>
 * TOPIC-PARTITION/OFFSET.log     record batches from OFFSET, 20 digits, to the next file's
 * log-start-offset-checkpoint    first offsets that deletions have left, where above a file's
 * </pre>
 *
 * <p>A broker writes first offsets once a minute and when it stops, so records that it deleted less
 * than a minute ago may still be read. Thread-safe.
 */
public final class SegmentLog implements LogSource {
    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d{1,9})");
    private static final Pattern SEGMENT = Pattern.compile("(\\d{20})\\.log");

    /** Far above the first offsets of all partitions of a broker, some 40 bytes each. */
    private static final int MAX_OFFSETS_BYTES = 1_000_000;

    private final Path logs;
    private final Supplier<Map<String, StoredTopic>> metadata;

    /**
     * Creates a reader.
     *
     * @param logs Kafka's log folder
     * @param metadata reads what the cluster's metadata says of every topic, by name; it may be
     *     empty, where there is no metadata
     */
    public SegmentLog(Path logs, Supplier<Map<String, StoredTopic>> metadata) {
        this.logs = logs;
        this.metadata = metadata;
    }

    /**
     * A segment file.
     *
     * @param base offset of its first record, or below it
     */
    record Segment(long base, Path file) {}

    @Override
    public LogScan scan(String name) {
        return new SegmentScan(this);
    }

    @Override
    public LogScan ranges(String name) {
        return new SegmentScan(this);
    }

    @Override
    public Map<String, StoredTopic> topics(Collection<String> names) {
        Map<String, StoredTopic> known = metadata.get();
        Map<String, StoredTopic> topics = new HashMap<>();
        for (String name : names) {
            Set<Integer> partitions =
                    partitions(name).stream().map(TopicPartition::partition).collect(Collectors.toSet());
            if (known.containsKey(name)) {
                topics.put(name, known.get(name));
            } else if (known.isEmpty() && !partitions.isEmpty()) {
                topics.put(name, new StoredTopic(partitions, 1, Map.of()));
            }
        }
        return topics;
    }

    @Override
    public String toString() {
        return logs.toString();
    }

    /** Returns the partitions of a topic, ascending; none if the folder lacks the topic. */
    List<TopicPartition> partitions(String topic) {
        try (Stream<Path> files = Files.list(logs)) {
            return files.map(file -> PARTITION.matcher(String.valueOf(file.getFileName())))
                    .filter(name -> name.matches() && name.group(1).equals(topic))
                    .map(name -> Integer.parseInt(name.group(2)))
                    .sorted()
                    .map(partition -> new TopicPartition(topic, partition))
                    .toList();
        } catch (IOException unreadable) {
            throw unreadable(logs, unreadable);
        }
    }

    /** Returns the segments of a partition that exist now, ascending. */
    List<Segment> segments(TopicPartition partition) {
        Path folder = logs.resolve(partition.topic() + "-" + partition.partition());
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> {
                        Matcher name = SEGMENT.matcher(String.valueOf(file.getFileName()));
                        return name.matches()
                                ? Stream.of(new Segment(Long.parseLong(name.group(1)), file))
                                : Stream.empty();
                    })
                    .sorted((one, other) -> Long.compare(one.base(), other.base()))
                    .toList();
        } catch (IOException unreadable) {
            throw unreadable(folder, unreadable);
        }
    }

    /**
     * Returns the first offset that deletions have left of a partition, if the broker wrote one.
     */
    OptionalLong logStart(TopicPartition partition) {
        Path file = logs.resolve("log-start-offset-checkpoint");
        try {
            String own = partition.topic() + " " + partition.partition() + " ";
            return Utf8Files.read(file, MAX_OFFSETS_BYTES)
                    .lines()
                    .filter(line -> line.startsWith(own))
                    .mapToLong(line -> Long.parseLong(line.substring(own.length())))
                    .findFirst();
        } catch (NoSuchFileException notYet) {
            return OptionalLong.empty();
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        } catch (Refusal | NumberFormatException damaged) {
            throw new Refusal(
                    file + " holds no offsets as Kafka writes them: remove it, because the broker writes it again.",
                    damaged);
        }
    }

    static Refusal unreadable(Path file, Exception reason) {
        return new Refusal(
                "The record cannot be read at " + file
                        + ": see that you may read the folder and that its disk is well.",
                reason);
    }

    /**
     * Returns a batch's records.
     *
     * @throws CorruptRecordException if Kafka does not know the batch's compression
     */
    public static Iterator<Record> records(RecordBatch batch) {
        try {
            batch.compressionType();
        } catch (IllegalArgumentException unknown) {
            throw new CorruptRecordException("This batch has an unknown compression.", unknown);
        }
        return batch.iterator();
    }
}
