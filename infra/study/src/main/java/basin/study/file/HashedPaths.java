package basin.study.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lookup of files or folders by the hash of their contents: those that this process has named,
 * and those that an environment variable lists. Thread-safe.
 *
 * @param variable environment variable that lists files and folders, separated as in {@code PATH}
 * @param property system property that replaces the variable in this process
 * @param below expands a listed file or folder to candidates
 * @param fits checks whether a path has the right kind
 * @param hash hashes the contents of a path
 * @param named paths that this process has named, by hash
 */
record HashedPaths(
        String variable,
        String property,
        Reading<List<Path>> below,
        Reading<Boolean> fits,
        Reading<String> hash,
        Map<String, Path> named) {
    /** Creates a lookup without named paths. */
    HashedPaths(
            String variable, String property, Reading<List<Path>> below, Reading<Boolean> fits, Reading<String> hash) {
        this(variable, property, below, fits, hash, new ConcurrentHashMap<>());
    }

    /** A function that reads from a path. */
    interface Reading<T> {
        T of(Path path) throws IOException;
    }

    /** Returns the hash of the contents of a path, and remembers the path by it. */
    String remember(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        String own = hash.of(absolute);
        named.put(own, absolute);
        return own;
    }

    /** Finds a path that this machine knows and whose contents have that hash now. */
    Optional<Path> find(String wanted) throws IOException {
        Path own = named.get(wanted);
        if (own != null && holds(own, wanted)) {
            return Optional.of(own);
        }
        String listed = System.getProperty(
                property, Optional.ofNullable(System.getenv(variable)).orElse(""));
        for (String entry : listed.split(File.pathSeparator)) {
            for (Path path : entry.isBlank() ? List.<Path>of() : below.of(Path.of(entry))) {
                if (holds(path, wanted)) {
                    return Optional.of(path.toAbsolutePath().normalize());
                }
            }
        }
        return Optional.empty();
    }

    private boolean holds(Path path, String wanted) throws IOException {
        return fits.of(path) && hash.of(path).equals(wanted);
    }
}
