package basin.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Identities: hashes of what a thing is about and what was asked, never of when or where. Thread-safe. */
public final class Ids {
    /** So many hashes of records are kept: far more than any log asks for, and never more memory than a few megabytes. */
    private static final int MOST_KEPT = 4096;

    /** Few specs are asked about millions of times, and a hash costs more than all else of an id. */
    private static final Map<Record, String> KEPT = new ConcurrentHashMap<>();

    private Ids() {}

    /** The id of a thing that these parts name: 32 hexadecimal digits of a SHA-256. */
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

    /** 16 hexadecimal digits of the SHA-256 of a value's canonical JSON. */
    public static String hash(Object value) {
        String kept = value instanceof Record known ? KEPT.get(known) : null;
        if (kept != null) {
            return kept;
        }
        String hash = HexFormat.of().formatHex(Sha256.of(Json.canonical(value)), 0, 8);
        if (value instanceof Record known && KEPT.size() < MOST_KEPT) {
            KEPT.put(known, hash);
        }
        return hash;
    }

    /** A run's id: 16 hexadecimal digits of the hash of its spec. */
    public static String run(RunSpec spec) {
        return hash(spec);
    }

    /** A study's id: its name and 8 hexadecimal digits of the hash of its spec. */
    public static String study(StudySpec spec) {
        return spec.name() + "-" + hash(spec).substring(0, 8);
    }

    /** SHA-256 in lower-case hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return Sha256.hex(bytes);
    }

    /** The first 64 bits of a SHA-256, the most significant first. */
    public static long first64(byte[] bytes) {
        return ByteBuffer.wrap(Sha256.of(bytes)).getLong();
    }
}
