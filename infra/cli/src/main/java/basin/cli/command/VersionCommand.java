package basin.cli.command;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** Prints what a paper cites and a bug report needs. */
@Command(
        name = "version",
        header = "Prints the versions to cite in a paper or a bug report.",
        description = "One fact per line: the program, its commit, the JDK, libtorch, DJL, Kafka and the machine.",
        footer = {"  ${ROOT-COMMAND-NAME} version", "    Prints the same as --version with any command."})
public final class VersionCommand extends PrintingCommand {
    @Override
    int run(PrintWriter out) {
        Versions.lines().forEach(out::println);
        return 0;
    }
}
