package basin.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** A command that is parsed and not executed. */
public final class ParsedCommand {
    /** Parses one command after another, because making it takes longer than parsing. */
    private static final CommandLine LINE = Basin.commandLine();

    private ParsedCommand() {}

    /**
     * Returns what the command line has against a command.
     *
     * @param arguments what follows {@code infra/basin}
     * @param complete whether required options and parameters must be there
     */
    public static synchronized Optional<String> mistake(List<String> arguments, boolean complete) {
        try {
            LINE.parseArgs(arguments.toArray(String[]::new));
            return Optional.empty();
        } catch (MissingParameterException missing) {
            return complete ? Optional.ofNullable(missing.getMessage()) : Optional.empty();
        } catch (ParameterException wrong) {
            return Optional.ofNullable(wrong.getMessage());
        }
    }
}
