package basin.study.file;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Texts, tables and tokenizers by the hash of their contents, as {@link ModelFolders} does for
 * models. A record names a file by its hash. Each machine looks for a file with that hash among
 * those that a study file named, and in the files and folders of the environment variable {@code
 * BASIN_DATA}, at most {@value #DEEPEST} folders deep. Thread-safe.
 */
public final class DataFiles {
    /** The environment variable that lists files and folders, separated as in {@code PATH}. */
    public static final String VARIABLE = "BASIN_DATA";

    /** The largest file in bytes, because its contents are held in memory. */
    public static final long MAX_BYTES = 100_000_000;

    /** The greatest depth of a file below a listed folder. */
    static final int DEEPEST = 3;

    /** The system property that replaces the variable in this process. */
    static final String PROPERTY = "basin.data";

    private static final HashedPaths KNOWN = new HashedPaths(
            VARIABLE,
            PROPERTY,
            DataFiles::files,
            file -> Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES,
            FileHashes::of);

    private DataFiles() {}

    /**
     * Returns the hash of a file, as {@code sha256sum} prints it, and remembers the file by it.
     *
     * @return 64 hexadecimal digits
     * @throws IOException if the file cannot be read
     */
    public static String remember(Path file) throws IOException {
        return KNOWN.remember(file);
    }

    /**
     * Finds the file with that hash; empty if this machine knows none.
     *
     * @throws IOException if a listed folder cannot be read
     */
    public static Optional<Path> find(String hash) throws IOException {
        return KNOWN.find(hash);
    }

    /**
     * Lists the readable files below a path. It leaves out files that are unreadable or vanish
     * meanwhile.
     */
    private static List<Path> files(Path entry) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(entry, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (Files.isReadable(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }
}
