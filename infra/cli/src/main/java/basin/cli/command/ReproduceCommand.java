package basin.cli.command;

import basin.trainer.Reproduction;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Trains a run again from its record and reports every difference. Exits with status 1 if there is
 * one.
 */
@Command(
        name = "reproduce",
        header = "Trains a run again and compares every bit.",
        description =
                "Trains in this process, and lists every loss and every weight that differs from the record. Exits"
                        + " with status 1 if any differs.",
        footer = {
            "  ${ROOT-COMMAND-NAME} reproduce 3f9a52c1",
            "    Trains the run 3f9a52c1 of the newest record here again."
        })
public final class ReproduceCommand extends PrintingCommand {
    private static final int DIFFERENT = 1;

    @Mixin
    private RecordPlace source = new RecordPlace();

    @Parameters(paramLabel = "RUN", description = "Id of the run; ${ROOT-COMMAND-NAME} status STUDY lists them.")
    private String run;

    @Override
    int run(PrintWriter out) throws Exception {
        ProgressPrinter progress = new ProgressPrinter(notes());
        Reproduction.Result result =
                Reproduction.of(source.read().log(), run, (done, all) -> progress.counted("steps trained", done, all));
        out.printf(
                Locale.ROOT,
                "Run %s (%s): %,d steps trained again, %d losses and %d checkpoints compared.%n",
                run,
                result.label(),
                result.steps(),
                result.losses(),
                result.checkpoints());
        result.differences().forEach(one -> out.printf(Locale.ROOT, "  step %,d: %s%n", one.step(), one.what()));
        out.println(profiles(result.profile(), result.recorded()));
        out.println(
                result.identical()
                        ? "Every loss and every checkpoint is the same to the bit."
                        : result.differences().size()
                                + (result.differences().size() == 1 ? " difference." : " differences."));
        return result.identical() ? 0 : DIFFERENT;
    }

    private static String profiles(String own, List<String> recorded) {
        if (recorded.isEmpty()) {
            return "Numeric profile: " + own + "; the record does not tell that of its own.";
        }
        return recorded.equals(List.of(own))
                ? "Numeric profile: " + own + ", the record's too."
                : "Numeric profile: " + own + "; the record's is another: " + String.join("; ", recorded) + ".";
    }
}
