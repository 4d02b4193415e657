package basin.log.segment;

import basin.log.LogHandler;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.segment.SegmentLog.Segment;
import basin.study.Refusal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * A scan of segment files, one batch in memory at a time. Kafka's own record classes read the
 * batches; they are public but not a supported interface, so an upgrade may need changes here.
 */
final class SegmentScan implements LogScan {
    /** Far above the largest batch that Basin's topics accept, and far below what a JVM has. */
    private static final int MAX_BATCH_BYTES = 16 << 20;

    /** A broker that compacts or deletes may remove a file between its listing and its opening. */
    private static final int ATTEMPTS = 20;

    private final SegmentLog log;

    SegmentScan(SegmentLog log) {
        this.log = log;
    }

    @Override
    public List<TopicPartition> partitions(String topic) {
        return log.partitions(topic);
    }

    @Override
    public Extent extent(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = end(partition);
            begins.put(partition, Math.min(begin(partition), end));
            ends.put(partition, end);
        }
        return new Extent(begins, ends);
    }

    private long begin(TopicPartition partition) {
        List<Segment> segments = log.segments(partition);
        long first = segments.isEmpty() ? 0 : segments.getFirst().base();
        return Math.max(first, log.logStart(partition).orElse(0));
    }

    /** Returns the offset after the last whole batch. */
    private long end(TopicPartition partition) {
        for (int attempt = 1; ; attempt++) {
            List<Segment> segments = log.segments(partition);
            if (segments.isEmpty()) {
                return 0;
            }
            Segment last = segments.getLast();
            try (FileRecords records = open(last)) {
                return end(last, records);
            } catch (IOException unreadable) {
                giveUp(last, unreadable, attempt);
            }
        }
    }

    private static long end(Segment segment, FileRecords records) {
        long end = segment.base();
        long bytes = 0;
        Optional<RecordBatch> last = Optional.empty();
        Iterator<? extends RecordBatch> batches = records.batches().iterator();
        for (Optional<RecordBatch> next = next(batches); next.isPresent(); next = next(batches)) {
            end = last.map(RecordBatch::nextOffset).orElse(end);
            bytes += next.get().sizeInBytes();
            last = next;
        }
        if (records.sizeInBytes() - bytes > MAX_BATCH_BYTES) {
            throw damaged(segment, last.map(RecordBatch::nextOffset).orElse(end), Optional.empty());
        }
        // A broker that was killed may have left the last batch without all of its bytes.
        return last.filter(SegmentScan::isWhole).map(RecordBatch::nextOffset).orElse(end);
    }

    /** Returns the next batch by its header; empty at the end or before bytes that are no batch. */
    private static Optional<RecordBatch> next(Iterator<? extends RecordBatch> batches) {
        try {
            return batches.hasNext() ? Optional.of(batches.next()) : Optional.empty();
        } catch (CorruptRecordException torn) {
            return Optional.empty();
        }
    }

    private static boolean isWhole(RecordBatch batch) {
        return batch.sizeInBytes() <= MAX_BATCH_BYTES && batch.isValid();
    }

    private static FileRecords open(Segment segment) throws IOException {
        return FileRecords.open(segment.file().toFile(), false);
    }

    private static void giveUp(Segment segment, IOException unreadable, int attempt) {
        if (!(unreadable instanceof NoSuchFileException) || attempt >= ATTEMPTS) {
            throw SegmentLog.unreadable(segment.file(), unreadable);
        }
    }

    @Override
    public void read(TopicPartition partition, long begin, long end, LogHandler handler, Watcher watcher) {
        long position = begin;
        int attempt = 0;
        while (position < end) {
            Optional<Segment> segment = holding(partition, position);
            if (segment.isEmpty() || segment.get().base() >= end) {
                break;
            }
            try (FileRecords records = open(segment.get())) {
                position = Math.max(
                        read(partition, segment.get(), records, position, end, handler),
                        following(partition, segment.get()).orElse(end));
                attempt = 0;
                watcher.at(Math.min(position, end) - begin, end - begin);
            } catch (IOException unreadable) {
                giveUp(segment.get(), unreadable, ++attempt);
            }
        }
        watcher.at(end - begin, end - begin);
    }

    /** Returns the segment that an offset lies in, or that follows it where none holds it. */
    private Optional<Segment> holding(TopicPartition partition, long offset) {
        Optional<Segment> found = Optional.empty();
        for (Segment segment : log.segments(partition)) {
            if (segment.base() > offset) {
                return found.or(() -> Optional.of(segment));
            }
            found = Optional.of(segment);
        }
        return found;
    }

    /** Returns the first offset of the segment after this one. */
    private Optional<Long> following(TopicPartition partition, Segment segment) {
        return log.segments(partition).stream()
                .map(Segment::base)
                .filter(base -> base > segment.base())
                .findFirst();
    }

    /** Reads one segment and returns the offset after its last batch. */
    private static long read(
            TopicPartition partition, Segment segment, FileRecords records, long from, long end, LogHandler handler) {
        long position = from;
        long bytes = 0;
        Iterator<? extends RecordBatch> batches = records.batches().iterator();
        for (Optional<RecordBatch> next = next(batches); next.isPresent(); next = next(batches)) {
            RecordBatch batch = next.get();
            if (batch.baseOffset() >= end) {
                return end;
            }
            if (batch.lastOffset() >= position) {
                pass(partition, segment, batch, position, end, handler);
                position = batch.nextOffset();
            }
            bytes += batch.sizeInBytes();
        }
        if (bytes < records.sizeInBytes() && position < end) {
            throw damaged(segment, position, Optional.empty());
        }
        return position;
    }

    private static void pass(
            TopicPartition partition, Segment segment, RecordBatch batch, long from, long end, LogHandler handler) {
        try {
            if (!isWhole(batch)) {
                throw damaged(segment, batch.baseOffset(), Optional.empty());
            }
            if (batch.isControlBatch()) {
                return;
            }
            for (Iterator<Record> records = SegmentLog.records(batch); records.hasNext(); ) {
                Record record = records.next();
                if (record.offset() >= from && record.offset() < end) {
                    handler.take(LogRecord.of(partition, record));
                }
            }
        } catch (InvalidRecordException | CorruptRecordException damaged) {
            throw damaged(segment, batch.baseOffset(), Optional.of(damaged));
        } catch (KafkaException unreadable) {
            throw SegmentLog.unreadable(segment.file(), unreadable);
        }
    }

    private static Refusal damaged(Segment segment, long offset, Optional<Exception> cause) {
        String sentence = "The record is damaged in " + segment.file() + ": the batch at offset " + offset
                + " is not what was written; read the record from a backup or an export.";
        return cause.map(known -> new Refusal(sentence, known)).orElseGet(() -> new Refusal(sentence));
    }

    @Override
    public void rest() {
        // Nothing is fetched ahead.
    }

    @Override
    public void close() {
        // A file is open only while it is read.
    }
}
