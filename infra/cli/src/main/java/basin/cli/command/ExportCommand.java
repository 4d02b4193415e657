package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.transfer.CheckpointExport;
import basin.cli.transfer.StudyExport;
import basin.cli.transfer.Transferred;
import basin.study.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Exports a study's record to one file that another Kafka can import, or one checkpoint to a folder
 * that {@code transformers} opens.
 */
@Command(
        name = "export",
        header = "Exports a study to a file, or a checkpoint to a folder.",
        description =
                "With --study: writes the study's whole record, with weights, to one file that import reads. With RUN"
                        + " and STEP: writes that checkpoint to a folder that Hugging Face transformers opens, with its"
                        + " tokenizer and its language.",
        footer = {
            "  ${ROOT-COMMAND-NAME} export --study quick --out quick.zip",
            "    Writes the study quick of the newest record here to one file.",
            "  ${ROOT-COMMAND-NAME} export 3f9a52c1 1200 --out my-model",
            "    Writes the checkpoint of the run 3f9a52c1 after 1,200 steps."
        })
public final class ExportCommand extends PrintingCommand {
    @Mixin
    private RecordPlace place = new RecordPlace();

    @Option(names = "--study", paramLabel = "STUDY", description = "Id or name of the study to export.")
    private Optional<String> study = Optional.empty();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            description = "Id of a run; ${ROOT-COMMAND-NAME} status STUDY lists them.")
    private Optional<String> run = Optional.empty();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STEP",
            description = "Optimiser steps at one of its checkpoints.")
    private Optional<Integer> step = Optional.empty();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE|DIR",
            description =
                    "Required. The file, which must not exist yet; or the folder, which must be empty or not exist.")
    private Path destination;

    @Option(
            names = "--without-weights",
            description = "Leaves the weights out. All results stay the same, but nothing can be measured again.")
    private boolean withoutWeights;

    @Override
    int run(PrintWriter out) throws Exception {
        if (study.isPresent() == run.isPresent() || run.isPresent() != step.isPresent()) {
            throw new Refusal("export was given "
                    + Stream.of(
                                    study.map(name -> "--study " + name),
                                    run.map(id -> "the run " + id),
                                    step.map(at -> "the step " + at))
                            .flatMap(Optional::stream)
                            .reduce((one, other) -> one + " and " + other)
                            .orElse("neither a study nor a checkpoint")
                    + ": give either --study STUDY, or RUN and STEP of one checkpoint.");
        }
        Path target = destination.toAbsolutePath().normalize();
        Path folder = Optional.ofNullable(target.getParent()).orElse(target);
        try {
            return study.isPresent() ? record(study.get(), target, folder, out) : checkpoint(target, folder, out);
        } catch (IOException notWritten) {
            throw new Refusal("--out " + target + " cannot be written ("
                    + notWritten.getClass().getSimpleName() + "): name a place on a disk with room.");
        }
    }

    private int record(String name, Path file, Path folder, PrintWriter out) throws Exception {
        if (Files.exists(file)) {
            throw new Refusal("--out " + file + " exists already: name another file.");
        }
        placeFor(file, folder);
        RecordPlace.Existing record = place.read();
        Transferred done = StudyExport.write(
                record.log(), name, file, !withoutWeights, record.faults(), new ProgressPrinter(notes()));
        out.println(done.studyId() + " is in " + file + ", " + Numbers.bytes(Files.size(file)) + ":");
        done.topics().forEach(topic -> out.printf("  %-18s %,d records%n", topic.name(), topic.written()));
        out.printf("  weights of %,d of %,d checkpoints%n", done.withWeights(), done.checkpoints());
        return 0;
    }

    private int checkpoint(Path target, Path folder, PrintWriter out) throws Exception {
        if (withoutWeights) {
            throw new Refusal("--without-weights is given with a checkpoint, which is its weights: leave it out.");
        }
        if (Files.exists(target) && !(Files.isDirectory(target) && isEmpty(target))) {
            throw new Refusal("--out " + target + " exists already and is no empty folder: name another folder.");
        }
        placeFor(target, folder);
        CheckpointExport.Written written =
                CheckpointExport.write(place.read().log(), run.orElseThrow(), step.orElseThrow(), target);
        out.printf(
                Locale.ROOT,
                "Run %s (%s) at step %,d is in %s: %,d parameters, excess loss %.4f ± %.4f nats.%n",
                run.orElseThrow(),
                written.label(),
                step.orElseThrow(),
                target,
                written.parameters(),
                written.excess().value(),
                written.excess().standardError());
        return 0;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void placeFor(Path target, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new Refusal("--out " + target + " lies in a folder that does not exist: make it first.");
        }
        Preflight.writable("--out", folder);
    }
}
