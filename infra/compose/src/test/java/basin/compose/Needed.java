package basin.compose;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs beside Java: without it the test is skipped and says so, but where it was
 * promised it fails.
 */
final class Needed {
    /** Set where programs are installed for the tests. */
    private static final String PROGRAMS = "CI";

    /** Set where an engine with images is there for the tests. */
    private static final String CONTAINERS = "BASIN_TEST_CONTAINERS";

    private Needed() {}

    /** A program on the path. */
    static Path program(String name) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        that(PROGRAMS, found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    /** Something about the container engine. */
    static void container(boolean holds, String otherwise) {
        that(CONTAINERS, holds, otherwise);
    }

    private static void that(String promise, boolean holds, String otherwise) {
        if (!holds && Boolean.parseBoolean(System.getenv(promise))) {
            fail(otherwise + ", though " + promise + " is true");
        }
        Assumptions.assumeTrue(holds, otherwise);
    }
}
