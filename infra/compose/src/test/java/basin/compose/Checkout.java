package basin.compose;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of this repository. */
final class Checkout {
    private static final Path ROOT = root();

    private Checkout() {}

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("infra/compose/Dockerfile"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("The tests run inside the repository.");
            }
        }
        return folder;
    }

    /** A file or folder by its path from the root. */
    static Path path(String name) {
        return ROOT.resolve(name);
    }

    /** The text of a file. */
    static String text(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
