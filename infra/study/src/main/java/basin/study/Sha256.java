package basin.study;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests, as bytes and as the 64 lower-case hexadecimal digits that {@code sha256sum} prints. Thread-safe. */
public final class Sha256 {
    private static final int BUFFER_BYTES = 1 << 16;

    private Sha256() {}

    /** A digest that nothing was put into yet; for one thread. */
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }

    /** The 32 bytes of the digest. */
    public static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }

    /** 64 hexadecimal digits. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }

    /** 64 hexadecimal digits of what was put into a digest, which is reset. */
    public static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * 64 hexadecimal digits of all that a stream still holds. Reads part by part, because a model does not fit into
     * memory twice; leaves the stream open.
     *
     * @throws IOException if the stream cannot be read
     */
    public static String hex(InputStream in) throws IOException {
        DigestInputStream digested = new DigestInputStream(in, start());
        byte[] buffer = new byte[BUFFER_BYTES];
        while (digested.read(buffer) >= 0) {
            // The digest sees what is read.
        }
        return hex(digested.getMessageDigest());
    }
}
