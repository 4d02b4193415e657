package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import basin.it.StudyText;
import basin.study.file.IngestFile;
import basin.study.file.QuestionFile;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that every YAML block of every document can be read as the file that it shows. */
class DocumentedStudiesTest {
    private static final int SHORT_STUDY_LINES = 10;

    @TempDir
    private Path folder;

    @Test
    void everyYamlBlockCanBeRead() throws Exception {
        List<String> wrong = new ArrayList<>();
        int read = 0;
        for (Page page : Page.all()) {
            Path scratch = Files.createDirectories(folder.resolve(page.path()));
            for (Page.Block block : page.blocks()) {
                if (block.is("file")) {
                    Steps.write(scratch, block);
                }
            }
            for (Page.Block block : page.blocks()) {
                String where = page.path() + ":" + block.line() + ": ";
                if (!block.language().equals("yaml") || block.is("fragment")) {
                    continue;
                }
                if (!block.is("file")) {
                    wrong.add(where + "a YAML block without the name of its file");
                    continue;
                }
                Path file = Steps.file(scratch, block);
                Path make = file.resolveSibling("make.py");
                if (Files.exists(make) && !Steps.python(make)) {
                    continue;
                }
                try {
                    read(file, block);
                    read++;
                } catch (RuntimeException refused) {
                    wrong.add(where + refused.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(read).isGreaterThan(4);
    }

    private static void read(Path file, Page.Block block) throws IOException {
        String first = block.lines().getFirst();
        if (first.startsWith("name:")) {
            StudyFile.read(file);
        } else if (first.startsWith("study:")) {
            IngestFile.read(file);
        } else {
            QuestionFile.read(Optional.of(file));
        }
    }

    private static Page.Block firstStudy(String page) {
        return Page.of(page).blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theStudyOfTheReadmeIsShort() {
        assertThat(Page.of("README.md").blocks())
                .filteredOn(block -> block.language().equals("yaml"))
                .singleElement()
                .satisfies(block -> assertThat(block.lines()).hasSizeLessThanOrEqualTo(SHORT_STUDY_LINES));
    }

    /** {@code FirstStudyTest} runs the latter. */
    @Test
    void theStudyOfTheReadmeIsTheFirstOfTheReference() {
        String readme =
                new StudyText(firstStudy("README.md").text()).named("first").text();
        assertThat(StudyFile.parse(readme, "README.md"))
                .isEqualTo(
                        StudyFile.parse(firstStudy("infra/docs/study-files.md").text(), "study-files.md"));
    }
}
