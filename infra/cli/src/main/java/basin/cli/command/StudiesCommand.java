package basin.cli.command;

import basin.study.StudyPlan;
import basin.study.StudySpec;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** Lists the studies that come with Basin. */
@Command(
        name = "studies",
        header = "Lists the studies that come with Basin.",
        footer = {"  ${ROOT-COMMAND-NAME} studies", "    Shows names that run, plan and submit take."})
public final class StudiesCommand extends PrintingCommand {
    @Override
    int run(PrintWriter out) {
        for (String name : StudyCatalogue.names()) {
            StudySpec study = StudyCatalogue.draft(name);
            out.printf(
                    "%-12s %d runs: %d sizes × %d rates × %d seeds, %d steps each%n",
                    name,
                    StudyPlan.runs(study).size(),
                    study.sizes().size(),
                    study.learningRates().size(),
                    study.seeds().size(),
                    study.training().steps());
        }
        return 0;
    }
}
