package basin.cli.command;

import basin.aggregator.StudiesOnRecord;
import basin.aggregator.StudiesOnRecord.Run;
import basin.aggregator.StudiesOnRecord.Study;
import basin.cli.document.StatusDocument;
import basin.cli.transfer.KnownStudies;
import basin.study.Program;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the states of the studies in a running pipeline or in the folder of a run. */
@Command(
        name = "status",
        header = "Shows how far studies are.",
        description = "Prints one line per study of a record, or each run of one study.",
        footer = {
            "  ${ROOT-COMMAND-NAME} status quick",
            "    Shows each run of the study quick in the newest record here."
        })
public final class StatusCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Mixin
    private JsonOption json = new JsonOption();

    @Parameters(arity = "0..1", paramLabel = "STUDY", description = "Id or name of one study, to see each of its runs.")
    private Optional<String> study = Optional.empty();

    @Override
    int run(PrintWriter out) throws Exception {
        List<Study> known = StudiesOnRecord.read(place.read().log());
        Optional<Study> one = study.map(asked -> KnownStudies.find(known, asked));
        json.print(StatusDocument.of(one.map(List::of).orElse(known)), text -> print(text, known, one));
        return 0;
    }

    private static void print(PrintWriter out, List<Study> known, Optional<Study> asked) {
        if (asked.isPresent()) {
            Study one = asked.get();
            out.println(line(one));
            for (Run run : one.each()) {
                out.printf(
                        Locale.ROOT,
                        "  %s  %-24s %-9s step %,d of %,d, checkpoints %d%n",
                        run.runId(),
                        run.label(),
                        run.state(),
                        run.step(),
                        run.steps(),
                        run.checkpoints());
            }
        } else if (known.isEmpty()) {
            out.println("No study is recorded: run one with " + Program.NAME + " run.");
        } else {
            known.forEach(one -> out.println(line(one)));
        }
    }

    private static String line(Study study) {
        return String.format(
                Locale.ROOT,
                "%-24s %-10s runs ended %d of %d, measurements %d of %d%s",
                study.studyId(),
                study.state(),
                study.ended(),
                study.runs(),
                study.done(),
                study.measurements(),
                study.givenUp() > 0 ? ", given up " + study.givenUp() : "");
    }
}
