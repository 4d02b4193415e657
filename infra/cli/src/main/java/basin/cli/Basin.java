package basin.cli;

import basin.cli.command.BrokerCommand;
import basin.cli.command.CompletionCommand;
import basin.cli.command.ControlCommand;
import basin.cli.command.DeadLettersCommand;
import basin.cli.command.DoctorCommand;
import basin.cli.command.ExportCommand;
import basin.cli.command.HelpCommand;
import basin.cli.command.ImportCommand;
import basin.cli.command.IngestCommand;
import basin.cli.command.NewCommand;
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
import basin.cli.command.TimeConverter;
import basin.cli.command.TopicsCommand;
import basin.cli.command.TraceCommand;
import basin.cli.command.VersionCommand;
import basin.language.study.AbsentModelException;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.Shutdown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;

/** The entry point of the command line {@code infra/basin}. */
@Command(
        name = "basin",
        header = "Of two language models with the same pre-training loss, which one transfers better, and does"
                + " the flatness of its minimum predict it?",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:doctor found something wrong, or reproduce found a difference",
            "2:refused; one sentence says why",
            "3:the study ended incomplete, or ingest or probe refused some of the folders",
            "70:a bug of Basin, with its stack trace",
            "129, 130, 143:hung up, interrupted with Ctrl-C, terminated; the same command on the same folder resumes"
        },
        footer = {
            "  ${ROOT-COMMAND-NAME} run quick",
            "    Trains and compares small models in some minutes, and prints the answer."
        })
public final class Basin {
    /**
     * Exit status of a command that ended with a bug of Basin: EX_SOFTWARE of {@code sysexits.h}.
     */
    static final int BUG = 70;

    /** The commands by what they are for, in the order in which the help lists them. */
    private static final Map<String, List<Class<?>>> COMMANDS = commands();

    /** Commands that have to know all others. */
    private static final Set<Class<?>> ALL_KNOWING = Set.of(HelpCommand.class, CompletionCommand.class);

    private Basin() {}

    private static Map<String, List<Class<?>>> commands() {
        Map<String, List<Class<?>>> commands = new LinkedHashMap<>();
        commands.put("Try it", List.of(RunCommand.class, StudiesCommand.class, NewCommand.class, PlanCommand.class));
        commands.put("Your own models", List.of(ProbeCommand.class, IngestCommand.class));
        commands.put(
                "Read results",
                List.of(
                        StatusCommand.class,
                        ReplayCommand.class,
                        ResultsCommand.class,
                        RankCommand.class,
                        PickCommand.class));
        commands.put("Reproduce and share", List.of(ReproduceCommand.class, ExportCommand.class, ImportCommand.class));
        commands.put(
                "Operate a pipeline",
                List.of(
                        BrokerCommand.class,
                        TopicsCommand.class,
                        SubmitCommand.class,
                        ControlCommand.Pause.class,
                        ControlCommand.Resume.class,
                        ControlCommand.Cancel.class,
                        TraceCommand.class,
                        DeadLettersCommand.class,
                        DoctorCommand.class));
        commands.put("This program", List.of(HelpCommand.class, VersionCommand.class, CompletionCommand.class));
        return Collections.unmodifiableMap(commands);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        String[] typed = arguments.length == 0 ? new String[] {"help"} : arguments;
        System.exit(commandLine(typed[0]).execute(typed));
    }

    /** Returns the command line of all commands. */
    static CommandLine commandLine() {
        return commandLine(_ -> true);
    }

    /**
     * Returns the command line for a first word. If that is a command which need not know the
     * others, it is the only one, because most of the time that a short command takes would go into
     * theirs.
     */
    private static CommandLine commandLine(String first) {
        Optional<Class<?>> only = COMMANDS.values().stream()
                .<Class<?>>flatMap(List::stream)
                .filter(command -> name(command).equals(first) && !ALL_KNOWING.contains(command))
                .findFirst();
        return commandLine(command -> only.isEmpty() || only.get() == command);
    }

    private static CommandLine commandLine(Predicate<Class<?>> known) {
        CommandLine line = new CommandLine(new Basin());
        COMMANDS.values().stream().flatMap(List::stream).filter(known).forEach(line::addSubcommand);
        line.setCommandName(Program.NAME)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .registerConverter(Duration.class, new TimeConverter());
        Map<String, List<String>> purposes = new LinkedHashMap<>();
        COMMANDS.forEach((purpose, commands) -> purposes.put(
                purpose, commands.stream().filter(known).map(Basin::name).toList()));
        HelpLayout.set(line, purposes);
        line.setParameterExceptionHandler((wrong, given) -> {
            CommandLine command = wrong.getCommandLine();
            command.getErr()
                    .println("basin: " + UsageMistake.sentence(wrong, List.of(given)) + ". See "
                            + command.getCommandSpec().qualifiedName() + " --help.");
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
