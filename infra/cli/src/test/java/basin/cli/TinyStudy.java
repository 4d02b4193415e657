package basin.cli;

import java.nio.file.Path;

/** A study of eight runs that takes less than half a minute. */
public final class TinyStudy {
    public static final Path FILE = Path.of("../cli/src/test/resources/tiny.yaml");

    private TinyStudy() {}
}
