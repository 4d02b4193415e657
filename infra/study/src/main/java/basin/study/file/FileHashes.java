package basin.study.file;

import basin.study.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** SHA-256 hashes of files, cached until the file changes. Thread-safe. */
public final class FileHashes {
    private static final Map<Stamp, String> KNOWN = new ConcurrentHashMap<>();

    private FileHashes() {}

    /** A file's state. The cached hash is valid while it is the same. */
    private record Stamp(Path file, long size, long modified) {}

    /**
     * Returns the SHA-256 in lower-case hexadecimal digits, as {@code sha256sum} prints it.
     *
     * @throws IOException if the file cannot be read
     */
    public static String of(Path file) throws IOException {
        Stamp stamp = new Stamp(
                file.toAbsolutePath(),
                Files.size(file),
                Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
        String known = KNOWN.get(stamp);
        if (known != null) {
            return known;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String hash = Sha256.hex(in);
            KNOWN.put(stamp, hash);
            return hash;
        }
    }
}
