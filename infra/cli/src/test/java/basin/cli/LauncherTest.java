package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests when the launcher builds the program and its archive of classes, and what it starts, with a
 * JDK and a Maven that only write down how they were called.
 */
class LauncherTest {
    private static final Path INFRA = Path.of("..").toAbsolutePath().normalize();

    /** A JVM that makes an archive where it is asked to, and else says its arguments. */
    private static final String JAVA = """
        #!/bin/sh
        for word in "$@"; do
          case $word in
            -XX:AOTCacheOutput=*)
              echo archive >>"$(dirname "$0")/../calls"
              [ -e "$(dirname "$0")/../fails" ] && { : >"${word#*=}.config"; exit 1; }
              echo classes >"${word#*=}"
              exit 0 ;;
          esac
        done
        printf '%s\\n' "$@"
        """;

    /** Writes down whether it is given files, which are sources. */
    private static final String CKSUM = """
        #!/bin/sh
        [ $# = 0 ] || echo read >>"$JAVA_HOME/calls"
        PATH=/usr/bin:/bin
        exec cksum "$@"
        """;

    private static final String MAVEN = """
        #!/bin/sh
        echo build >>"$JAVA_HOME/calls"
        mkdir -p infra/cli/target/program
        """;

    @TempDir
    private Path root;

    private Path jdk;

    @BeforeEach
    void aTreeAndAJdk() throws IOException {
        for (String file :
                List.of("basin", "cli/jdk", "cli/start", "cli/environment", "cli/jvm.options", "cli/reading.options")) {
            Path copy = root.resolve("infra").resolve(file);
            Files.createDirectories(Objects.requireNonNull(copy.getParent()));
            Files.copy(INFRA.resolve(file), copy);
        }
        for (String room : List.of("trainer", "flatness-probe", "evaluator", "aggregator")) {
            Files.createDirectories(root.resolve(room));
        }
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.createDirectories(root.resolve("infra/cli/src/main/java"));
        source("class A {}");
        jdk = jdk("25.0.1");
        program(root.resolve("bin/mvn"), MAVEN);
        program(root.resolve("bin/cksum"), CKSUM);
    }

    private Path jdk(String release) throws IOException {
        Path home = root.resolve("jdk-" + release);
        program(home.resolve("bin/java"), JAVA);
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + release + "\"\n");
        return home;
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void source(String text) throws IOException {
        Files.writeString(root.resolve("infra/cli/src/main/java/A.java"), text);
    }

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(root.resolve("infra/basin").toString()), Stream.of(arguments))
                        .toList());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("PATH", root.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().remove("BASIN_HEAP");
        return builder.redirectErrorStream(true).start();
    }

    private static List<String> ended(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    private List<String> basin(String... arguments) throws Exception {
        return ended(start(arguments));
    }

    /** Returns what was done, but for reading sources. */
    private List<String> calls() throws IOException {
        return all().stream().filter(call -> !call.equals("read")).toList();
    }

    private List<String> all() throws IOException {
        Path calls = jdk.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** Returns what the next command does first. */
    private List<String> next() throws Exception {
        int before = all().size();
        basin("status");
        return all().subList(before, all().size());
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("infra/cli/target/program"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("classes-"))
                    .toList();
        }
    }

    @Test
    void programAndArchiveAreMadeOnceForTheSameSourcesAndJdk() throws Exception {
        assertThat(basin("status", "a b"))
                .contains("-Xmx2g", "@" + root.resolve("infra/cli/jvm.options"))
                .contains("-XX:AOTCache=" + archives().getFirst())
                .contains("@" + root.resolve("infra/cli/reading.options"))
                .endsWith("basin.cli.Basin", "status", "a b");
        basin("status");
        assertThat(calls()).containsExactly("build", "archive");

        Path outdated = Files.createFile(root.resolve("infra/cli/target/program/library-1.jar"));
        source("class A { }");
        basin("help");
        assertThat(calls()).containsExactly("build", "archive", "build", "archive");
        assertThat(outdated).doesNotExist();

        jdk = jdk("26");
        assertThat(basin("help")).contains("-XX:AOTCache=" + archives().getFirst());
        assertThat(calls()).containsExactly("archive");
        assertThat(archives()).hasSize(1);
    }

    @Test
    void sourcesAreReadOnlyWhereOneMayHaveChanged() throws Exception {
        Path source = root.resolve("infra/cli/src/main/java/A.java");
        Path other = Files.copy(source, root.resolve("infra/cli/src/main/java/B.java"));
        assertThat(next()).contains("build");
        assertThat(next()).isEmpty();

        source("class A {}");
        assertThat(next()).as("the same text, written again").containsExactly("read");
        assertThat(next()).isEmpty();
        Files.writeString(root.resolve("infra/cli/src/notes"), "What is no source");
        Files.createDirectories(root.resolve("infra/docs"));
        Files.writeString(root.resolve("infra/docs/page.md"), "# Page\n");
        assertThat(next()).as("a folder that has something else now").containsExactly("read");
        assertThat(next()).isEmpty();

        Files.delete(other);
        assertThat(next()).as("a source that is gone").contains("read", "build");
        Files.writeString(root.resolve("pom.xml"), "<project></project>");
        assertThat(next()).as("another build").contains("read", "build");
        source("class C {}");
        Files.setLastModifiedTime(source, FileTime.fromMillis(0));
        assertThat(next()).as("a copy with its old time").contains("read", "build");
        assertThat(next()).isEmpty();
    }

    @Test
    void helpOfWhatComputesForLongNeedsNoneOfTheCompiler() throws Exception {
        assertThat(basin("run", "--help"))
                .anyMatch(word -> word.contains("reading.options"))
                .endsWith("basin.cli.Basin", "run", "--help");
    }

    @Test
    void whatComputesForLongHasAllOfTheCompiler() throws Exception {
        assertThat(basin("run", "quick"))
                .endsWith("basin.cli.Basin", "run", "quick")
                .noneMatch(word -> word.contains("reading.options"));
        assertThat(basin()).anyMatch(word -> word.contains("reading.options")).endsWith("basin.cli.Basin");
    }

    @Test
    void whereNoArchiveCanBeMadeTheProgramStartsWithoutAndDoesNotTryAgain() throws Exception {
        Files.writeString(jdk.resolve("fails"), "");
        assertThat(basin("status")).endsWith("basin.cli.Basin", "status").noneMatch(word -> word.contains("AOT"));
        assertThat(basin("status")).noneMatch(word -> word.contains("AOT"));
        assertThat(calls()).containsExactly("build", "archive");
        assertThat(archives())
                .singleElement()
                .satisfies(archive -> assertThat(archive).isEmptyFile());
    }

    @Test
    void manyAtOnceMakeItOnce() throws Exception {
        List<Process> processes = List.of(start("status"), start("help"), start("run"), start("pick"));
        for (Process process : processes) {
            assertThat(ended(process)).anyMatch(word -> word.startsWith("-XX:AOTCache="));
        }
        assertThat(calls()).containsExactly("build", "archive");
    }
}
