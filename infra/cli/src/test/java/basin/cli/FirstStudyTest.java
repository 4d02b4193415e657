package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.SampleSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the study with which the documentation of study files begins, from the page's own text. */
class FirstStudyTest {
    private static final Path PAGE = Path.of("../docs/study-files.md");

    /** Two of its six runs in every build, all of them in the profile {@code long}. */
    @Tag("sampled")
    @Test
    void theFirstStudyOfThePageIsShortAndRuns(@TempDir Path folder) throws IOException {
        Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        String yaml = block.group(1);
        assertThat(yaml.lines().count()).isLessThanOrEqualTo(10);
        Path file = Files.writeString(folder.resolve("first.yaml"), yaml);
        Typed.basin("plan", file.toString())
                .says("Study first: 6 runs (2 sizes × 1 algorithm × 3 learning rates × 1 seed)");
        if (!SampleSize.isWhole()) {
            String all = "learningRates: [0.01, 0.02, 0.04]";
            assertThat(yaml).contains(all);
            Files.writeString(file, yaml.replace(all, "learningRates: [0.01]"));
        }
        Typed _ = Typed.runToEnd(file, folder.resolve("record"), folder.resolve("out"));
        assertThat(folder.resolve("out").resolve("view.json")).isNotEmptyFile();
    }
}
