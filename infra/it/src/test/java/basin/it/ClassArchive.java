package basin.it;

import basin.cli.Basin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program's classes as the JVM keeps them in memory (a CDS archive), made once for all
 * processes that the tests of this JVM start.
 */
final class ClassArchive {
    /** JVM options of a process that uses it; none if the program is not in jars. */
    static final List<String> OPTIONS = options();

    private ClassArchive() {}

    private static List<String> options() {
        // The JVM archives no classes of folders.
        if (!Basin.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()
                .endsWith(".jar")) {
            return List.of();
        }
        try {
            Path folder = Files.createTempDirectory("archive");
            try {
                Path file = Files.createDirectories(Path.of("target").toAbsolutePath())
                        .resolve("program.jsa");
                write(file, folder);
                return List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds*=off", "-Xlog:aot*=off");
            } finally {
                try (Stream<Path> written = Files.walk(folder)) {
                    for (Path path : written.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a small study, which loads most classes, and writes them to a file. */
    private static void write(Path file, Path folder) throws IOException, InterruptedException {
        Path study = Files.writeString(
                folder.resolve("study.yaml"),
                StudyText.brief()
                        .withQuickFlatness()
                        .withSteps(10)
                        .withOneRunOfEachSize()
                        .text());
        Path log = folder.resolve("log.txt");
        int status = new ProcessBuilder(JavaCommand.archiving(
                        file,
                        Basin.class.getName(),
                        "run",
                        study.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        "0",
                        "--exit-when-done"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status != 0 || !Files.exists(file)) {
            throw new IllegalStateException("Status " + status + ": " + Files.readString(log));
        }
    }
}
