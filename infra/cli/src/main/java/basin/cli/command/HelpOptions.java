package basin.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options that the program and every command have. */
@Command(versionProvider = Versions.class)
@OptionHeading(HelpOptions.HEADING)
@SuppressWarnings("UnusedVariable") // The parser reads them.
public class HelpOptions {
    static final String HEADING = "Every command takes";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Prints the versions of the program and of what it runs on.")
    private boolean version;
}
