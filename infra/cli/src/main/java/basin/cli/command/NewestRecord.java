package basin.cli.command;

import basin.cli.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The record that a command works on where none is named. */
final class NewestRecord {
    /** The folder under the current one in which {@code run} makes the folder of each record. */
    static final Path HOME = Path.of(".basin");

    private record Found(Path folder, FileTime changed) {}

    private NewestRecord() {}

    /**
     * Returns the folder whose record changed last, of those directly in a folder; of two that
     * changed at once, the last by name.
     */
    static Optional<Path> in(Path home) {
        if (!Files.isDirectory(home)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(home)) {
            return folders.flatMap(
                            folder -> EmbeddedBroker.changed(folder).map(time -> new Found(folder, time)).stream())
                    .max(Comparator.comparing(Found::changed).thenComparing(Found::folder))
                    .map(Found::folder);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The folder " + home + " cannot be listed.", unreadable);
        }
    }
}
