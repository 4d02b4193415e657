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

    /** A study with its entry in the list. */
    private record Listed(StudySpec spec, StudiesDocument.Study entry) {
        static Listed of(String name) {
            StudySpec spec = StudyCatalogue.draft(name);
            return new Listed(spec, StudiesDocument.Study.of(name, StudyCatalogue.about(name), spec));
        }
    }

    @Override
    int run(PrintWriter out) {
        List<Listed> all = StudyCatalogue.names().stream().map(Listed::of).toList();
        json.print(
                new StudiesDocument(
                        ProgramVersion.current(),
                        all.stream().map(Listed::entry).toList()),
                text -> all.forEach(one -> text.printf(
                        "%s: %s%n    %s, %,d steps each%n",
                        one.entry().name(),
                        one.entry().about(),
                        GridWords.of(one.spec()),
                        one.entry().steps())));
        return 0;
    }
}
