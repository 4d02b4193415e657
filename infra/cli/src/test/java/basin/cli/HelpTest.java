package basin.cli;

import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tests the help and the version of the program and of every command. */
class HelpTest {
    private static final String PROGRAM = "infra/basin";

    private static final CommandLine LINE = Basin.commandLine();

    /** Options that stand for the same thing, a place for what is written, in several forms. */
    private static final Set<String> SEVERAL_FORMS = Set.of("--out");

    /** Returns the words of every command, with those of the program itself. */
    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        below(List.of(), LINE, all);
        return all.stream();
    }

    private static void below(List<String> words, CommandLine line, List<List<String>> all) {
        all.add(words);
        line.getSubcommands()
                .forEach((name, command) ->
                        below(Stream.concat(words.stream(), Stream.of(name)).toList(), command, all));
    }

    private static CommandSpec spec(List<String> words) {
        CommandLine line = LINE;
        for (String word : words) {
            line = Objects.requireNonNull(line.getSubcommands().get(word));
        }
        return line.getCommandSpec();
    }

    private static Typed with(List<String> words, String option) {
        return basin(Stream.concat(words.stream(), Stream.of(option)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(List<String> words) {
        Typed help = with(words, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.error()).isEmpty();
        assertThat(help.out())
                .contains(String.join(
                        " ",
                        Stream.concat(Stream.of("Usage:", PROGRAM), words.stream())
                                .toList()))
                .contains("--help", "--version", "Example:")
                .doesNotContain("\u001b");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(HelpLayout.WIDTH));
        assertThat(with(words, "-h")).isEqualTo(help);
        assertThat(basin(Stream.concat(Stream.of("help"), words.stream()).toArray(String[]::new)))
                .isEqualTo(help);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyExampleIsACommand(List<String> words) {
        List<String> examples = Arrays.stream(spec(words).usageMessage().footer())
                .filter(line -> line.startsWith("  " + PROGRAM + " "))
                .map(line -> line.replace("%%", "%").strip())
                .toList();
        assertThat(examples).isNotEmpty().allSatisfy(example -> {
            String[] typed = example.substring(PROGRAM.length() + 1).split(" ");
            assertThat(String.join(" ", typed)).contains(words.isEmpty() ? "run" : words.getLast());
            assertThatCode(() -> LINE.parseArgs(typed)).doesNotThrowAnyException();
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionSaysWhatItDoes(List<String> words) {
        CommandSpec spec = spec(words);
        assertThat(spec.usageMessage().header()).hasSize(1);
        assertThat(Stream.concat(spec.options().stream(), spec.positionalParameters().stream()))
                .allSatisfy(argument -> assertThat(String.join(" ", argument.description()))
                        .as(argument.toString())
                        .matches("[A-Z].*\\.|cpu, .*\\.|bash or zsh\\."));
        if (!words.isEmpty()) {
            assertThat(spec.options().stream().flatMap(option -> Stream.of(option.names())))
                    .contains("-h", "--help", "-V", "--version");
        }
        if (spec.subcommands().isEmpty()) {
            assertThat(spec.options().stream().flatMap(option -> Stream.of(option.names())))
                    .contains("-q", "--quiet", "-v", "--verbose");
        }
    }

    /** An option means the same, and takes the same, in every command that has it. */
    @Test
    void oneNameIsOneThing() {
        Map<String, Set<String>> forms = new HashMap<>();
        commands()
                .flatMap(words -> spec(words).options().stream())
                .forEach(option -> forms.computeIfAbsent(option.longestName(), _ -> new TreeSet<>())
                        .add(form(option)));
        forms.keySet().removeAll(SEVERAL_FORMS);
        assertThat(forms)
                .hasSizeGreaterThan(30)
                .allSatisfy((_, own) -> assertThat(own).hasSize(1));
    }

    private static String form(OptionSpec option) {
        Class<?>[] types = option.auxiliaryTypes();
        return option.paramLabel() + " " + (types.length == 0 ? option.type() : types[0]);
    }

    @Test
    void commandsAreListedOnceByPurpose() {
        List<String> lines = basin("help").lines();
        assertThat(lines)
                .containsSubsequence(
                        "Try it:",
                        "Your own models:",
                        "Read results:",
                        "Reproduce and share:",
                        "Operate a pipeline:",
                        "This program:",
                        "Exit status:",
                        "Example:");
        assertThat(LINE.getSubcommands().keySet())
                .allSatisfy(command -> assertThat(lines)
                        .filteredOn(line -> line.matches("  " + command + " +[A-Z].*"))
                        .hasSize(1));
    }

    @Test
    void theVersionIsThatOfTheProgramWhicheverCommandSaysIt() {
        Typed version = basin("version");
        for (List<String> words :
                List.of(List.<String>of(), List.of("run"), List.of("export"), List.of("dead-letters"))) {
            Typed own = with(words, "--version");
            assertThat(own.status()).isZero();
            assertThat(own.error()).isEmpty();
            assertThat(own.lines()).isEqualTo(version.lines());
        }
    }

    @Test
    void theVersionNamesWhatAPaperCites() {
        assertThat(basin("version").lines())
                .satisfiesExactly(
                        basin -> assertThat(basin).matches("basin \\S+"),
                        commit -> assertThat(commit).matches("commit ([0-9a-f]{12}(-dirty)?|unknown)"),
                        jdk -> assertThat(jdk).startsWith("jdk " + System.getProperty("java.vm.version")),
                        libtorch -> assertThat(libtorch).matches("libtorch \\d+\\.\\d+.*"),
                        djl -> assertThat(djl).matches("djl \\d+\\.\\d+.*"),
                        kafka -> assertThat(kafka).matches("kafka [4-9]\\.\\d+\\.\\d+"),
                        system -> assertThat(system).startsWith("system " + System.getProperty("os.name")));
    }
}
