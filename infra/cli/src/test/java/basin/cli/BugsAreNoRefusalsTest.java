package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests that a bug of Basin is reported as a bug, and never as a mistake of the user. */
class BugsAreNoRefusalsTest {
    private static final Pattern CATCH = Pattern.compile("catch \\(([^)]*)\\)");

    /** Files that catch such an exception because a library throws it for invalid input. */
    private static final List<String> DOORS_OF_LIBRARIES = List.of(
            "ServiceSettings.java",
            "DataFolder.java",
            "Line.java",
            "TensorFile.java",
            "Layout.java",
            "SegmentLog.java");

    @CommandLine.Command(name = "planted")
    private record Planted(Supplier<RuntimeException> fault) implements Callable<Integer> {
        @Override
        public Integer call() {
            throw fault.get();
        }
    }

    private record Said(int status, String error) {}

    private static Said planted(Supplier<RuntimeException> fault) {
        StringWriter error = new StringWriter();
        CommandLine line = Basin.commandLine().addSubcommand(new Planted(fault)).setErr(new PrintWriter(error));
        return new Said(line.execute("planted"), error.toString());
    }

    @Test
    void aCommandThatRefusesSaysOneSentence() {
        Said said = planted(() -> new Refusal("port is 0: give a number from 1 to 65535."));
        assertThat(said.error().strip()).isEqualTo("basin: port is 0: give a number from 1 to 65535.");
        assertThat(said.status()).isEqualTo(2);
    }

    @Test
    void aCommandThatMeetsABugSaysSoWithItsStackTrace() {
        Said said = planted(() -> new IllegalArgumentException("A p-value is 2.0."));
        assertThat(said.error().lines().findFirst())
                .hasValue("basin: This is a bug of Basin: java.lang.IllegalArgumentException: A p-value is 2.0.");
        assertThat(said.error()).contains("\tat basin.cli.BugsAreNoRefusalsTest");
        assertThat(said.status()).isEqualTo(70);
    }

    @Test
    void aFaultOfWhatSurroundsACommandIsNoBug() {
        Said said = planted(() -> new UncheckedIOException(new IOException("No space left on device")));
        assertThat(said.error()).contains("No space left on device").doesNotContain("bug");
        assertThat(said.status()).isEqualTo(1);
    }

    /**
     * Includes handlers, folds and services: code that catches these exceptions would mistake a bug
     * of Basin for invalid input.
     */
    @Test
    void nobodyCatchesAnIllegalArgumentButAtTheDoorOfALibrary() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../.."))) {
            List<Path> sources = files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList();
            assertThat(sources).hasSizeGreaterThan(400);
            assertThat(sources)
                    .filteredOn(file -> !DOORS_OF_LIBRARIES.contains(String.valueOf(file.getFileName())))
                    .allSatisfy(file -> {
                        Matcher caught = CATCH.matcher(Files.readString(file));
                        while (caught.find()) {
                            assertThat(caught.group(1))
                                    .as(file.toString())
                                    .doesNotContain("IllegalArgumentException")
                                    .doesNotContain("ArithmeticException");
                        }
                    });
        }
    }
}
