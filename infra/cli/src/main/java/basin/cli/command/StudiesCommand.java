package basin.cli.command;

import basin.cli.document.StudiesDocument;
import basin.study.ProgramVersion;
import basin.study.StudySpec;
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
                .map(name -> StudiesDocument.Study.of(name, StudyCatalogue.about(name), StudyCatalogue.draft(name)))
                .toList();
        json.print(new StudiesDocument(ProgramVersion.current(), all), text -> {
            for (String name : StudyCatalogue.names()) {
                StudySpec study = StudyCatalogue.draft(name);
                text.printf("%s: %s%n", name, StudyCatalogue.about(name));
                text.printf(
                        "    %s, %,d steps each%n",
                        GridWords.of(study), study.training().steps());
            }
        });
        return 0;
    }
}
