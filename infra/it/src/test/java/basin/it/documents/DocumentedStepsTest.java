package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import basin.network.engine.NumericProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the steps of the README, the tutorial and the how-to guides as a reader would, from the
 * pages' own text and in their order, and compares the outputs that they show. On the numeric
 * profile that printed them, outputs must be identical; on another one, all but their numbers.
 *
 * <p>{@code -Dbasin.outputs=write} writes the outputs instead.
 */
class DocumentedStepsTest {
    private static final Page INDEX = Page.of("infra/docs/README.md");
    private static final Path PROFILE = Path.of("src/test/resources/documents/profile.txt");
    private static final String CONTINUES = "<!-- steps continue: ";

    @TempDir
    private Path folder;

    @Test
    void everyShellBlockRunsOrSaysWhyNot() {
        List<String> silent = new ArrayList<>();
        for (Page page : guides()) {
            for (Page.Block block : page.blocks()) {
                boolean reasoned = block.is("not run") && !block.value().isEmpty();
                if (block.language().equals("sh") && !block.is("run") && !reasoned) {
                    silent.add(page.path() + ":" + block.line());
                }
            }
        }
        assertThat(silent).isEmpty();
    }

    /** Its commands and its study are also tested in every build, but not in this way. */
    @Tag("long")
    @Test
    void theReadme() throws Exception {
        take(List.of(Page.of("README.md")), folder);
    }

    @Test
    void theTutorial() throws Exception {
        take(List.of(Page.of("infra/docs/tutorial.md")), folder);
    }

    @Tag("long")
    @TestFactory
    Stream<DynamicTest> theGuides() {
        Map<String, List<Page>> chains = new LinkedHashMap<>();
        for (Page page : guides()) {
            String first = page.lines().stream()
                    .filter(line -> line.startsWith(CONTINUES))
                    .map(line -> "infra/docs/" + line.substring(CONTINUES.length(), line.indexOf(" -->")))
                    .findFirst()
                    .orElse(page.path());
            chains.computeIfAbsent(first, _ -> new ArrayList<>()).add(page);
        }
        return chains.entrySet().stream()
                .filter(chain -> chain.getValue().stream()
                        .flatMap(page -> page.blocks().stream())
                        .anyMatch(block -> block.is("run")))
                .map(chain -> DynamicTest.dynamicTest(
                        chain.getKey(),
                        () -> take(chain.getValue(), Files.createDirectories(folder.resolve(chain.getKey())))));
    }

    /** Returns the pages that the index lists as tutorial and how-to guides. */
    private static List<Page> guides() {
        int end = INDEX.lines().indexOf("## Reference: look something up");
        assertThat(end).isPositive();
        return INDEX.links().stream()
                .filter(link -> link.line() < end)
                .map(link -> Page.of(INDEX.file().resolveSibling(link.target()).normalize()))
                .distinct()
                .toList();
    }

    private static void take(List<Page> pages, Path scratch) throws IOException, InterruptedException {
        Steps steps = Steps.in(scratch);
        for (Page page : pages) {
            Page now = steps.take(page);
            if (Outputs.writes()) {
                Outputs.write(now);
                Files.createDirectories(PROFILE.getParent());
                Files.writeString(PROFILE, NumericProfile.here() + "\n");
            } else if (Files.readString(PROFILE).strip().equals(NumericProfile.here())) {
                assertThat(now.lines()).as(page.path()).isEqualTo(page.lines());
            } else {
                assertThat(Outputs.masked(now)).as(page.path()).isEqualTo(Outputs.masked(page));
            }
        }
    }
}
