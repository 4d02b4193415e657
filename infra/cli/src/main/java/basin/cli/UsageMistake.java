package basin.cli;

import basin.study.file.NearestName;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The mistake in a command that was typed, in one sentence that names the fix. */
final class UsageMistake {
    private UsageMistake() {}

    /**
     * Returns the sentence, without its full stop.
     *
     * @param typed the words that were typed after the program's name
     */
    static String sentence(ParameterException wrong, List<String> typed) {
        CommandLine line = wrong.getCommandLine();
        List<String> unknown = wrong instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched()
                : line.getUnmatchedArguments();
        if (!unknown.isEmpty()) {
            // A misspelt option is also why the parser misses one.
            return unknown(line, unknown.getFirst());
        }
        return switch (wrong) {
            case MissingParameterException missing -> missing(line, missing.getMissing(), typed);
            case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice: leave one out";
            default ->
                wrong.getArgSpec() == null || wrong.getValue() == null
                        ? String.valueOf(wrong.getMessage()).replaceFirst("\\.$", "")
                        : name(wrong.getArgSpec()) + " is '" + wrong.getValue() + "': "
                                + wanted(wrong.getArgSpec(), wrong.getValue());
        };
    }

    private static String unknown(CommandLine line, String word) {
        String command = line.getCommandSpec().qualifiedName();
        if (word.startsWith("-") && word.length() > 1) {
            String name = word.split("=", 2)[0];
            Collection<String> known = line.getCommandSpec().options().stream()
                    .flatMap(option -> Arrays.stream(option.names()))
                    .filter(one -> one.startsWith("--") && name.startsWith("--"))
                    .toList();
            return command + " has no option '" + name + "'" + NearestName.question(name, known);
        }
        return line.getSubcommands().isEmpty()
                ? "'" + word + "' is one argument too many for " + command
                : "There is no command '" + word + "'"
                        + NearestName.question(word, line.getSubcommands().keySet());
    }

    private static String missing(CommandLine line, List<ArgSpec> missing, List<String> typed) {
        ArgSpec first = missing.getFirst();
        if (first instanceof OptionSpec option && Stream.of(option.names()).anyMatch(typed::contains)) {
            return name(first) + " has no value: " + wanted(first, "");
        }
        return line.getCommandSpec().qualifiedName() + " needs "
                + missing.stream()
                        .map(arg -> arg.isOption() ? name(arg) + " " + arg.paramLabel() : arg.paramLabel())
                        .collect(Collectors.joining(" and "));
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    /** Returns what a value has to be, as an imperative clause. */
    private static String wanted(ArgSpec arg, String value) {
        Class<?> type = arg.auxiliaryTypes().length == 1 && arg.auxiliaryTypes()[0] != arg.type()
                ? arg.auxiliaryTypes()[0]
                : arg.type();
        if (type.isEnum()) {
            return "give one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return value.matches("[+-]?\\d+") ? "give a smaller number" : "give a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "give a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "leave the value out";
        }
        if (type == Duration.class) {
            return "give a time such as 30s, 5min or 1h";
        }
        return "give " + arg.paramLabel();
    }
}
