package basin.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Studies that are run to their end once for all test classes. A test works on a copy of the
 * record, because most change it.
 */
final class RunStudies implements AutoCloseable {
    private final Path root = temporary();
    private final Map<String, Path> done = new ConcurrentHashMap<>();

    private RunStudies() {}

    /** Gives test methods the studies of this process. */
    static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RunStudies.class;
        }

        @Override
        public RunStudies resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(RunStudies.class))
                    .computeIfAbsent(RunStudies.class, key -> new RunStudies(), RunStudies.class);
        }
    }

    /** Returns the text of {@code tiny.yaml} with two of its eight runs. */
    static String twoRuns() {
        return read(TinyStudy.FILE)
                .replace("learningRates: [0.01, 0.02]", "learningRates: [0.01]")
                .replace("seeds: [1, 2]", "seeds: [1]");
    }

    /**
     * Runs a study by {@code run}, unless that is done, and copies what there is then.
     *
     * @param yaml text of the study's file
     * @param to folder that gets {@code study.yaml}, {@code data} with the record, and {@code live}
     *     with the results of the run
     */
    void copy(String yaml, Path to) {
        copy(done.computeIfAbsent(yaml, this::run), to);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path run(String yaml) {
        try {
            Path folder = Files.createTempDirectory(root, "study");
            Path file = Files.writeString(folder.resolve("study.yaml"), yaml);
            Typed _ = Typed.runToEnd(file, folder.resolve("data"), folder.resolve("live"));
            // Brokers on copies would all take these.
            Files.delete(folder.resolve("data/broker.ports"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a folder with all that is in it. */
    static Path copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("run-studies");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> written = Files.walk(root)) {
            for (Path path : written.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
