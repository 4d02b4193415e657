package basin.aggregator.fold;

import basin.record.Event;
import basin.study.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Serialisation of a fold for a fast start: its events with their ids and marks, as {@link
 * PackedRecords}. An image can always be rebuilt from the log, so unreadable bytes give an empty
 * result and not an error. Thread-safe.
 */
public final class FoldImage {
    private static final int FORMAT = 2;

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
        return write(standing, mostBytes, Fold.VERSION);
    }

    /** Returns the bytes as a fold of another version would write them. */
    static Optional<byte[]> write(Fold.Standing standing, int mostBytes, int version) {
        PackedRecords.Writer out = new PackedRecords.Writer();
        try {
            out.write(new Head(
                    FORMAT,
                    LAYOUT,
                    version,
                    Event.SCHEMA,
                    standing.events().size(),
                    standing.revision().digest(),
                    standing.conflicts()));
            for (Event event : standing.events().stream().sorted(IN_ORDER).toList()) {
                Fold.Marked marked = Fold.Marked.of(event);
                out.write(new Entry(marked.high(), marked.low(), marked.mark(), event));
                if (out.size() > mostBytes) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.size() > mostBytes ? Optional.empty() : Optional.of(out.toByteArray());
    }

    /**
     * Returns the fold that was written, or empty if another version of this program wrote it or
     * the bytes are not an image.
     */
    public static Optional<Fold> read(byte[] bytes) {
        try {
            PackedRecords.Reader in = new PackedRecords.Reader(bytes);
            Head head = in.read(Head.class);
            if (!head.isOfThisVersion()) {
                return Optional.empty();
            }
            Fold fold = new Fold(head.events());
            for (int i = 0; i < head.events(); i++) {
                Entry entry = in.read(Entry.class);
                if (entry.event() instanceof Event.Derived) {
                    return Optional.empty();
                }
                fold.add(new Fold.Marked(entry.event(), entry.high(), entry.low(), entry.mark()));
            }
            fold.knowConflicts(head.conflicts());
            boolean whole = in.isAtEnd()
                    && fold.revision().events() == head.events()
                    && fold.revision().digest().equals(head.digest());
            return whole ? Optional.of(fold) : Optional.empty();
        } catch (IOException noImage) {
            return Optional.empty();
        }
    }
}
