package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests that texts for users have no phrase of {@code infra/checks/words.txt}: documents, strings
 * of main sources, the page, the dashboards, the studies and the schemas.
 */
class WordsTest {
    private static final Path LIST = Page.ROOT.resolve("infra/checks/words.txt");

    @Test
    void noTextHasAForbiddenPhrase() throws IOException {
        WordList words = WordList.of(Files.readString(LIST));
        List<String> faults = new ArrayList<>();
        int files = 0;
        for (Path file : Page.under("")) {
            String path = Page.ROOT.relativize(file).toString().replace('\\', '/');
            List<WordList.Passage> passages = passages(path, file);
            files += passages.isEmpty() ? 0 : 1;
            faults.addAll(words.faults(path, passages));
        }
        assertThat(faults).isEmpty();
        assertThat(files).isGreaterThan(300);
    }

    private static List<WordList.Passage> passages(String path, Path file) throws IOException {
        if (path.endsWith(".md")) {
            Page page = Page.of(file);
            return page.isGenerated() ? List.of() : WordList.ofPage(page);
        }
        if (path.endsWith(".java")) {
            return path.contains("src/main/java") ? WordList.ofJava(Files.readString(file)) : List.of();
        }
        boolean shown = path.matches("aggregator/src/main/resources/page/.*\\.(html|js)")
                || path.matches("dashboards/grafana/.*\\.(json|yaml)")
                || path.matches("infra/studies/.*\\.(json|yaml)")
                || path.matches("infra/(docs|record)/schemas/[^/]*\\.json");
        return shown ? List.of(new WordList.Passage(Files.readString(file), 1)) : List.of();
    }

    @Test
    void aPlantedPhraseIsFoundWithFileAndLine() throws IOException {
        WordList words = WordList.of(Files.readString(LIST));
        Page page = new Page(
                "infra/docs/planted.md",
                List.of("# Planted", "", "The same study is", "gone on with.", "```", "is gone on with", "```"));
        assertThat(words.faults(page.path(), WordList.ofPage(page)))
                .singleElement()
                .asString()
                .startsWith("infra/docs/planted.md:3: “is gone on with”: say “");
        String java = """
            class Planted {
                // "is gone on with" in a comment
                private static final String TEXT =
                        "The same study on the same folder is gone"
                                + " on with.";
            }
            """;
        assertThat(words.faults("Planted.java", WordList.ofJava(java)))
                .singleElement()
                .asString()
                .startsWith("Planted.java:4: “is gone on with”");
    }

    @Test
    void otherTextsAreLeftAlone() {
        WordList words = WordList.of("# a comment\ntells | shows\n");
        assertThat(words.faults("a", List.of(new WordList.Passage("foretells retells", 1))))
                .isEmpty();
        assertThat(words.faults("a", List.of(new WordList.Passage("x\nIt tells.", 1))))
                .hasSize(1);
        assertThat(WordList.ofJava("char c = '\"'; String s = \"a\\\"b\" + x + \"c\";"))
                .extracting(WordList.Passage::text)
                .containsExactly("a\\\"b", "c");
    }
}
