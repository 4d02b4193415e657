package basin.cli.transfer;

import basin.log.LogHandler;
import basin.log.LogPosition;
import basin.log.LogRecord;
import basin.log.LogScan;
import basin.log.blob.Chunk;
import basin.log.blob.ChunkedBlobs;
import basin.record.Event;
import basin.record.MalformedEventException;
import basin.record.Topic;
import basin.study.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A record file that was verified completely: checksums, sizes, and that every record belongs to
 * the study. Keeps one record at a time in memory. Confined to one thread.
 */
final class RecordArchive implements AutoCloseable {
    private final ZipFile zip;
    private final Manifest manifest;

    private RecordArchive(ZipFile zip) throws IOException {
        this.zip = zip;
        this.manifest = manifest(zip);
    }

    /**
     * Opens and verifies a file.
     *
     * @throws RefusedFileException if the file differs in any byte from what an export wrote, or
     *     contains a record that cannot be imported
     * @throws IOException if the file cannot be read
     */
    static RecordArchive open(Path file, Watcher watcher) throws IOException {
        unchanged(file);
        ZipFile zip = null;
        try {
            zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
            RecordArchive archive = new RecordArchive(zip);
            StudyRecords study = archive.study();
            for (Topic topic : RecordFile.TOPICS) {
                archive.read(topic, "checking " + topic.topicName(), watcher, record -> check(study, topic, record));
            }
            zip = null;
            return archive;
        } catch (ZipException | EOFException noArchive) {
            throw new RefusedFileException("is no archive that can be read");
        } finally {
            if (zip != null) {
                zip.close();
            }
        }
    }

    Manifest manifest() {
        return manifest;
    }

