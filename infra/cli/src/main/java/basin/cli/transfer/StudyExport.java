package basin.cli.transfer;

import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.LogSource;
import basin.log.blob.Chunk;
import basin.record.Event;
import basin.record.Topic;
import basin.record.Weights;
import basin.study.ProgramVersion;
import basin.study.Refusal;
import basin.study.Sha256;
import basin.study.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Exports a study's record to a file. The same log gives the same bytes. Confined to one thread.
 */
public final class StudyExport {
    /**
     * The earliest time that a ZIP archive can store, so that the bytes do not depend on the date.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final LogScan scan;
    private final StudyRecords study;
    private final ZipOutputStream zip;
    private final Watcher watcher;
    private final boolean weights;
    private final List<String> faults;
    private final List<Manifest.Member> members = new ArrayList<>();
    /** The chunks that were written, by blob and hash. */
    private final Map<String, BitSet> chunks = new HashMap<>();

    private int checkpoints;
    private int withWeights;

    private StudyExport(
            LogScan scan,
            StudyRecords study,
            ZipOutputStream zip,
            boolean weights,
            List<String> faults,
            Watcher watcher) {
        this.scan = scan;
        this.study = study;
        this.zip = zip;
        this.weights = weights;
        this.faults = faults;
        this.watcher = watcher;
    }

    /**
     * Exports a study's record. The file appears only when it is complete.
     *
     * @param idOrName the study's id or name
     * @param file must not exist; its folder must
     * @param weights whether the checkpoints' weights are exported too
     * @param faults why the record is not whole, for those who import the file
     * @throws Refusal if there is no such study, or several have the name
     * @throws IOException if the file cannot be written
     */
    public static Transferred write(
            LogSource log, String idOrName, Path file, boolean weights, List<String> faults, Watcher watcher)
            throws IOException {
        try (LogScan scan = log.scan("export")) {
            StudyRecords study = StudyRecords.find(scan, idOrName);
            AtomicReference<Transferred> transferred = new AtomicReference<>();
            WholeFile.write(file, part -> {
                try (ZipOutputStream zip =
                        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
                    StudyExport export = new StudyExport(scan, study, zip, weights, faults, watcher);
                    export.writeAll();
                    transferred.set(export.transferred());
                }
                seal(part);
            });
            return Objects.requireNonNull(transferred.get());
        } catch (UncheckedIOException notWritten) {
            throw notWritten.getCause();
        }
    }

    private void writeAll() throws IOException {
        // The study may still be running. The ends of the later topics are fixed first, so that the
        // file contains everything that their records refer to.
        Map<Topic, LogScan.Extent> extents = new EnumMap<>(Topic.class);
        for (Topic topic : RecordFile.TOPICS.reversed()) {
            extents.put(topic, scan.extent(topic.topicName()));
        }
        for (Topic topic : RecordFile.TOPICS) {
            if (topic != Topic.WEIGHTS || weights) {
                write(topic, Objects.requireNonNull(extents.get(topic)));
            }
        }
        Manifest manifest = new Manifest(
                RecordFile.FORMAT,
                RecordFile.VERSION,
                "basin " + ProgramVersion.current(),
                Event.SCHEMA,
                study.studyId(),
                study.name(),
                members,
                members.stream().mapToLong(Manifest.Member::records).sum(),
                members.stream().mapToLong(Manifest.Member::bytes).sum(),
                RecordFile.whole(members),
                faults);
        ZipEntry _ = begin(RecordFile.MANIFEST, Deflater.DEFAULT_COMPRESSION);
        zip.write(RecordFile.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
        zip.closeEntry();
        zip.setComment(RecordFile.COMMENT + "0".repeat(64));
    }

    private ZipEntry begin(String name, int level) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.setLevel(level);
        zip.putNextEntry(entry);
        return entry;
    }

    private void write(Topic topic, LogScan.Extent extent) throws IOException {
        // Weights do not compress.
        ZipEntry entry = begin(
                RecordFile.member(topic),
                topic == Topic.WEIGHTS ? Deflater.NO_COMPRESSION : Deflater.DEFAULT_COMPRESSION);
        DigestOutputStream out = new DigestOutputStream(zip, Sha256.start());
        AtomicLong records = new AtomicLong();
        scan.read(
                extent,
                record -> {
                    if (study.hold(topic, record)) {
                        records.incrementAndGet();
                        write(topic, record, out);
                        count(topic, record);
                    }
                },
                (read, all) -> watcher.at("reading " + topic.topicName(), read, all));
        zip.closeEntry();
        // Closing an entry sets its size.
        members.add(new Manifest.Member(
                entry.getName(),
                topic.topicName(),
                records.get(),
                entry.getSize(),
                Sha256.hex(out.getMessageDigest())));
    }

    private static void write(Topic topic, LogRecord record, OutputStream out) {
        try {
            Line line = topic == Topic.WEIGHTS ? Line.beforeBytes(record) : Line.text(record);
            byte[] json = RecordFile.JSON.writeValueAsString(line).getBytes(StandardCharsets.UTF_8);
            if (topic == Topic.WEIGHTS) {
                out.write(ByteBuffer.allocate(4).putInt(json.length).array());
                out.write(json);
                out.write(record.value());
            } else {
                out.write(json);
                out.write('\n');
            }
        } catch (IOException notWritten) {
            throw new UncheckedIOException(notWritten);
        }
    }

    private void count(Topic topic, LogRecord record) {
        if (topic == Topic.WEIGHTS) {
            Chunk.of(record)
                    .ifPresent(chunk -> chunks.computeIfAbsent(chunk.blobAndHash(), blob -> new BitSet())
                            .set(chunk.index()));
        } else if (topic == Topic.CHECKPOINT
                && record.event().orElse(null) instanceof Event.CheckpointPublished published) {
            checkpoints++;
            String blob = published.runId() + "/" + published.step() + "@"
                    + published.weights().sha256();
            // The weights of another program's checkpoints are never in the record.
            withWeights += !published.weights().format().equals(Weights.FOLDER)
                            && chunks.getOrDefault(blob, new BitSet()).cardinality()
                                    == published.weights().chunks()
                    ? 1
                    : 0;
        }
    }

    /** Replaces the placeholder at the end of the file by the checksum of all bytes before it. */
    private static void seal(Path part) throws IOException {
        long before = Files.size(part) - RecordFile.COMMENT_BYTES;
        String comment = RecordFile.comment(part, before);
        try (RandomAccessFile out = new RandomAccessFile(part.toFile(), "rw")) {
            out.seek(before);
            out.write(comment.getBytes(StandardCharsets.US_ASCII));
            out.getFD().sync();
        }
    }

    private Transferred transferred() {
        return new Transferred(
                study.studyId(),
                members.stream()
                        .map(member -> new Transferred.Topic(member.topic(), member.records(), 0))
                        .toList(),
                checkpoints,
                withWeights);
    }
}
