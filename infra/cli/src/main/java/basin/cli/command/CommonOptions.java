package basin.cli.command;

import basin.cli.broker.ConsoleLog;
import picocli.CommandLine.Option;

/** Options that every command has which does something. */
@OptionHeading(HelpOptions.HEADING)
final class CommonOptions extends HelpOptions {
    @Option(
            names = {"-q", "--quiet"},
            description = "Prints results and errors only, no progress and no remarks.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Also prints, on standard error, the log: each work item, and what Kafka writes.")
    private boolean verbose;

    boolean isQuiet() {
        return quiet;
    }

    /** Returns how much of the log goes to standard error; {@code --verbose} wins. */
    ConsoleLog.Detail detail() {
        return verbose ? ConsoleLog.Detail.VERBOSE : quiet ? ConsoleLog.Detail.QUIET : ConsoleLog.Detail.USUAL;
    }
}
