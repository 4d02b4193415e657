package basin.local.command;

import basin.events.Json;
import basin.events.spec.EstimatorSpec;
import basin.flatness.FolderProbe;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the flatness of a model in a folder. */
@Command(
        name = "probe",
        description =
                "Measures the flatness of a model in a folder of its own; infra/docs/models.md tells which are read.",
        sortOptions = false)
public final class ProbeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "DIR", description = "A folder with config.json and model.safetensors.")
    private Path folder;

    @Option(
            names = "--estimator",
            paramLabel = "NAME",
            defaultValue = "paired",
            description = "One of those in infra/docs/study-files.md; default: ${DEFAULT-VALUE}.")
    private String estimator;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "40",
            description = "Pairs of a fresh batch and a fresh probe; default: ${DEFAULT-VALUE}.")
    private int pairs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sentences a batch; default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws sentences, masked positions, labels and probes; default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "float32 or float64; default: ${DEFAULT-VALUE}.")
    private String dtype;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes what was measured as JSON too.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--logits",
            paramLabel = "FILE",
            description =
                    "Writes the first batch's tokens and the network's scores as JSON, for comparison with others.")
    private Optional<Path> logits = Optional.empty();

    /** What is written as JSON. */
    private record Report(
            String folder,
            String model,
            String storedAs,
            int parameters,
            String source,
            String estimator,
            int version,
            int pairs,
            int batch,
            long seed,
            String dtype,
            String device,
            List<FolderProbe.Reading> readings) {}

    /** The network's scores as JSON. */
    private record Scores(String folder, String dtype, List<FolderProbe.Scored> examples) {}

    @Override
    public Integer call() {
        if (!dtype.equals("float32") && !dtype.equals("float64")) {
            throw new RefusedException("--dtype is '" + dtype + "': give float32 or float64.");
        }
        EstimatorSpec asked = asked();
        json.ifPresent(file -> writable("--json", file));
        logits.ifPresent(file -> writable("--logits", file));
        PrintWriter out = command.commandLine().getOut();
        FolderProbe probe = FolderProbe.onOwnLanguage(folder, dtype.equals("float64"));
        out.printf(
                Locale.ROOT,
                "%s: %s, %,d parameters (stored as %s), on its own language with exact conditionals.%n",
                folder,
                probe.type(),
                probe.parameters(),
                probe.storedAs());
        if (!probe.unused().isEmpty()) {
            out.println("Not used by this network: " + String.join(", ", probe.unused()) + ".");
        }
        out.flush();
        logits.ifPresent(file -> write("--logits", file, new Scores(folder.toString(), dtype, probe.scores(asked))));
        Steps steps = new Steps(out, "pairs measured");
        List<FolderProbe.Reading> readings;
        try {
            readings = probe.measure(asked, steps::at);
        } catch (ArithmeticException notFinite) {
            throw new RefusedException("Nothing was measured: " + notFinite.getMessage());
        }
        int version = FolderProbe.version(asked);
        out.println();
        readings.forEach(one -> out.println(line(one)));
        out.printf(
                Locale.ROOT,
                "%s version %d: %,d pairs of %,d sentences, seed %d, %s on cpu; in %s a predicted token.%n",
                estimator,
                version,
                pairs,
                batch,
                seed,
                dtype,
                readings.getFirst().unit());
        json.ifPresent(file -> write(
                "--json",
                file,
                new Report(
                        folder.toString(),
                        probe.type(),
                        probe.storedAs(),
                        probe.parameters(),
                        "language",
                        estimator,
                        version,
                        pairs,
                        batch,
                        seed,
                        dtype,
                        "cpu",
                        readings)));
        out.flush();
        return 0;
    }

    private EstimatorSpec asked() {
        try {
            return new EstimatorSpec(estimator, pairs, batch, seed);
        } catch (IllegalArgumentException refused) {
            // The fields of a study file are options here.
            throw new RefusedException(String.valueOf(refused.getMessage()).replace("flatness.", "--"));
        }
    }

    private static String line(FolderProbe.Reading one) {
        return String.format(
                Locale.ROOT,
                "  %-20s %12.6g ± %-10.3g %.0f %% interval %.6g to %.6g, r_eff %s",
                one.quantity().id(),
                one.value().value(),
                one.value().standardError(),
                100 * one.interval().confidence(),
                one.interval().low(),
                one.interval().high(),
                one.effectiveRank()
                        .map(rank -> String.format(Locale.ROOT, "%.1f", rank))
                        .orElse("not known"));
    }

    private static void writable(String option, Path file) {
        Path at = file.toAbsolutePath().normalize();
        Path parent = Optional.ofNullable(at.getParent()).orElse(at);
        if (Files.isDirectory(at) || !Files.isDirectory(parent)) {
            throw new RefusedException(option + " " + file + " is no file in a folder that exists: name one.");
        }
        Preflight.writable(option, parent);
    }

    private static void write(String option, Path file, Object value) {
        try {
            Files.write(
                    file,
                    Json.mapper()
                            .writer()
                            .with(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsBytes(value));
        } catch (IOException notWritten) {
            throw new RefusedException(option + " " + file + " cannot be written ("
                    + notWritten.getClass().getSimpleName() + "): name a file on a disk with room.");
        }
    }
}
