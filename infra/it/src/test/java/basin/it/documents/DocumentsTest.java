package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.Ids;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests the form of all documents: links, anchors, sizes, the index and excerpts. */
class DocumentsTest {
    private static final int README_LINES = 200;
    private static final int README_BYTES = 16 * 1024;
    private static final int DOCUMENT_LINES = 400;
    private static final String INDEX = "infra/docs/README.md";
    private static final String EXCERPT = "<!-- excerpt: ";
    private static final String END = "<!-- end of excerpt -->";

    /** Marker words that a block of any page may have. */
    private static final Set<String> MARKERS = Set.of("run", "not run", "file", "fragment", "output");

    @Test
    void everyLinkAndAnchorExists() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Page page : Page.all()) {
            for (Page.Link link : page.links()) {
                broken.addAll(fault(page, link));
            }
        }
        assertThat(broken).isEmpty();
    }

    private static List<String> fault(Page page, Page.Link link) {
        String where = page.path() + ":" + link.line() + ": ";
        if (link.target().startsWith("http:") || link.target().startsWith("https:")) {
            try {
                assertThat(URI.create(link.target()).getHost()).isNotNull();
                return List.of();
            } catch (IllegalArgumentException e) {
                return List.of(where + link.target() + " is not an address");
            }
        }
        String[] parts = link.target().split("#", 2);
        Path target = parts[0].isEmpty()
                ? page.file()
                : page.file().resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            return List.of(where + "there is no file " + link.target());
        }
        if (parts.length == 2 && !Page.of(target).anchors().contains(parts[1])) {
            return List.of(where + "there is no heading " + link.target());
        }
        return List.of();
    }

    @Test
    void documentsAreShort() throws IOException {
        Page readme = Page.of("README.md");
        assertThat(readme.lines()).as("lines of README.md").hasSizeLessThanOrEqualTo(README_LINES);
        assertThat(Files.size(readme.file())).as("bytes of README.md").isLessThanOrEqualTo(README_BYTES);
        assertThat(Page.all().stream()
                        .filter(page -> !page.isGenerated() && page.lines().size() > DOCUMENT_LINES)
                        .map(page -> page.path() + ": " + page.lines().size() + " lines"))
                .isEmpty();
    }

    /** Results take hours, so a page may be older than its study; it then says why. */
    @Test
    void everyPageOfResultsNamesItsCommitAndTheStudyAsItIsNow() throws IOException {
        List<Path> pages = Page.under("infra/docs/results");
        assertThat(pages).isNotEmpty();
        for (Path file : pages) {
            String study = String.valueOf(file.getFileName()).replace(".md", "");
            assertThat(Files.readString(file))
                    .as(study)
                    .containsPattern("Made on [0-9-]{10} by the program of commit `[0-9a-f]{8,}`")
                    .contains("`" + Ids.study(StudyFile.read(Page.ROOT.resolve("infra/studies/" + study + ".yaml")))
                            + "`");
        }
    }

    @Test
    void theIndexListsEveryDocument() throws IOException {
        Page index = Page.of(INDEX);
        Set<Path> listed = new HashSet<>();
        index.links()
                .forEach(link ->
                        listed.add(index.file().resolveSibling(link.target()).normalize()));
        assertThat(Page.all().stream()
                        .filter(page -> page.path().startsWith("infra/docs/")
                                && !page.path().equals(INDEX))
                        .filter(page -> !listed.contains(page.file())
                                && !listed.contains(page.file().getParent()))
                        .map(Page::path))
                .isEmpty();
    }

    @Test
    void excerptsAreLinesOfTheirSource() throws IOException {
        List<String> changed = new ArrayList<>();
        int excerpts = 0;
        for (Page page : Page.all()) {
            Set<String> source = Set.of();
            for (int at = 0; at < page.lines().size(); at++) {
                String line = page.lines().get(at);
                if (line.startsWith(EXCERPT)) {
                    String name = line.substring(EXCERPT.length(), line.indexOf(" -->"));
                    source = new HashSet<>(Page.of(name).lines());
                    excerpts++;
                } else if (line.equals(END)) {
                    source = Set.of();
                } else if (!source.isEmpty() && !line.isEmpty() && !source.contains(line)) {
                    changed.add(page.path() + ":" + (at + 1) + ": " + line);
                }
            }
            assertThat(source).as("end of the excerpt in " + page.path()).isEmpty();
        }
        assertThat(changed).isEmpty();
        assertThat(excerpts).isPositive();
    }

    @Test
    void markersAreKnown() throws IOException {
        List<String> unknown = new ArrayList<>();
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks()) {
                if (!block.marker().isEmpty() && MARKERS.stream().noneMatch(block::is)) {
                    unknown.add(page.path() + ":" + block.line() + ": " + block.marker());
                }
            }
        }
        assertThat(unknown).isEmpty();
    }
}
