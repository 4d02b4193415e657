package basin.cli;

import basin.cli.command.BrokerCommand;
import basin.cli.command.ControlCommand;
import basin.cli.command.DeadLettersCommand;
import basin.cli.command.DoctorCommand;
import basin.cli.command.ExportCommand;
import basin.cli.command.ImportCommand;
import basin.cli.command.IngestCommand;
import basin.cli.command.PickCommand;
import basin.cli.command.PlanCommand;
import basin.cli.command.ProbeCommand;
import basin.cli.command.RankCommand;
import basin.cli.command.ReplayCommand;
import basin.cli.command.ReproduceCommand;
import basin.cli.command.ResultsCommand;
import basin.cli.command.RunCommand;
import basin.cli.command.StatusCommand;
import basin.cli.command.StudiesCommand;
import basin.cli.command.SubmitCommand;
import basin.cli.command.TopicsCommand;
import basin.cli.command.TraceCommand;
import basin.language.study.AbsentModelException;
import basin.study.Refusal;
import basin.study.Shutdown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The entry point of the command line {@code infra/basin}. */
@Command(
        name = "basin",
        description = "Of two language models with the same pre-training loss, which one transfers better, and does the"
                + " flatness of its minimum tell?",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            StudiesCommand.class,
            PlanCommand.class,
            BrokerCommand.class,
            TopicsCommand.class,
            SubmitCommand.class,
            StatusCommand.class,
            ControlCommand.Pause.class,
            ControlCommand.Resume.class,
            ControlCommand.Cancel.class,
            TraceCommand.class,
            DeadLettersCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            DoctorCommand.class,
            ReplayCommand.class,
            ResultsCommand.class,
            PickCommand.class,
            RankCommand.class,
            ProbeCommand.class,
            IngestCommand.class,
            ReproduceCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit status: 0 done; 1 doctor found something wrong, or a run is reproduced with differences; 2 refused,"
                + " with one sentence that says why; 3 the study ended incomplete; 70 a bug of Basin, with its stack"
                + " trace; 130 interrupted with Ctrl-C (SIGINT), 143 terminated (SIGTERM), 129 hung up (SIGHUP): the"
                + " same command on the same folder goes on."
        })
public final class Basin {
    /**
     * Exit status of a command that ended with a bug of Basin: EX_SOFTWARE of {@code sysexits.h}.
     */
    static final int BUG = 70;

    private Basin() {}

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments.length == 0 ? new String[] {"help"} : arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Basin())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((wrong, given) -> {
            wrong.getCommandLine()
                    .getErr()
                    .println("basin: " + sentence(String.valueOf(wrong.getMessage())) + " See infra/basin help.");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((failed, command, parsed) -> {
            if (Shutdown.hasBegun()) {
                // What the command used is closed. The status of the process is settled already.
                return CommandLine.ExitCode.SOFTWARE;
            }
            if (failed instanceof Refusal || failed instanceof AbsentModelException) {
                command.getErr().println("basin: " + sentence(String.valueOf(failed.getMessage())));
                return CommandLine.ExitCode.USAGE;
            }
            if (isOutside(failed)) {
                throw failed;
            }
            command.getErr().println("basin: This is a bug of Basin: " + sentence(failed.toString()));
            failed.printStackTrace(command.getErr());
            return BUG;
        });
        return line;
    }

    /** Returns whether the cause lies outside Basin: a broker, a file system or the user. */
    private static boolean isOutside(Exception failed) {
        return failed instanceof IOException
                || failed instanceof UncheckedIOException
                || failed instanceof KafkaException
                || failed instanceof TimeoutException
                || failed instanceof InterruptedException;
    }

    private static String sentence(String message) {
        String line = message.lines().findFirst().orElse("").strip();
        if (line.endsWith(" mistakes:")) {
            return message.strip(); // A list of mistakes, one on each line.
        }
        return line.endsWith(".") ? line : line + ".";
    }
}
