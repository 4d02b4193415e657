package basin.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Identities: hashes of a thing's subject and request, never of time or place. Thread-safe. */
public final class Ids {
    /** The most hashes that are cached: far more than any log needs, in a few megabytes. */
    private static final int MAX_KEPT = 4096;

    /**
     * A cache of hashes by record, because a log has few specs and millions of events, and a hash
     * is the most expensive part of an id.
     */
    private static final Map<Record, String> KEPT = new ConcurrentHashMap<>();

    private Ids() {}

    /**
     * Returns the id that these parts determine: the first 32 hexadecimal digits of the SHA-256 of
     * their texts, joined by U+001F.
     */
    public static String of(Object... parts) {
        StringBuilder joined = new StringBuilder(128);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                joined.append('\u001f');
            }
            joined.append(parts[i]);
        }
        return HexFormat.of().formatHex(Sha256.of(joined.toString().getBytes(StandardCharsets.UTF_8)), 0, 16);
    }

    /** Returns the first 16 hexadecimal digits of the SHA-256 of a value's canonical JSON. */
    public static String hash(Object value) {
        String kept = value instanceof Record known ? KEPT.get(known) : null;
        if (kept != null) {
            return kept;
        }
        String hash = HexFormat.of().formatHex(Sha256.of(Json.canonical(value)), 0, 8);
        if (value instanceof Record known && KEPT.size() < MAX_KEPT) {
            KEPT.put(known, hash);
        }
        return hash;
    }

    /** Returns a run's id: 16 hexadecimal digits of the hash of its spec. */
    public static String run(RunSpec spec) {
        return hash(spec);
    }

    /** Returns a study's id: its name, a dash and 8 hexadecimal digits of the hash of its spec. */
    public static String study(StudySpec spec) {
        return spec.name() + "-" + hash(spec).substring(0, 8);
    }

    /** Returns the first 64 bits of the SHA-256, most significant bit first. */
    public static long first64(byte[] bytes) {
        return ByteBuffer.wrap(Sha256.of(bytes)).getLong();
    }
}
