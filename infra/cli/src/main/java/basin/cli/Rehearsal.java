package basin.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Runs the commands that read a record, and helps, one after the other, so that the JVM can archive
 * the classes that they load ({@code -XX:AOTCacheOutput}). The launcher runs it once after each
 * build.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Runs the commands and discards what they print and write.
     *
     * @param arguments a data folder with the record of one study, which is only read
     * @throws IllegalStateException if a command does not end well
     */
    public static void main(String[] arguments) throws IOException {
        Path out = Files.createTempDirectory("basin-rehearsal");
        try {
            commands(Path.of(arguments[0]), out).forEach(Rehearsal::run);
        } finally {
            try (Stream<Path> written = Files.walk(out)) {
                for (Path path : written.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static List<List<String>> commands(Path data, Path out) {
        Stream<List<String>> help =
                Stream.of(List.of("help"), List.of("run", "--help"), List.of("version"), List.of("completion", "bash"));
        Stream<List<String>> reading = Stream.of(
                        Stream.of("status"),
                        Stream.of("dead-letters", "list"),
                        Stream.of("pick"),
                        Stream.of("rank"),
                        Stream.of("replay", "--out", out.resolve("answer").toString()),
                        Stream.of("results", "--out", out.resolve("page.md").toString()))
                .map(command -> Stream.concat(command, Stream.of("--data", data.toString()))
                        .toList());
        return Stream.concat(help, reading).toList();
    }

    private static void run(List<String> command) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine line = Basin.commandLine().setOut(nowhere).setErr(nowhere);
        int status = line.execute(command.toArray(String[]::new));
        if (status != CommandLine.ExitCode.OK) {
            throw new IllegalStateException("Exit status " + status + " of " + command);
        }
    }
}
