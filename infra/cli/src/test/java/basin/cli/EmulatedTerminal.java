package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** A terminal that Python emulates, where it has the library. */
public final class EmulatedTerminal {
    private static final Path SCRIPTS = Path.of("../cli/src/test/python");

    private EmulatedTerminal() {}

    /** Skips the test where there is no emulator; in continuous integration it fails instead. */
    public static void need() throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder(python(), "-c", "import pyte").start().waitFor() == 0;
        } catch (IOException noPython) {
            there = false;
        }
        if (System.getenv("CI") == null) {
            Assumptions.assumeTrue(
                    there,
                    "NOT TESTED: python3 with pyte is not here: pip install -r infra/docs/kafka-api/requirements.txt");
        }
        assertThat(there).as("python3 with pyte").isTrue();
    }

    /**
     * Returns what the terminal shows after each step.
     *
     * @param steps the size of the terminal and the text that is then written to it
     */
    public static JsonNode screens(Object steps) throws IOException, InterruptedException {
        return python(Json.canonical(steps), List.of("screen.py"));
    }

    /**
     * Runs a program in a pseudo-terminal and returns what it showed, as {@code terminal.py} says.
     *
     * @param text the times of what follows count from the first screen with this text
     * @param sizes the size, then resizes and interrupts with their times in seconds
     */
    public static JsonNode run(String text, List<String> sizes, List<String> program)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("terminal.py", text));
        arguments.addAll(sizes);
        arguments.add("--");
        arguments.addAll(program);
        return python(new byte[0], arguments);
    }

    /** Returns a list of lines in what was shown. */
    public static List<String> lines(JsonNode lines) {
        return StreamSupport.stream(lines.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String python() {
        return Optional.ofNullable(System.getenv("BASIN_PYTHON")).orElse("python3");
    }

    private static JsonNode python(byte[] input, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(python(), "-B"));
        command.add(SCRIPTS.resolve(arguments.getFirst()).toString());
        command.addAll(arguments.subList(1, arguments.size()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        }
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return Json.mapper().readTree(shown);
    }
}
