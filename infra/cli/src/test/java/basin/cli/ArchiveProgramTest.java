package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the program of the archive finds its folder however it is called, and what it starts
 * there, with a Java runtime that only writes down how it was called. {@code .ci/archive} tests the
 * archive itself.
 */
class ArchiveProgramTest {
    private static final Path INFRA = Path.of("..").toAbsolutePath().normalize();

    private static final String JAVA = """
        #!/bin/sh
        printf '%s\\n' "$@" "cache $DJL_CACHE_DIR" "flavor $PYTORCH_FLAVOR" "threads $OMP_NUM_THREADS"
        """;

    @TempDir
    private Path root;

    private Path home;

    @BeforeEach
    void anUnpackedArchive() throws IOException {
        home = unpacked("a place with spaces");
    }

    private Path unpacked(String name) throws IOException {
        Path folder = Files.createDirectories(root.resolve(name)).toRealPath();
        copy("compose/program/bin/basin", folder.resolve("bin/basin"));
        for (String file : List.of("start", "environment", "jvm.options", "reading.options")) {
            copy("cli/" + file, folder.resolve(file));
        }
        Path java = folder.resolve("runtime/bin/java");
        Files.createDirectories(Objects.requireNonNull(java.getParent()));
        Files.writeString(java, JAVA);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(folder.resolve("lib"));
        for (String jar : List.of("b.jar", "B.jar", "a-1.jar")) {
            Files.createFile(folder.resolve("lib").resolve(jar));
        }
        return folder;
    }

    private static void copy(String file, Path to) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Files.copy(INFRA.resolve(file), to);
    }

    /** Calls a program in a folder, with nothing in the environment but where {@code sh} is. */
    private static List<String> call(int status, Path folder, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder + ":/usr/bin:/bin");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isEqualTo(status);
        return said.lines().toList();
    }

    @Test
    void itsOwnJavaIsStartedWithItsOwnFiles() throws Exception {
        assertThat(call(0, root, home + "/bin/basin", "run", "a b"))
                .containsExactly(
                        "-Xmx2g",
                        "@" + home.resolve("jvm.options"),
                        "-Dbasin.home=" + home,
                        "-Dbasin.command=bin/basin",
                        "-cp",
                        Stream.of("B.jar", "a-1.jar", "b.jar")
                                .map(jar -> home.resolve("lib").resolve(jar).toString())
                                .collect(Collectors.joining(":")),
                        "basin.cli.Basin",
                        "run",
                        "a b",
                        "cache " + home.resolve("natives"),
                        "flavor cpu",
                        "threads 1");
        assertThat(call(0, root, home + "/bin/basin"))
                .contains("@" + home.resolve("reading.options"), "basin.cli.Basin")
                .noneMatch(word -> word.contains("AOT"));
        Files.writeString(home.resolve("classes.aot"), "classes");
        assertThat(call(0, root, home + "/bin/basin", "status"))
                .contains("-XX:AOTCache=" + home.resolve("classes.aot"));
    }

    @Test
    void fromAnyFolderAndThroughLinks() throws Exception {
        List<String> expected = call(0, root, home + "/bin/basin", "status");
        assertThat(call(0, home, "bin/basin", "status")).isEqualTo(expected);
        assertThat(call(0, home.resolve("bin"), "./basin", "status")).isEqualTo(expected);
        assertThat(call(0, home.resolve("lib"), "sh", "../bin/basin", "status")).isEqualTo(expected);

        Path links = Files.createDirectories(root.resolve("links"));
        Files.createSymbolicLink(links.resolve("basin"), home.resolve("bin/basin"));
        assertThat(call(0, links, "sh", "-c", "basin status"))
                .as("found on the path")
                .isEqualTo(expected);
        Files.createSymbolicLink(links.resolve("relative"), Path.of("basin"));
        assertThat(call(0, root, "links/relative", "status")).isEqualTo(expected);
        Files.createSymbolicLink(links.resolve("bin"), home.resolve("bin"));
        assertThat(call(0, root, "links/bin/basin", "status"))
                .as("a link to the folder of the program, whose parent is another")
                .isEqualTo(expected);
    }

    @Test
    void aFolderThatCannotBeInAClassPathIsRefused() throws Exception {
        Path colon = unpacked("at:12");
        assertThat(call(2, root, colon + "/bin/basin", "status"))
                .singleElement()
                .asString()
                .startsWith("basin: ")
                .contains(colon.toString(), "colon", "rename");
    }
}
