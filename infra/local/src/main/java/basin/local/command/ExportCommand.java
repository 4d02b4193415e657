package basin.local.command;

import basin.local.transfer.StudyExport;
import basin.local.transfer.Transferred;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a study's record into one file, from which another Kafka shows the same. */
@Command(
        name = "export",
        description =
                "Writes a study's record, weights and all, into one file; infra/basin import takes it in elsewhere.",
        sortOptions = false)
public final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private RecordPlace place = new RecordPlace();

    @Option(names = "--study", required = true, paramLabel = "STUDY", description = "Id or name of the study.")
    private String study;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "The file, which must not exist yet.")
    private Path to;

    @Option(
            names = "--without-weights",
            description =
                    "Leaves the weights of the checkpoints out: the numbers are the same, but nothing can be measured"
                            + " anew.")
    private boolean withoutWeights;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        Path file = to.toAbsolutePath().normalize();
        if (Files.exists(file)) {
            throw new RefusedException("--to " + file + " exists already: name another file.");
        }
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        if (!Files.isDirectory(folder)) {
            throw new RefusedException("--to " + file + " lies in a folder that does not exist: make it first.");
        }
        Preflight.writable("--to", folder);
        try (RecordPlace.Open record = place.open()) {
            Transferred done = StudyExport.write(record.endpoint(), study, file, !withoutWeights, new Tenths(out));
            out.println(done.studyId() + " is in " + file + ", " + Wording.bytes(Files.size(file)) + ":");
            done.topics().forEach(topic -> out.printf("  %-18s %,d records%n", topic.name(), topic.written()));
            out.printf("  weights of %,d of %,d checkpoints%n", done.withWeights(), done.checkpoints());
            out.flush();
        } catch (IOException notWritten) {
            throw new RefusedException("--to " + file + " cannot be written ("
                    + notWritten.getClass().getSimpleName() + "): name a file on a disk with room.");
        }
        return 0;
    }
}
