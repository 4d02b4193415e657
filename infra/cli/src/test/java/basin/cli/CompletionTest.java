package basin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that real shells load the script and complete with it what a user has typed. */
class CompletionTest {
    @TempDir
    private Path folder;

    private List<String> shell(String shell, String program) throws Exception {
        Process process = new ProcessBuilder(shell, "-c", program)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    private Path script(String shell) throws IOException {
        Typed script = Typed.basin("completion", shell);
        assertThat(script.status()).as(script.error()).isZero();
        return Files.writeString(folder.resolve("script"), script.out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ru | run",
                "run --da | --data",
                "run --exit | --exit-when-done",
                "run qui | quick",
                "plan paper-h | paper-hmm",
                "dead-letters red | redrive",
                "results --part summ | summary",
                "completion z | zsh",
            })
    void bashCompletes(String typed, String completed) throws Exception {
        script("bash");
        String[] words = ("infra/basin " + typed).split(" ");
        List<String> offered = shell("bash", """
            source ./script
            function=$(complete -p basin | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d
            "$function" basin '%s' '%s' 2>/dev/null
            printf '%%s\\n' "${COMPREPLY[@]}"
            """.formatted(
                        String.join(" ", words),
                        words.length - 1,
                        String.join(" ", words),
                        String.join(" ", words).length(),
                        words[words.length - 1],
                        words[words.length - 2]));
        assertThat(offered.stream().map(String::strip)).containsExactly(completed);
    }

    @Test
    void bashOffersFilesWhereNothingElseFits() throws Exception {
        script("bash");
        assertThat(shell("bash", "source ./script; complete -p basin"))
                .singleElement()
                .asString()
                .contains("-o default");
    }

    @Test
    void zshLoadsIt() throws Exception {
        assumeTrue(
                new ProcessBuilder("sh", "-c", "command -v zsh").start().waitFor() == 0, "zsh is not on this machine");
        script("zsh");
        assertThat(shell(
                        "zsh",
                        "autoload -U +X compinit && compinit -u -D; source ./script; print -r -- $_comps[basin]"))
                .last()
                .asString()
                .contains("_complete_basin");
    }
}
