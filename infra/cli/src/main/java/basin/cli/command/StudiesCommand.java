package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.document.StudiesDocument;
import basin.study.ProgramVersion;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the studies that come with Basin. */
@Command(
        name = "studies",
        header = "Lists the studies that come with Basin.",
        footer = {"  ${ROOT-COMMAND-NAME} studies", "    Shows names that run, plan and submit take."})
public final class StudiesCommand extends PrintingCommand {
    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    int run(PrintWriter out) {
        List<StudiesDocument.Study> all = StudyCatalogue.names().stream()
                .map(name -> StudiesDocument.Study.of(name, StudyCatalogue.draft(name)))
                .toList();
        json.print(
                new StudiesDocument(ProgramVersion.current(), all),
                text -> all.forEach(one -> text.printf(
                        "%-12s %s: %s, %s, %s; %s each%n",
                        one.name(),
                        Numbers.plural(one.runs(), "run"),
                        Numbers.plural(one.sizes(), "size"),
                        Numbers.plural(one.arms(), "arm"),
                        Numbers.plural(one.seeds(), "seed"),
                        Numbers.plural(one.steps(), "step"))));
        return 0;
    }
}
