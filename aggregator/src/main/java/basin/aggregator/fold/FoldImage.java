package basin.aggregator.fold;

import basin.record.Event;
import basin.study.Json;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.smile.SmileFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Serialisation of a fold for a fast start: its events with their ids and marks, in Smile, the
 * binary form of JSON. An image can always be rebuilt from the log, so unreadable bytes give an
 * empty result and not an error. Thread-safe.
 */
public final class FoldImage {
    private static final int FORMAT = 1;
    private static final JsonMapper SMILE = mapper();

    private FoldImage() {}

    /**
     * The header of an image.
     *
     * @param format version of the byte format
     * @param fold version of the fold
     * @param schema schema of the events
     * @param events number of events that follow
     * @param digest digest of the fold that was written
     * @param conflicts ids that occurred with different contents
     */
    private record Head(int format, int fold, int schema, int events, String digest, List<String> conflicts) {}

    private record Entry(String id, long mark, Event event) {}

    private static JsonMapper mapper() {
        SmileFactory factory = SmileFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxStringLength(600_000)
                        .maxDocumentLength(Long.MAX_VALUE)
                        .build())
                .build();
        return Json.over(factory);
    }

    /** Returns the fold's bytes, or empty if they would exceed the maximum size. */
    public static Optional<byte[]> write(Fold.Standing standing, int mostBytes) {
        return write(standing, mostBytes, Fold.VERSION);
    }

    /** Returns the bytes as a fold of another version would write them. */
    static Optional<byte[]> write(Fold.Standing standing, int mostBytes, int version) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        ObjectWriter head = SMILE.writerFor(Head.class);
        try {
            out.writeBytes(head.writeValueAsBytes(new Head(
                    FORMAT,
                    version,
                    Event.SCHEMA,
                    standing.events().size(),
                    standing.revision().digest(),
                    standing.conflicts())));
            try (SequenceWriter entries = SMILE.writerFor(Entry.class).writeValues(out)) {
                for (Event event : standing.events()) {
                    Fold.Marked marked = Fold.Marked.of(event);
                    entries.write(new Entry(marked.id(), marked.mark(), event));
                    if (out.size() > mostBytes) {
                        return Optional.empty();
                    }
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
            ByteArrayInputStream in = new ByteArrayInputStream(bytes);
            Head head;
            try (MappingIterator<Head> heads = SMILE.readerFor(Head.class).readValues(bytes)) {
                if (!heads.hasNextValue()) {
                    return Optional.empty();
                }
                head = heads.nextValue();
                long skipped = in.skip(heads.getParser().currentLocation().getByteOffset());
                if (skipped < 1) {
                    return Optional.empty();
                }
            }
            if (head.format() != FORMAT || head.fold() != Fold.VERSION || head.schema() != Event.SCHEMA) {
                return Optional.empty();
            }
            Fold fold = new Fold();
            try (MappingIterator<Entry> entries = SMILE.readerFor(Entry.class).readValues(in)) {
                while (entries.hasNextValue()) {
                    Entry entry = entries.nextValue();
                    if (!EventTable.isId(entry.id()) || entry.event() instanceof Event.CorrelationComputed) {
                        return Optional.empty();
                    }
                    fold.add(new Fold.Marked(entry.event(), entry.id(), entry.mark()));
                }
            }
            fold.knowConflicts(head.conflicts());
            boolean whole = fold.revision().events() == head.events()
                    && fold.revision().digest().equals(head.digest());
            return whole ? Optional.of(fold) : Optional.empty();
        } catch (IOException noImage) {
            return Optional.empty();
        }
    }
}
