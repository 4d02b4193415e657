package basin.cli.command;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script with which a shell completes commands, options and names of studies. */
@Command(
        name = "completion",
        header = "Prints a script that completes commands in your shell.",
        description = "Completes commands, options and the names of studies. Load it in ~/.bashrc or ~/.zshrc with:"
                + " source <(${ROOT-COMMAND-NAME} completion bash)",
        footer = {"  ${ROOT-COMMAND-NAME} completion bash", "    Prints the script for bash."})
public final class CompletionCommand extends PrintingCommand {
    /** The last part of the path of a program is what shells look a script up by. */
    private static final String PROGRAM = "basin";

    /** A shell. */
    enum Shell {
        /** GNU bash. */
        BASH,
        /** The Z shell, through its {@code bashcompinit}, which the script loads. */
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    @SuppressWarnings("UnusedVariable") // One script serves both.
    private Shell shell;

    @Spec
    private CommandSpec completion;

    @Override
    int run(PrintWriter out) {
        out.print(AutoComplete.bash(PROGRAM, completion.root().commandLine()));
        return 0;
    }
}
