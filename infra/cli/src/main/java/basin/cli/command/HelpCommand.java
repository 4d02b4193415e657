package basin.cli.command;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Shows the help of the program or of a command. */
@Command(
        name = "help",
        helpCommand = true,
        header = "Shows the help of a command.",
        footer = {"  ${ROOT-COMMAND-NAME} help run", "    Shows what run does, and its options."})
public final class HelpCommand extends PrintingCommand {
    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "A command, such as run or dead-letters list; default: the program itself.")
    private List<String> words = List.of();

    @Spec
    private CommandSpec help;

    @Override
    int run(PrintWriter out) {
        CommandLine line = help.parent().commandLine();
        for (int i = 0; i < words.size(); i++) {
            CommandLine next = line.getSubcommands().get(words.get(i));
            if (next == null) {
                throw new UnmatchedArgumentException(line, words.subList(i, words.size()));
            }
            line = next;
        }
        line.usage(out);
        return 0;
    }
}
