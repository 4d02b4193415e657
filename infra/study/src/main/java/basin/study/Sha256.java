package basin.study;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 digests, as bytes and as the 64 lower-case hexadecimal digits that {@code sha256sum}
 * prints. Thread-safe.
 */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;

    private Sha256() {}

    /** Returns a new, empty digest, for use by one thread. */
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }

    /** Returns the 32 bytes of the digest. */
    public static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }

    /** Returns the digest as 64 hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }

    /** Returns 64 hexadecimal digits of everything added to a digest, and resets the digest. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Returns 64 hexadecimal digits of the rest of a stream. It reads in parts, because a model
     * does not fit into memory twice. It leaves the stream open.
     *
     * @throws IOException if the stream cannot be read
     */
    public static String hex(InputStream in) throws IOException {
        DigestInputStream digested = new DigestInputStream(in, start());
        byte[] buffer = new byte[BUFFER_BYTES];
        while (digested.read(buffer) >= 0) {
            // Reading updates the digest.
        }
        return hex(digested.getMessageDigest());
    }
}
