package basin.study;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Files and folders that are complete or absent, whenever the process ends. Each is written beside
 * its place, as {@code NAME.part}, and then moved there. Thread-safe for different files.
 */
public final class WholeFile {
    private WholeFile() {}

    /** The content of a file or folder. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param place a path at which nothing is; for a device or a pipe, the device or pipe
         */
        void write(Path place) throws IOException;
    }

    /**
     * Writes a file or folder, and replaces a file or an empty folder at its place. A symbolic link
     * is followed.
     *
     * @throws IOException if it cannot be written; its place is then as before
     */
    public static void write(Path place, Content content) throws IOException {
        boolean replaces = Files.exists(place);
        if (replaces && !Files.isRegularFile(place) && !Files.isDirectory(place)) {
            content.write(place);
            return;
        }
        Path target = replaces ? place.toRealPath() : place;
        Path part = target.resolveSibling(target.getFileName() + ".part");
        remove(part); // Left by a process that was killed.
        try (Shutdown.Step _ = Shutdown.step(() -> removeQuietly(part))) {
            if (Shutdown.hasBegun()) {
                throw new InterruptedIOException("The process ends before " + place + " is written.");
            }
            content.write(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            remove(part);
        }
    }

    /** Writes a file like {@link #write(Path, Content)}. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, place -> Files.write(place, bytes));
    }

    /** Writes a file in UTF-8 like {@link #write(Path, Content)}. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void remove(Path part) throws IOException {
        if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> parts = Files.walk(part)) {
            for (Path one : parts.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static void removeQuietly(Path part) {
        try {
            remove(part);
        } catch (IOException notRemoved) {
            // The next process that writes the file removes it.
        }
    }
}
