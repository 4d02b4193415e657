package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import basin.it.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Assumptions;

/**
 * The steps of a page, in a scratch folder that stands for the repository. A comment in the line
 * before a block says what is done with it:
 *
 * <ul>
 *   <li>{@code file: NAME} writes it to a file; {@code file: NAME, only shown} does not;
 *   <li>{@code run} executes it, with a shell or with Python;
 *   <li>{@code run: NAME=VALUE NAME=VALUE} first replaces these words of the block;
 *   <li>{@code output: COMMAND} compares it with what the command prints;
 *   <li>{@code not run: REASON} leaves it out.
 * </ul>
 */
final class Steps {
    private static final long LIMIT_MINUTES = 10;
    private static final String SHOWN = ", only shown";

    private final Path scratch;

    /** What a process printed, and its exit status. */
    record Ended(int status, String out, String all) {}

    private Steps(Path scratch) {
        this.scratch = scratch;
    }

    /** Prepares a scratch folder with a launcher of this class path and the studies. */
    static Steps in(Path scratch) throws IOException {
        Path infra = Files.createDirectories(scratch.resolve("infra"));
        Files.createSymbolicLink(infra.resolve("studies"), Page.ROOT.resolve("infra/studies"));
        Path launcher = infra.resolve("basin");
        List<String> command = JavaCommand.shortLived("1g", List.of(), "basin.cli.Basin");
        // Tests run side by side, so a study's page takes any free port.
        Files.writeString(launcher, """
            #!/bin/sh
            case ${1:-} in run) set -- "$@" --port 0 ;; esac
            exec '%s' "$@"
            """.formatted(String.join("' '", command)));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return new Steps(scratch);
    }

    /** Returns the file that a block shows. */
    static Path file(Path scratch, Page.Block block) {
        return scratch.resolve(block.value().replace(SHOWN, ""));
    }

    /** Writes a block to its file. */
    static void write(Path scratch, Page.Block block) throws IOException {
        Path file = file(scratch, block);
        Files.createDirectories(file.getParent());
        Files.writeString(file, block.text());
    }

    /**
     * Runs a Python script in its folder.
     *
     * @return false where there is no Python, which CI does not accept
     */
    static boolean python(Path script) throws IOException, InterruptedException {
        try {
            Ended ended = ended(script.resolveSibling(""), List.of(python(), script.toString()));
            assertThat(ended.status()).as(ended.all()).isZero();
            return true;
        } catch (IOException noPython) {
            if (System.getenv("CI") != null) {
                throw noPython;
            }
            return false;
        }
    }

    private static String python() {
        return Optional.ofNullable(System.getenv("BASIN_PYTHON")).orElse("python3");
    }

    /** Takes all steps of a page, and returns the page with what its commands print now. */
    Page take(Page page) throws IOException, InterruptedException {
        Page now = page;
        for (Page.Block block : page.blocks()) {
            String where = page.path() + ":" + block.line();
            if (block.is("file") && !block.value().endsWith(SHOWN)) {
                write(scratch, block);
            } else if (block.is("run")) {
                Ended ended = run(block);
                assertThat(ended.status()).as("%s%n%s", where, ended.all()).isZero();
            } else if (Outputs.isMadeAgain(block)) {
                Ended ended = shell(block.value());
                assertThat(ended.status()).as("%s%n%s", where, ended.all()).isZero();
                now = Outputs.with(now, block, ended.out());
            }
        }
        return now;
    }

    private Ended run(Page.Block block) throws IOException, InterruptedException {
        String text = block.text();
        if (!block.value().isEmpty()) {
            for (String word : block.value().split(" (?=[\\w.]+=)")) {
                String[] parts = word.split("=", 2);
                text = text.replaceAll("(?<![\\w.-])" + parts[0] + "(?![\\w-])", Matcher.quoteReplacement(parts[1]));
            }
        }
        if (!block.language().equals("python")) {
            return shell(text);
        }
        Files.writeString(scratch.resolve("step.py"), text);
        Assumptions.assumeTrue(System.getenv("CI") != null || hasPython(), "NOT TESTED: python3 is not here");
        return ended(scratch, List.of(python(), "step.py"));
    }

    private Ended shell(String text) throws IOException, InterruptedException {
        if (text.contains("python3")) {
            Assumptions.assumeTrue(System.getenv("CI") != null || hasPython(), "NOT TESTED: python3 is not here");
        }
        return ended(scratch, List.of("sh", "-euc", text.replace("python3", python())));
    }

    private boolean hasPython() throws InterruptedException {
        try {
            return ended(scratch, List.of(python(), "-c", "")).status() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private static Ended ended(Path folder, List<String> command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("steps", ".err");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)).isTrue();
        String all = out + Files.readString(errors);
        Files.delete(errors);
        return new Ended(process.exitValue(), out, all);
    }
}
