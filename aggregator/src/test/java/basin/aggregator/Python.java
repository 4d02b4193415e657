package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The machine's Python, or that which the environment variable {@code BASIN_PYTHON} names. */
public final class Python {
    private Python() {}

    /** The status and the output, errors included, of a program that ended. */
    public record Ended(int status, String said) {}

    /** Runs Python in a folder. */
    public static Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Optional.ofNullable(System.getenv("BASIN_PYTHON")).orElse("python3"));
        command.add("-B");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    /** Skips the test if Python lacks a module, except in CI, where that fails it. */
    public static void needs(String module) throws InterruptedException {
        boolean there;
        try {
            there = run(Path.of("."), "-c", "import " + module).status() == 0;
        } catch (IOException noPython) {
            there = false;
        }
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(
                    there,
                    "NOT TESTED: python3 with " + module
                            + " is not here: pip install -r infra/docs/kafka-api/requirements.txt");
        }
        assertThat(there).as("python3 with " + module).isTrue();
    }
}
