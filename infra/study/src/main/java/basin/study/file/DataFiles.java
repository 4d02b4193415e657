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
 * Files of text, tables and tokenizers by what is in them, as {@link ModelFolders} has models. A record names a file by its hash; each
 * machine looks for the file with that hash: among those that a study file named, and in those that the environment variable {@code
 * BASIN_DATA} lists, which are files or folders that hold files, {@value #DEEPEST} folders deep at most. Thread-safe.
 */
public final class DataFiles {
    /** Lists files and folders, separated as in {@code PATH}. */
    public static final String VARIABLE = "BASIN_DATA";

    /** The most bytes that a file may have: what is in it is held in memory. */
    public static final long MAX_BYTES = 100_000_000;

    /** How many folders deep a file may lie below one that is listed. */
    static final int DEEPEST = 3;

    /** As the variable, for this process. */
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
     * @throws IOException where it cannot be read
     */
    public static String remember(Path file) throws IOException {
        return KNOWN.remember(file);
    }

    /**
     * Finds the file with that hash; empty where this machine knows none.
     *
     * @throws IOException where a folder that is listed cannot be read
     */
    public static Optional<Path> find(String hash) throws IOException {
        return KNOWN.find(hash);
    }

    /** Lists the readable files below a path. Leaves out files that are unreadable or vanish meanwhile. */
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
