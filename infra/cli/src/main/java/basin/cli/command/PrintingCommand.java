package basin.cli.command;

import basin.cli.broker.ConsoleLog;
import basin.study.Shutdown;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that prints lines to the terminal. */
abstract class PrintingCommand implements Callable<Integer> {
    /** Exit status of a command that ends before everything is done. */
    static final int INCOMPLETE = 3;
    /** Exit status of a command that the user interrupted. */
    static final int INTERRUPTED = 130;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Spec
    private CommandSpec command;

    private final AtomicReference<String> farewell = new AtomicReference<>("Interrupted.");

    @Override
    public final Integer call() throws Exception {
        ConsoleLog.show(common.detail());
        PrintWriter out = command.commandLine().getOut();
        try (Shutdown.Step _ = Shutdown.step(this::sayFarewell)) {
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

    /**
     * Returns where progress and remarks go, which are no results: standard error, or nowhere with
     * {@code --quiet}.
     */
    final PrintWriter notes() {
        return common.isQuiet()
                ? new PrintWriter(Writer.nullWriter())
                : command.commandLine().getErr();
    }

    /** Returns where remarks on a result go: beside it, or to {@link #notes()} if that is JSON. */
    final PrintWriter remarks(PrintWriter out, JsonOption json) {
        return json.isGiven() ? notes() : out;
    }

    /** Returns where a command says what is no result: among its results, or nowhere. */
    final Terminal remarks(Terminal results) {
        return common.isQuiet() ? Terminal.nowhere() : results;
    }

    /** Returns standard error, for what is worth reading also with {@code --quiet}. */
    final PrintWriter warnings() {
        return command.commandLine().getErr();
    }

    /**
     * Sets what is said if the user interrupts the command from now on.
     *
     * @param sentence one sentence; empty for nothing
     */
    final void onInterrupt(String sentence) {
        farewell.set(sentence);
    }

    private void sayFarewell() {
        String sentence = farewell.getAndSet("");
        if (!sentence.isEmpty()) {
            warnings().println(sentence);
            warnings().flush();
        }
    }
}
