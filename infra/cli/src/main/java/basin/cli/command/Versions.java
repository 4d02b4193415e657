package basin.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.IVersionProvider;

/**
 * The versions of the program and of what it runs on. Reads small files only: no native library is
 * loaded for it.
 */
public final class Versions implements IVersionProvider {
    private static final String UNKNOWN = "unknown";
    private static final int GIT_SECONDS = 5;

    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }

    /** Returns one fact per line, each a word and its value. */
    static List<String> lines() {
        return List.of(
                "basin " + program(),
                "commit " + commit(),
                "jdk " + System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"),
                "libtorch " + property("native/lib/pytorch.properties", "version"),
                "djl " + property("ai/djl/engine/api.properties", "djl_version"),
                "kafka " + property("kafka/kafka-version.properties", "version"),
                "system " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
    }

    /** Returns the version of the program; {@code development} if it is not run from its jar. */
    static String program() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    /**
     * Returns the commit that the program was built from. An archive or image tells it in the file
     * {@code commit} of its folder; in a checkout Git tells it, and whether files differ from it.
     */
    static String commit() {
        Path home = Path.of(System.getProperty("basin.home", "infra")).toAbsolutePath();
        Path told = home.resolve("commit");
        try {
            if (Files.isRegularFile(told)) {
                return Files.readString(told).strip();
            }
            return Files.exists(home.resolveSibling(".git")) ? git(home) : UNKNOWN;
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
    }

    private static String git(Path home) throws IOException {
        Process git = new ProcessBuilder(
                        "git", "-C", home.toString(), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = git.getInputStream()) {
            String commit = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean known = git.waitFor(GIT_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0;
            return known ? commit.replace("-dirty", ", with changed files") : UNKNOWN;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } finally {
            git.destroy();
        }
    }

    private static String property(String resource, String key) {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                return UNKNOWN;
            }
            properties.load(in);
        } catch (IOException unreadable) {
            return UNKNOWN;
        }
        return properties.getProperty(key, UNKNOWN);
    }
}
