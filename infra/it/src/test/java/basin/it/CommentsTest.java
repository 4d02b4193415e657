package basin.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests the form of comments: their width, and how Javadoc of main sources opens. */
class CommentsTest {
    private static final int COLUMNS = 100;
    private static final Path ROOT = Path.of(System.getProperty("basin.home")).resolveSibling("");
    private static final Set<String> SKIPPED = Set.of("target", "node_modules", ".git");

    /**
     * A noun phrase or a verb in the third person says what a thing is or does; a clause does not.
     */
    private static final Pattern CLAUSE = Pattern.compile(
            "/\\*\\*\\s*(?:\\*\\s*)?((?:What|How|Where|Who|Whether|When|Which|As|So|That|If|In words)\\b.*)");

    @Test
    void commentsAreAtMost100ColumnsWide() throws IOException {
        List<String> wide = new ArrayList<>();
        forEachSource((file, text) -> {
            boolean block = false;
            boolean comment = false;
            for (String line : text.split("\n", -1)) {
                if (line.split("\"\"\"", -1).length % 2 == 0) {
                    block = !block;
                }
                comment |= !block && line.strip().startsWith("/*");
                boolean ofComment = comment || (!block && line.strip().startsWith("//"));
                if (ofComment && line.length() > COLUMNS) {
                    wide.add(file + ": " + line.strip());
                }
                comment &= !line.contains("*/");
            }
        });
        assertThat(wide).isEmpty();
    }

    @Test
    void javadocOfMainSourcesOpensWithANounPhraseOrAVerb() throws IOException {
        List<String> clauses = new ArrayList<>();
        forEachSource((file, text) -> {
            if (file.toString().contains("src/main/java")) {
                CLAUSE.matcher(text)
                        .results()
                        .map(MatchResult::group)
                        .forEach(found -> clauses.add(file + ": " + found));
            }
        });
        assertThat(clauses).isEmpty();
    }

    private static void forEachSource(BiConsumer<Path, String> use) throws IOException {
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return SKIPPED.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (file.toString().endsWith(".java")) {
                    use.accept(ROOT.relativize(file), Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
