package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.transfer.StudyImport;
import basin.cli.transfer.Transferred;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.SafeText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Imports a study's record from a file. */
@Command(
        name = "import",
        header = "Imports a study from a file that export wrote.",
        description = "Checks the whole file first. Records that exist already are left alone. The default folder is"
                + " .basin/STUDY in the current folder.",
        footer = {"  ${ROOT-COMMAND-NAME} import quick.zip", "    Imports the study into a folder under .basin."})
public final class ImportCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Parameters(paramLabel = "FILE", description = "A file that ${ROOT-COMMAND-NAME} export wrote.")
    private Path from;

    private static final int FAULT_CHARACTERS = 1000;

    @Override
    int run(PrintWriter out) throws Exception {
        Path file = from.toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new Refusal(file + " is no file: name one that " + Program.NAME + " export wrote.");
        }
        try (StudyImport opened = StudyImport.open(file, new ProgressPrinter(notes()))) {
            out.printf(
                    "%s is whole: %s, %,d records, %s.%n",
                    file, opened.studyId(), opened.records(), Numbers.bytes(opened.bytes()));
            opened.faults()
                    .forEach(fault -> out.println("When it was exported: " + SafeText.line(fault, FAULT_CHARACTERS)));
            try (RecordPlace.Open record = place.openOrBegin(opened.bytes(), Optional.of(opened.studyId()))) {
                Transferred done = opened.write(record.endpoint());
                done.topics()
                        .forEach(topic -> out.printf(
                                "  %-18s %,d records written, %,d were there%n",
                                topic.name(), topic.written(), topic.there()));
                out.printf("  weights of %,d of %,d checkpoints%n", done.withWeights(), done.checkpoints());
                out.println(done.studyId() + " is imported. See it: " + Program.NAME + " status " + done.studyId() + " "
                        + record.option());
            }
        } catch (IOException notRead) {
            throw new Refusal(
                    file + " cannot be read (" + notRead.getClass().getSimpleName() + "): name a file that can.");
        }
        return 0;
    }
}
