package basin.local.command;

import basin.events.spec.StudySpec;
import basin.events.work.StudyPlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the studies that come with Basin. */
@Command(name = "studies", description = "Lists the studies that come with Basin.")
public final class StudiesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        StudyCatalogue catalogue = StudyCatalogue.beside();
        for (String name : catalogue.names()) {
            StudySpec study = catalogue.draft(name);
            command.commandLine()
                    .getOut()
                    .printf(
                            "%-12s %d runs: %d sizes × %d rates × %d seeds, %d steps each%n",
                            name,
                            StudyPlan.runs(study).size(),
                            study.sizes().size(),
                            study.rates().size(),
                            study.seeds().size(),
                            study.training().steps());
        }
        command.commandLine().getOut().flush();
        return 0;
    }
}
