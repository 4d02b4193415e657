package basin.study.file;

import basin.study.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Hashes of files by their bytes, each file read once as long as it stays as it is. Thread-safe. */
final class FileHashes {
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
        try (InputStream in = Files.newInputStream(file)) {
            String hash = Sha256.hex(in);
            KNOWN.put(stamp, hash);
            return hash;
        }
    }
}
