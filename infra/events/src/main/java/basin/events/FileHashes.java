package basin.events;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Hashes of files by their bytes, each file read once as long as it stays as it is. Thread-safe. */
final class FileHashes {
    private static final int BUFFER = 1 << 16;

    private static final Map<Stamp, String> KNOWN = new ConcurrentHashMap<>();

    private FileHashes() {}

    /** A file as it is found: as long as this stays, its hash does. */
    private record Stamp(Path file, long size, long modified) {}

    /** The SHA-256 in lower-case hexadecimal digits, as {@code sha256sum} prints it. */
    static String of(Path file) throws IOException {
        Stamp stamp = new Stamp(
                file.toAbsolutePath(),
                Files.size(file),
                Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
        String known = KNOWN.get(stamp);
        if (known != null) {
            return known;
        }
        String hash = sha256(file);
        KNOWN.put(stamp, hash);
        return hash;
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[BUFFER];
            while (digested.read(buffer) >= 0) {
                // Read to the end, part by part: a model does not fit into memory twice.
            }
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
