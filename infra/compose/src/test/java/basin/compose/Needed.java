package basin.compose;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What a test needs beside Java: without it the test is skipped and says so, but in continuous integration it fails. */
final class Needed {
    private Needed() {}

    /** A program on the path. */
    static Path program(String name) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(Pattern.quote(File.pathSeparator)))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        that(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    /** Any condition. */
    static void that(boolean holds, String otherwise) {
        if (!holds && Boolean.parseBoolean(System.getenv("CI"))) {
            fail(otherwise);
        }
        Assumptions.assumeTrue(holds, otherwise);
    }
}
