package basin.cli.command;

import java.nio.file.Path;

/** Paths as a user would type them. Pure functions. */
final class ShownPath {
    private ShownPath() {}

    /** Returns a path relative to the current folder if it is in it, otherwise in full. */
    static String of(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path whole = path.toAbsolutePath().normalize();
        return whole.startsWith(here) && !whole.equals(here)
                ? here.relativize(whole).toString()
                : whole.toString();
    }
}
