package basin.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that prints lines to the terminal. */
abstract class PrintingCommand implements Callable<Integer> {
    /** Status of a command that ends before everything is done. */
    static final int INCOMPLETE = 3;
    /** Status of a command that the user ended. */
    static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec command;

    @Override
    public final Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        try {
            return run(out);
        } finally {
            out.flush();
        }
    }

    /**
     * Does what the command is for.
     *
     * @param out the terminal; flushes after every line and at the end
     * @return the exit status
     */
    abstract int run(PrintWriter out) throws Exception;
}
