package basin.aggregator.fold;

import basin.record.Event;
import basin.study.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Serialisation of a fold for a fast start: its events with their ids and marks, as {@link
 * PackedRecords}. An image can always be rebuilt from the log, so unreadable bytes give an empty
 * result and not an error. Thread-safe.
 */
public final class FoldImage {
    private static final int FORMAT = 3;

    /** Events of a part, which is read apart from the others. */
    private static final int PART = 20_000;

    /** SHA-256 of the layout of what follows the head. */
    private static final String LAYOUT =
            Sha256.hex(PackedRecords.layout(Entry.class).getBytes(StandardCharsets.UTF_8));

    /**
     * Run by run in the order of the steps, so that a fold that reads them appends to what it has
     * just touched.
     */
    private static final Comparator<Event> IN_ORDER =
            Comparator.comparing(Event::key).thenComparingInt(FoldImage::step);

    private FoldImage() {}

    private static int step(Event event) {
        return switch (event) {
            case Event.LossMeasured loss -> loss.step();
            case Event.CheckpointPublished checkpoint -> checkpoint.step();
            case Event.EstimatorResult result -> result.step();
            case Event.DownstreamMeasured downstream -> downstream.step();
            default -> 0;
        };
    }

    /**
     * The header of an image.
     *
     * @param format version of the byte format
     * @param layout SHA-256 of the layout of the entries
     * @param fold version of the fold
     * @param schema schema of the events
     * @param events number of events that follow
     * @param digest digest of the fold that was written
     * @param conflicts ids that occurred with different contents
     */
    private record Head(
            int format, String layout, int fold, int schema, int events, String digest, List<String> conflicts) {
        boolean isOfThisVersion() {
            return format == FORMAT && layout.equals(LAYOUT) && fold == Fold.VERSION && schema == Event.SCHEMA;
        }
    }

    private record Entry(long high, long low, long mark, Event event) {}

    /** Returns the fold's bytes, or empty if they would exceed the maximum size. */
    public static Optional<byte[]> write(Fold.Standing standing, int mostBytes) {
        return write(standing, mostBytes, Fold.VERSION, PART);
    }

    /**
     * Returns the bytes as a fold of another version would write them, in parts of at most the
     * given number of events.
     */
    static Optional<byte[]> write(Fold.Standing standing, int mostBytes, int version, int part) {
        List<Event> events = standing.events().stream().sorted(IN_ORDER).toList();
        ByteArrayOutputStream image = new ByteArrayOutputStream(1 << 16);
        Head head = new Head(
                FORMAT,
                LAYOUT,
                version,
                Event.SCHEMA,
                events.size(),
                standing.revision().digest(),
                standing.conflicts());
        append(image, List.of(head));
        for (int from = 0; from < events.size() && image.size() <= mostBytes; from += part) {
            append(
                    image,
                    events.subList(from, Math.min(events.size(), from + part)).stream()
                            .map(Fold.Marked::of)
                            .map(one -> new Entry(one.high(), one.low(), one.mark(), one.event()))
                            .toList());
        }
        return image.size() > mostBytes ? Optional.empty() : Optional.of(image.toByteArray());
    }

    /** Appends a part: the number of its bytes, and its records. */
    private static void append(ByteArrayOutputStream image, List<? extends Record> records) {
        PackedRecords.Writer part = new PackedRecords.Writer();
        try {
            for (Record record : records) {
                part.write(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        image.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.size()).array());
        image.writeBytes(part.toByteArray());
    }

    /**
     * Returns the fold that was written, or empty if another version of this program wrote it or
     * the bytes are not an image. Parts are decoded on all processors.
     */
    public static Optional<Fold> read(byte[] bytes) {
        try {
            List<ByteBuffer> parts = parts(ByteBuffer.wrap(bytes));
            Head head = new PackedRecords.Reader(parts.getFirst()).read(Head.class);
            if (!head.isOfThisVersion()) {
                return Optional.empty();
            }
            Fold fold = new Fold(head.events());
            parts.stream()
                    .skip(1)
                    .parallel()
                    .map(FoldImage::entries)
                    .forEachOrdered(entries -> entries.forEach(entry ->
                            fold.add(new Fold.Marked(entry.event(), entry.high(), entry.low(), entry.mark()))));
            fold.knowConflicts(head.conflicts());
            boolean whole = fold.revision().events() == head.events()
                    && fold.revision().digest().equals(head.digest());
            return whole ? Optional.of(fold) : Optional.empty();
        } catch (IOException | UncheckedIOException noImage) {
            return Optional.empty();
        }
    }

    private static List<ByteBuffer> parts(ByteBuffer image) throws IOException {
        List<ByteBuffer> parts = new ArrayList<>();
        do {
            int length = image.remaining() < Integer.BYTES ? -1 : image.getInt();
            if (length < 0 || length > image.remaining()) {
                throw new IOException("A part has " + length + " bytes.");
            }
            parts.add(image.slice(image.position(), length));
            image.position(image.position() + length);
        } while (image.hasRemaining());
        return parts;
    }

    private static List<Entry> entries(ByteBuffer part) {
        PackedRecords.Reader in = new PackedRecords.Reader(part);
        List<Entry> entries = new ArrayList<>();
        try {
            while (!in.isAtEnd()) {
                Entry entry = in.read(Entry.class);
                if (entry.event() instanceof Event.Derived) {
                    throw new IOException("An event is derived from the fold.");
                }
                entries.add(entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
