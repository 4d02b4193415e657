package basin.study.file;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files or folders by the hash of what is in them: those that this process has named, and those that an environment variable lists.
 * Thread-safe.
 *
 * @param variable lists files and folders, separated as in {@code PATH}
 * @param property a system property that replaces the variable in this process
 * @param below what a listed file or folder stands for
 * @param fits whether something of this kind is there
 * @param hash of what is in it
 * @param named what this process has named, by hash
 */
record HashedPaths(
        String variable,
        String property,
        Reading<List<Path>> below,
        Reading<Boolean> fits,
        Reading<String> hash,
        Map<String, Path> named) {
    /** Nothing named yet. */
    HashedPaths(
            String variable, String property, Reading<List<Path>> below, Reading<Boolean> fits, Reading<String> hash) {
        this(variable, property, below, fits, hash, new ConcurrentHashMap<>());
    }

    /** What is read from a path. */
    interface Reading<T> {
        T of(Path path) throws IOException;
    }

    /** Returns the hash of what is there, by which it is found from now on. */
    String remember(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        String own = hash.of(absolute);
        named.put(own, absolute);
        return own;
    }

    /** Finds what has that hash now, as far as this machine knows. */
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
