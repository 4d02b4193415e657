package basin.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that prints lines to the terminal. */
abstract class PrintingCommand implements Callable<Integer> {
    /** Exit status of a command that ends before everything is done. */
    static final int INCOMPLETE = 3;
    /** Exit status of a command that the user interrupted. */
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
     * Executes the command.
     *
     * @param out the terminal; flushes after every line and at the end
     * @return the exit status
     */
    abstract int run(PrintWriter out) throws Exception;
}
