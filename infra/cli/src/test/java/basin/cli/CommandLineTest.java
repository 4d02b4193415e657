package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that commands refuse what they cannot do before they start anything, with status 2 and one
 * sentence that gives a remedy.
 */
class CommandLineTest {
    private static final Path TINY = Path.of("src/test/resources/tiny.yaml");

    @TempDir
    private Path folder;

    private Typed run(Path study, String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", study.toString(), "--exit-when-done"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--data")) {
            arguments.addAll(List.of("--data", folder.resolve("data").toString()));
        }
        return basin(arguments.toArray(String[]::new));
    }

    private static void refused(Typed said, String expected) {
        said.refused(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "width: 8, | widht: 8, | unknown field 'sizes[0].widht'",
                "width: 8, | width: -8, | sizes[0].width is -8: give a whole number from 1 to 8192",
                "heads: 2, | heads: 3, | sizes[0].heads is 3: give a number of heads that divides the width, 8",
                "steps: 120, | steps: -1, | training.steps is -1",
                "pairs: 40, | pairs: 12, | flatness[0].pairs is 12: give a whole number from 40",
                "batch: 16, | batch: 2, | flatness[0].batch is 2: with 40 pairs give at least 16",
                "device: cpu | device: cuda:99 | platform.device is 'cuda:99', which this machine does not have: give ",
                "device: cpu | device: gpu | platform.device is 'gpu': give auto, cpu, or cuda:0",
                "vocabularySize: 6, | vocabularySize: 7, | language.vocabularySize is 7: give a multiple of"
                        + " language.symbols, 3",
                "length: 0, | length: 9, | tasks[0].length is 9 in task 'root': give at most 4, or 0",
                "start: 0, | start: 4, | tasks[0].start is 4 in task 'root': give a position from 0 to 3",
                "label: ancestor | label: state | tasks[0].label is 'state' in task 'root': give inside or ancestor,"
                        + " for that is",
                "label: ancestor | label: ancestor, shift: {kind: reversed, rules: 99, seed: 1} | tasks.shift in task"
                        + " 'root'",
                "seed: 1} | seed: 1, length: 4} | unknown field 'language.length'",
                "kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, | kind: teacher, weights:"
                        + " 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, tokens: 4, minLength: 4,"
                        + " maxLength: 4, temperature: 1, | no folder with such a model is known here; list it, or the"
                        + " folder above it, in BASIN_MODELS",
            })
    void aStudyThatCannotBe(String was, String becomes, String expected) throws IOException {
        Path study = folder.resolve("study.yaml");
        String text = Files.readString(TINY);
        assertThat(text).contains(was);
        Files.writeString(study, text.replaceFirst(Pattern.quote(was), becomes));
        refused(run(study), expected);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void anImpossibleGrammar() throws IOException {
        Files.writeString(folder.resolve("grammar.json"), """
            {"start": "S", "maxLength": 4, "nonTerminals": ["S"], "words": ["a"], "rules": [
              {"from": "S", "to": ["S", "S"], "probability": 0.7}, {"from": "S", "to": ["a"], "probability": 0.3}]}
            """);
        Path study = folder.resolve("study.yaml");
        Files.writeString(
                study,
                Files.readString(TINY)
                        .replaceFirst("(?m)^language: .*$", "language: {kind: grammar, file: grammar.json}"));
        refused(run(study), "the grammar is improper");
    }

    @Test
    void aStudyThatIsNotThere() {
        refused(basin("run", "no-such-study"), "There is no study 'no-such-study'");
        refused(run(folder), "is a folder");
    }

    @Test
    void anOccupiedPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            refused(run(TINY, "--port", port), "Port " + port + " on 127.0.0.1 is taken");
        }
        refused(run(TINY, "--port", "70000"), "--port is 70000");
        refused(run(TINY, "--slots", "0", "--port", "0"), "--slots is 0");
    }

    @Test
    void aFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        Path below = file.resolve("data");
        refused(run(TINY, "--port", "0", "--data", below.toString()), "--data " + below + " cannot be written to");
        refused(run(TINY, "--port", "0", "--out", below.toString()), "--out " + below + " cannot be written to");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "rnu ; There is no command 'rnu' (did you mean 'run'?). See infra/basin --help.",
                "Run quick ; There is no command 'Run' (did you mean 'run'?). See infra/basin --help.",
                "statsu --data x ; There is no command 'statsu' (did you mean 'status'?). See infra/basin --help.",
                "frobnicate ; There is no command 'frobnicate'. See infra/basin --help.",
                "help statsu ; There is no command 'statsu' (did you mean 'status'?). See infra/basin --help.",
                "dead-letters lst ; There is no command 'lst' (did you mean 'list'?). See infra/basin dead-letters"
                        + " --help.",
                "dead-letters ; Say what to do with dead letters: list, show or redrive. See infra/basin dead-letters"
                        + " --help.",
                "--data x run ; infra/basin has no option '--data'. See infra/basin --help.",
                "run --dat x ; infra/basin run has no option '--dat' (did you mean '--data'?). See infra/basin run"
                        + " --help.",
                "run --dat=x ; infra/basin run has no option '--dat' (did you mean '--data'?). See infra/basin run"
                        + " --help.",
                "plan --frobnicate ; infra/basin plan has no option '--frobnicate'. See infra/basin plan --help.",
                "run -z ; infra/basin run has no option '-z'. See infra/basin run --help.",
                "run a b ; 'b' is one argument too many for infra/basin run. See infra/basin run --help.",
                "plan ; infra/basin plan needs STUDY|FILE. See infra/basin plan --help.",
                "export --study x ; infra/basin export needs --out FILE|DIR. See infra/basin export --help.",
                "run --port ; --port has no value: give a whole number. See infra/basin run --help.",
                "run --port 18080x ; --port is '18080x': give a whole number. See infra/basin run --help.",
                "run --port 1.5 ; --port is '1.5': give a whole number. See infra/basin run --help.",
                "run --port 99999999999 ; --port is '99999999999': give a smaller number. See infra/basin run --help.",
                "run --slots two ; --slots is 'two': give a whole number. See infra/basin run --help.",
                "run --port 1 --port 2 ; --port is given twice: leave one out. See infra/basin run --help.",
                "run --exit-when-done=yes ; --exit-when-done is 'yes': leave the value out. See infra/basin run"
                        + " --help.",
                "probe d --seed x ; --seed is 'x': give a whole number. See infra/basin probe --help.",
                "probe d --radius far ; --radius is 'far': give a number. See infra/basin probe --help.",
                "probe d --at-most soon ; --at-most is 'soon': give a time such as 30s, 5min or 1h. See infra/basin"
                        + " probe --help.",
                "status --wait 5days ; --wait is '5days': give a time such as 30s, 5min or 1h. See infra/basin status"
                        + " --help.",
                "results --part most --out x ; --part is 'most': give one of all, summary, arms. See infra/basin"
                        + " results --help.",
                "completion fish ; SHELL is 'fish': give one of bash, zsh. See infra/basin completion --help.",
            })
    void whatIsMistypedNamesTheFix(String typed, String expected) {
        Typed said = basin(typed.split(" "));
        assertThat(said.error()).isEqualTo("basin: " + expected.strip() + System.lineSeparator());
        assertThat(said.out()).isEmpty();
        assertThat(said.status()).isEqualTo(2);
    }

    @Test
    void aStudyThatIsMisspelt() {
        refused(basin("run", "quik"), "There is no study 'quik' (did you mean 'quick'?): name one of ");
        refused(basin("plan", "smal"), "There is no study 'smal' (did you mean 'small'?): name one of ");
    }

    @Test
    void aPathThatNoFileCanHave() {
        refused(basin("run", "--data", "a\0b"), "--data is 'a\0b': give DIR. See infra/basin run --help.");
    }
}
