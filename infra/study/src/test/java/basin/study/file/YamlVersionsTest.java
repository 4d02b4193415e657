package basin.study.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** A study is the same after a reader and writer of YAML 1.1 has had it. */
class YamlVersionsTest {
    @TempDir
    private Path folder;

    private void isSame(Path study, String yaml) throws IOException {
        assertThat(StudyFile.draft(DefaultsTest.copy(yaml, folder))).isEqualTo(StudyFile.draft(study));
    }

    @ParameterizedTest
    @MethodSource("basin.study.file.DefaultsTest#studies")
    void snakeYamlChangesNothing(Path study) throws IOException {
        for (String yaml : new String[] {Files.readString(study), StudyFile.whole(study)}) {
            for (DumperOptions.FlowStyle style : DumperOptions.FlowStyle.values()) {
                DumperOptions options = new DumperOptions();
                options.setDefaultFlowStyle(style);
                isSame(study, new Yaml(options).dump(new Yaml().<Object>load(yaml)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("basin.study.file.DefaultsTest#studies")
    void pyYamlChangesNothing(Path study) throws Exception {
        for (String yaml : new String[] {Files.readString(study), StudyFile.whole(study)}) {
            Optional<String> dumped =
                    python("import sys, yaml\nprint(yaml.safe_dump(yaml.safe_load(sys.stdin.read())))", yaml);
            Assumptions.assumeTrue(dumped.isPresent(), "no Python with PyYAML");
            isSame(study, dumped.get());
        }
    }

    private static Optional<String> python(String program, String input) throws Exception {
        for (String name :
                new String[] {Optional.ofNullable(System.getenv("BASIN_PYTHON")).orElse("python3"), "python3"}) {
            Process python;
            try {
                python = new ProcessBuilder(name, "-c", program)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException absent) {
                continue;
            }
            try (var in = python.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // It ends at once where it has no PyYAML.
            }
            String out = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (python.waitFor(1, TimeUnit.MINUTES) && python.exitValue() == 0) {
                return Optional.of(out);
            }
        }
        return Optional.empty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"on", "no", "1e-3", "3e-4", "007", "0x1f", "1_000", "1:30", "2026-01-31", "null", "1.0", "~"})
    void whatIsWrittenHasQuotesWhereAReaderWouldTakeATextForSomethingElse(String name) throws IOException {
        Path file = Files.writeString(
                folder.resolve("it.yaml"), """
                    name: it
                    language: {kind: tree}
                    sizes: [{name: a, width: 16}]
                    learningRates: [1e-3, 1.5e-7, 2e+10]
                    seeds: [1]
                    tasks: [{name: '%s'}]
                    """.formatted(name.equals("~") || name.equals("1:30") ? "n" : name));
        String whole = StudyFile.whole(file);
        isSame(file, whole);
        isSame(file, new Yaml().dump(new Yaml().<Object>load(whole)));
        assertThat(whole).contains("1.5e-7", "2.0e+10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "y",
                "N",
                "1e-3",
                "1e5",
                ".5",
                "007",
                "08",
                "0o17",
                "0x1f",
                "1_000",
                "1:30",
                "2026-01-31",
                "null",
                "~",
                "",
                "- a",
                "a: b",
                "#a",
                "it's",
                "[a]"
            })
    void aTextThatAReaderMightTakeForSomethingElseIsInQuotes(String text) {
        assertThat(YamlText.scalar(text)).startsWith("it's".equals(text) ? "it" : "'");
        assertThat(new Yaml().<Object>load(YamlText.scalar(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "d16", "run-a", "lr-0.01-seed-1", "held-out.txt", "two words", "größer"})
    void anyOtherTextIsPlain(String text) {
        assertThat(YamlText.scalar(text)).isEqualTo(text);
        assertThat(new Yaml().<Object>load(text)).isEqualTo(text);
    }

    @Test
    void aKeyThatYaml11ReadsAsATruthValueIsNoFieldOfAnyFile() {
        for (Fields fields : new Fields[] {Fields.STUDY, Fields.QUESTION, Fields.MANIFEST}) {
            for (Fields.Field field : fields.all()) {
                String name = field.path().substring(field.path().lastIndexOf('.') + 1);
                assertThat(new Yaml().<Object>load(name)).isEqualTo(name);
                assertThat(name).matches("[a-z][a-zA-Z0-9]*");
            }
        }
    }
}