    private static void unchanged(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes < RecordFile.END_BYTES + RecordFile.COMMENT_BYTES) {
            throw new RefusedFileException(
                    "has " + bytes + " bytes, too few for a record: it is cut short or no record");
        }
        byte[] end = new byte[RecordFile.COMMENT_BYTES];
        ByteBuffer archive = ByteBuffer.allocate(RecordFile.END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(bytes - end.length - archive.capacity());
            in.readFully(archive.array());
            in.readFully(end);
        }
        String said = new String(end, StandardCharsets.ISO_8859_1);
        if (!said.matches(RecordFile.COMMENT + "[0-9a-f]{64}")) {
            throw new RefusedFileException("does not end with its sum: it is cut short or no record");
        }
        if (!said.equals(RecordFile.comment(file, bytes - end.length))) {
            throw new RefusedFileException("has another SHA-256 than it says: it was changed or damaged");
        }
        long directory = Integer.toUnsignedLong(archive.getInt(RecordFile.DIRECTORY_SIZE_AT));
        if (directory > RecordFile.MAX_DIRECTORY_BYTES) {
            // It is read whole when the archive is opened.
            throw new RefusedFileException("has a directory of " + directory + " bytes, and a record's has at most "
                    + RecordFile.MAX_DIRECTORY_BYTES);
        }
    }

    private static Manifest manifest(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(RecordFile.MANIFEST);
        if (entry == null) {
            throw new RefusedFileException("has no " + RecordFile.MANIFEST);
        }
        byte[] json;
        try (InputStream in = zip.getInputStream(entry)) {
            json = in.readNBytes(RecordFile.MAX_MANIFEST_BYTES + 1);
        }
        if (json.length > RecordFile.MAX_MANIFEST_BYTES) {
            throw new RefusedFileException(
                    "has a " + RecordFile.MANIFEST + " of more than " + RecordFile.MAX_MANIFEST_BYTES + " bytes");
        }
        Manifest manifest;
        try {
            var tree = RecordFile.JSON.readTree(json);
            String format = tree.path("format").asText();
            int version = tree.path("version").asInt();
            if (!format.equals(RecordFile.FORMAT)) {
                throw new RefusedFileException("has the format '" + format + "', not " + RecordFile.FORMAT);
            }
            if (version != RecordFile.VERSION) {
                throw new RefusedFileException("has version " + version + " of the format, and this program reads "
                        + RecordFile.VERSION + "; use a newer Basin");
            }
            if (tree instanceof ObjectNode fields && !fields.has("faults")) {
                fields.putArray("faults");
            }
            manifest = RecordFile.JSON.treeToValue(tree, Manifest.class);
        } catch (JsonProcessingException e) {
            throw new RefusedFileException("has a " + RecordFile.MANIFEST + " that cannot be read");
        }
        plausible(zip, manifest);
        return manifest;
    }

    /** Verifies the sizes that the file claims before anything is decompressed. */
    private static void plausible(ZipFile zip, Manifest manifest) {
        Set<String> names = new HashSet<>();
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            String name = all.nextElement().getName();
            if (!names.add(name) || names.size() > RecordFile.TOPICS.size() + 1) {
                throw new RefusedFileException("has more members than a record has topics, or one twice");
            }
        }
        names.remove(RecordFile.MANIFEST);
        int last = -1;
        long bytes = 0;
        long records = 0;
        for (Manifest.Member member : manifest.members()) {
            Optional<Topic> topic = Topic.named(member.topic()).filter(RecordFile.TOPICS::contains);
            ZipEntry entry = zip.getEntry(member.name());
            if (topic.isEmpty()
                    || !member.name().equals(RecordFile.member(topic.get()))
                    || RecordFile.TOPICS.indexOf(topic.get()) <= last
                    || !names.remove(member.name())
                    || entry == null) {
                throw new RefusedFileException("names a member that is not there, out of place, or of no topic");
            }
            last = RecordFile.TOPICS.indexOf(topic.get());
            long packed = entry.getCompressedSize();
            if (member.bytes() < 0
                    || member.records() < 0
                    || member.records() > member.bytes()
                    || entry.getSize() != member.bytes()
                    || packed < 0
                    || member.bytes() / RecordFile.MAX_RATIO > packed + 1) {
                throw new RefusedFileException("claims " + member.records() + " records in " + member.bytes()
                        + " bytes for " + member.name() + ", which has " + packed
                        + " bytes packed: no record packs like that");
            }
            bytes = Math.addExact(bytes, member.bytes());
            records = Math.addExact(records, member.records());
        }
        if (!names.isEmpty()) {
            throw new RefusedFileException("has members that its " + RecordFile.MANIFEST + " does not name");
        }
        if (bytes != manifest.bytes()
                || records != manifest.records()
                || !RecordFile.whole(manifest.members()).equals(manifest.sha256())) {
            throw new RefusedFileException("has a " + RecordFile.MANIFEST + " whose sums do not agree");
        }
    }

    /**
     * Returns the study that the manifest names; its submission must be in the topic of studies.
     *
     * @throws RefusedFileException if it is not
     */
    private StudyRecords study() throws IOException {
        List<StudyRecords> found = new ArrayList<>();
        read(Topic.STUDY, "", (what, done, all) -> {}, record -> {
            if (found.isEmpty()
                    && record.event().orElse(null) instanceof Event.StudySubmitted submitted
                    && submitted.studyId().equals(manifest.studyId())) {
                found.add(new StudyRecords(submitted.studyId(), submitted.study()));
            }
        });
        if (found.isEmpty()) {
            throw new RefusedFileException("does not hold the study that it names");
        }
        return found.getFirst();
    }

    private static void check(StudyRecords study, Topic topic, LogRecord record) {
        if (topic == Topic.WEIGHTS && Chunk.of(record).isEmpty()) {
            throw new RefusedFileException("holds a chunk of weights whose headers do not say what it is");
        }
        if (topic != Topic.WEIGHTS && topic != Topic.DEAD_LETTER) {
            try {
                Event _ = record.decode();
            } catch (MalformedEventException unreadable) {
                throw new RefusedFileException("holds an event that this program cannot read ("
                        + String.valueOf(unreadable.getMessage()).replaceAll("\\.$", "") + ")");
            }
        }
        if (!study.hold(topic, record)) {
            throw new RefusedFileException(
                    "holds a record in " + topic.topicName() + " that is not one of study " + study.studyId());
        }
    }

    /**
     * Passes the records of a topic to a handler, in their order; none if the file does not contain
     * the topic.
     */
    void read(Topic topic, String what, Watcher watcher, LogHandler handler) throws IOException {
        for (Manifest.Member member : manifest.members()) {
            if (member.topic().equals(topic.topicName())) {
                read(member, (done, all) -> watcher.at(what, done, all), handler);
            }
        }
    }

    private void read(Manifest.Member member, LogScan.Watcher watcher, LogHandler handler) throws IOException {
        try (DigestInputStream hashed =
                        new DigestInputStream(zip.getInputStream(zip.getEntry(member.name())), Sha256.start());
                InputStream in = new BufferedInputStream(hashed, 1 << 16)) {
            Reading reading = new Reading(in, member.topic(), member.bytes());
            while (reading.left > 0 && reading.records < member.records()) {
                handler.take(reading.next());
                watcher.at(member.bytes() - reading.left, member.bytes());
            }
            if (reading.left > 0 || reading.records != member.records() || in.read() >= 0) {
                throw new RefusedFileException("holds more or fewer records in " + member.name() + " than it says");
            }
            if (!Sha256.hex(hashed.getMessageDigest()).equals(member.sha256())) {
                throw new RefusedFileException("has another SHA-256 for " + member.name() + " than it says");
            }
        }
    }

    /** A member while it is read; never reads more bytes than the member claims. */
    private static final class Reading {
        private final InputStream in;
        private final String topic;
        private long left;
        private long records;

        Reading(InputStream in, String topic, long bytes) {
            this.in = in;
            this.topic = topic;
            this.left = bytes;
        }

        LogRecord next() throws IOException {
            return topic.equals(Topic.WEIGHTS.topicName()) ? chunk() : line();
        }

        private LogRecord line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
            for (int next = nextByte(); next != '\n'; next = nextByte()) {
                if (line.size() == RecordFile.MAX_LINE_BYTES) {
                    throw new RefusedFileException("holds a line of more than " + RecordFile.MAX_LINE_BYTES + " bytes");
                }
                line.write(next);
            }
            Line read = parse(line.toByteArray());
            return record(read, read.held());
        }

        private LogRecord chunk() throws IOException {
            int length = 0;
            for (int i = 0; i < 4; i++) {
                length = length << 8 | nextByte();
            }
            Line head = parse(bytes(length, 1 << 20));
            Integer bytes = head.bytes();
            if (bytes == null || head.value() != null || head.base64() != null) {
                throw new RefusedFileException("holds a chunk of weights without a length");
            }
            return record(head, bytes(bytes, ChunkedBlobs.CHUNK_BYTES));
        }

        private int nextByte() throws IOException {
            int next = left-- > 0 ? in.read() : -1;
            if (next < 0) {
                throw new RefusedFileException("breaks off within a record");
            }
            return next;
        }

        private byte[] bytes(int length, int max) throws IOException {
            if (length < 0 || length > max || length > left) {
                throw new RefusedFileException("holds a part of " + Integer.toUnsignedString(length)
                        + " bytes where at most " + Math.min(max, left) + " can be");
            }
            byte[] read = in.readNBytes(length);
            left -= length;
            if (read.length < length) {
                throw new RefusedFileException("breaks off within a record");
            }
            return read;
        }

        private static Line parse(byte[] json) throws IOException {
            try {
                return RecordFile.LINES.readValue(json, Line.class);
            } catch (JsonProcessingException e) {
                throw new RefusedFileException("holds a line that is no record");
            }
        }

        private LogRecord record(Line line, byte[] value) {
            if (!line.fits(value.length)) {
                throw new RefusedFileException("holds a record that is larger than Kafka takes");
            }
            // The position in the file; the record gets a position in a log only when it is
            // written.
            return new LogRecord(
                    new LogPosition(topic, 0, records++),
                    line.key(),
                    value,
                    false,
                    Map.copyOf(line.headers()),
                    line.timestamp());
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
