package basin.it.documents;

import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.ParsedCommand;
import basin.study.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests that every {@code infra/basin} command in every document is accepted by the command line.
 * Words in capitals are placeholders. Commands in blocks must be complete; commands in sentences
 * may lack required options.
 */
class DocumentedCommandsTest {
    private static final String PROGRAM = "infra/basin";
    private static final Pattern COMMAND = Pattern.compile("(?<![\\w/.])infra/basin(?: [^\n|;&>`)]*)?");
    private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z]+");
    private static final String ANY = "1";

    @Test
    void everyCommandIsAccepted() throws IOException {
        List<String> wrong = new ArrayList<>();
        int commands = 0;
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks()) {
                if (block.language().equals("sh")) {
                    for (int at = 0; at < block.lines().size(); at++) {
                        for (String command : commands(block.lines().get(at).replaceFirst("(^| )#.*", ""))) {
                            commands++;
                            mistake(command, true)
                                    .map(page.path().concat(":" + (block.line() + at) + ": " + command + ": ")::concat)
                                    .ifPresent(wrong::add);
                        }
                    }
                }
            }
            for (Page.Link code : page.inlineCode()) {
                for (String command : commands(code.target())) {
                    commands++;
                    mistake(command, false)
                            .map(page.path().concat(":" + code.line() + ": " + command + ": ")::concat)
                            .ifPresent(wrong::add);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(commands).isGreaterThan(50);
    }

    /** An installed program has another name, which {@link Program#NAME} gives. */
    @Test
    void noSentenceOfTheProgramHasItsNameWrittenOut() throws IOException {
        List<String> written = new ArrayList<>();
        for (Path file : Page.under("")) {
            String path = Page.ROOT.relativize(file).toString().replace('\\', '/');
            if (path.contains("src/main/java/") || path.startsWith("aggregator/src/main/resources/page/")) {
                String text = Files.readString(file);
                Stream<String> texts = path.endsWith(".java")
                        ? WordList.ofJava(text).stream().map(WordList.Passage::text)
                        : Stream.of(text);
                texts.filter(one -> one.contains(PROGRAM))
                        .map(one -> path + ": " + one)
                        .forEach(written::add);
            }
        }
        assertThat(written).containsExactly("infra/study/src/main/java/basin/study/Program.java: " + PROGRAM);
    }

    private static List<String> commands(String text) {
        return COMMAND.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .toList();
    }

    private static Optional<String> mistake(String command, boolean complete) {
        List<String> words = Arrays.stream(command.substring(PROGRAM.length())
                        .replaceAll("[\\[\\]…\"']", "")
                        .strip()
                        .split(" +"))
                .map(word -> PLACEHOLDER.matcher(word).replaceAll(ANY))
                .filter(word -> !word.isEmpty())
                .toList();
        // "infra/basin …" stands for any command, and "infra/basin" alone for the program.
        boolean ofAnyCommand = words.isEmpty()
                || words.getFirst().startsWith("-")
                || words.getFirst().equals(ANY);
        return ofAnyCommand ? Optional.empty() : ParsedCommand.mistake(words, complete && !command.contains("…"));
    }
}
