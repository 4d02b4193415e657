package basin.events;

import basin.events.spec.RunSpec;
import basin.events.spec.StudySpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Identities: hashes of what a thing is about and what was asked, never of when or where. Thread-safe. */
public final class Ids {
    private Ids() {}

    /** The id of a thing that these parts name: 32 hexadecimal digits of a SHA-256. */
    public static String of(Object... parts) {
        String joined = Stream.of(parts).map(String::valueOf).collect(Collectors.joining("\u001f"));
        return hex(joined.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    }

    /** 16 hexadecimal digits of the SHA-256 of a value's canonical JSON. */
    public static String hash(Object value) {
        return hex(Json.canonical(value)).substring(0, 16);
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
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
