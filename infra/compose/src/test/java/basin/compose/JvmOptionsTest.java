package basin.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The options of the JVM stand in one file, and everything that starts a JVM for Basin reads it.
 */
class JvmOptionsTest {
    private static final String FILE = "infra/cli/jvm.options";
    private static final List<String> OPTIONS =
            Checkout.text(FILE).lines().filter(line -> !line.startsWith("#")).toList();
    private static final Set<String> NO_SOURCES = Set.of("target", ".git", ".basin", "docs");

    /** What starts a JVM, by the pattern of its commands. */
    private static final Map<String, String> STARTERS = Map.of(
            "infra/cli/start", "\\$java\" ",
            "infra/compose/dist", "bin/java\" ",
            "infra/it/bench/bench", "/bin/java\" ",
            "infra/compose/Dockerfile", "(?m)^ENTRYPOINT \\[\"java\"",
            "pom.xml", "<argLine>",
            "infra/it/src/test/java/basin/it/JavaCommand.java", "\"java\"");

    @Test
    void noOtherFileNamesOne() throws IOException {
        List<String> others = new ArrayList<>();
        // The keys alone, so that another value is found too.
        List<String> keys = OPTIONS.stream()
                .map(option -> option.replaceFirst("=[^=]*$", "").replaceFirst("^-XX:\\+", "-XX:[+-]"))
                .toList();
        assertThat(keys).hasSizeGreaterThan(5);
        Path root = Checkout.path("");
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NO_SOURCES.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = root.relativize(file).toString();
                // What is not text is read as Latin-1, which has a character for every byte.
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (!name.equals(FILE)
                        && keys.stream()
                                .anyMatch(key -> Pattern.compile("(?<!J)" + key.replace(".", "\\."))
                                        .matcher(text)
                                        .find())) {
                    others.add(name);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(others).isEmpty();
    }

    @Test
    void everythingThatStartsAJvmReadsIt() {
        STARTERS.forEach((file, starts) -> {
            List<String> commands = Pattern.compile(starts)
                    .splitAsStream(Checkout.text(file))
                    .skip(1)
                    .toList();
            assertThat(commands)
                    .as(file)
                    .isNotEmpty()
                    .allSatisfy(command -> assertThat(
                                    command.lines().limit(5).toList().toString())
                            .contains("jvm.options"));
        });
    }
}
