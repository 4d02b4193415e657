package basin.cli.command;

import basin.cli.document.ProbeDocument;
import basin.flatness.FolderProbe;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.record.Measured;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Json;
import basin.study.Refusal;
import basin.study.WholeFile;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the flatness of a model in a folder. */
@Command(
        name = "probe",
        header = "Measures the flatness of a model in a folder.",
        description = "Reads a model that export wrote, or one from Hugging Face, such as Pythia, Llama or BERT;"
                + " infra/docs/models.md lists the formats. Prints each trace with its standard error and"
                + " confidence interval.",
        footer = {
            "  ${ROOT-COMMAND-NAME} probe my-model --text sentences.txt --precision 2%%",
            "    Measures until the standard error is 2%% of the trace."
        })
public final class ProbeCommand extends PrintingCommand {
    /**
     * Upper limit on pairs if {@code --precision} or {@code --at-most} ends the measurement,
     * because the number that a standard error takes is not known before.
     */
    private static final int MAX_PAIRS = 100_000;

    private static final int MAX_THREADS = 1024;

    /** A model's name on Hugging Face's hub, which users give in the place of a folder. */
    private static final Pattern HUB_NAME = Pattern.compile("[\\w.-]+(/[\\w.-]+)?");

    @Parameters(paramLabel = "DIR", description = "Folder with config.json and model.safetensors.")
    private Path folder;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description =
                    "Text file, one sentence per line; needed unless export wrote the folder, which then brings its"
                            + " language.")
    private Optional<Path> text = Optional.empty();

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "With --text: cuts each line to so many tokens; default: as many as the network reads.")
    private Optional<Integer> maxLength = Optional.empty();

    @Option(
            names = "--estimator",
            paramLabel = "NAME",
            defaultValue = "hessian.split",
            description = "Estimator, of those in infra/docs/study-files.md; default: ${DEFAULT-VALUE}.")
    private String estimator;

    @Option(
            names = "--precision",
            paramLabel = "SHARE",
            description =
                    "Standard error to reach, relative to each trace, such as 2%% or 0.02; takes as many pairs as that"
                            + " needs.")
    private Optional<String> precision = Optional.empty();

    @Option(
            names = "--at-most",
            paramLabel = "TIME",
            description =
                    "Ends after this time, such as 30s, 5min or 1h, but not before the fewest pairs are measured.")
    private Optional<Duration> atMost = Optional.empty();

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "Number of batches, each with fresh probes; default: 40. With --precision or --at-most: the"
                    + " largest number.")
    private Optional<Integer> pairs = Optional.empty();

    @Option(
            names = "--probes",
            paramLabel = "N",
            description = "Fresh probes per batch; default: 1, or with --precision the cheapest number.")
    private Optional<Integer> probes = Optional.empty();

    @Option(
            names = "--radius",
            paramLabel = "R",
            description = "For sharpness.* only: distance from the weights, such as 0.01.")
    private Optional<Double> radius = Optional.empty();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Sentences per batch; default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all random draws: sentences, masked positions, labels and probes; default:"
                    + " ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "Number format: float32 or float64; default: ${DEFAULT-VALUE}.")
    private String dtype;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = Devices.AUTO,
            description = "cpu, cuda:N, or auto: the first CUDA device, or the CPU if there is none; default:"
                    + " ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that share each batch, on the CPU; default: one for each processor. The results are"
                    + " the same to the bit for every number.")
    private Optional<Integer> threads = Optional.empty();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--logits",
            paramLabel = "FILE",
            description =
                    "Also writes the tokens and logits of the first batch to this JSON file, to compare with other"
                            + " programs.")
    private Optional<Path> logits = Optional.empty();

    @Override
    int run(PrintWriter out) throws IOException {
        if (!dtype.equals("float32") && !dtype.equals("float64")) {
            throw new Refusal("--dtype is '" + dtype + "': give float32 or float64.");
        }
        if (maxLength.isPresent() && text.isEmpty()) {
            throw new Refusal(
                    "--max-length is given without --text: sentences of the folder's own language are never cut.");
        }
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads.isPresent() && (threads.get() < 1 || threads.get() > MAX_THREADS)) {
            throw new Refusal("--threads is " + threads.get() + ": give a number from 1 to " + MAX_THREADS
                    + "; this machine has " + processors + " processors.");
        }
        EstimatorSpec requested = requested();
        logits.ifPresent(file -> writable("--logits", file));
        String settled = settled();
        try (Devices.Use _ = Devices.use(settled)) {
            return measure(requested, settled, remarks(out, json));
        }
    }

    private String settled() {
        try {
            return Devices.settle(device);
        } catch (DeviceAbsentException absent) {
            throw new Refusal("--" + absent.getMessage());
        }
    }

    private int measure(EstimatorSpec requested, String settled, PrintWriter remarks) throws IOException {
        try (FolderProbe probe = open(settled)) {
            return measure(probe, requested, settled, remarks);
        }
    }

    private int measure(FolderProbe probe, EstimatorSpec requested, String settled, PrintWriter remarks)
            throws IOException {
        remarks.printf(
                Locale.ROOT,
                "%s: %s, %,d parameters (stored as %s).%nOn %s.%n",
                folder,
                probe.model().network().type(),
                probe.model().network().parameterCount(),
                probe.model().storedAs(),
                probe.source());
        if (!probe.model().unused().isEmpty()) {
            remarks.println("Not used by this network: "
                    + String.join(", ", probe.model().unused()) + ".");
        }
        probe.notes().forEach(remarks::println);
        remarks.flush();
        logits.ifPresent(file -> write(
                "--logits",
                file,
                Map.of("folder", folder.toString(), "dtype", dtype, "examples", probe.scores(requested))));
        notes().println("Needs " + probe.memory(requested) + ".");
        probe.checkMemory(requested);
        Measured loss = loss(probe, requested, new ProgressPrinter(notes()));
        ProgressPrinter progress = new ProgressPrinter(notes());
        FolderProbe.Result result = probe.measure(requested, at -> progress.measured(at, atMost, requested.to()));
        progress.end();
        ProbeDocument report = ProbeReport.of(probe, requested, loss, result, dtype, settled);
        json.print(report, text -> text.print(ProbeReport.text(report)));
        ProbeReport.missed(report, atMost.isPresent()).forEach(remarks::println);
        probe.doubt(loss).ifPresent(remarks::println);
        return 0;
    }

    private FolderProbe open(String settled) {
        if (!Files.exists(folder) && HUB_NAME.matcher(folder.toString()).matches()) {
            throw new Refusal(folder + " is no folder: name one with config.json and model.safetensors, or download"
                    + " that model first, with huggingface-cli download " + folder + " --local-dir "
                    + folder.getFileName() + ".");
        }
        // A CUDA device computes with all its units at the call of one thread.
        FolderProbe.Settings settings = new FolderProbe.Settings(
                dtype.equals("float64"),
                settled.equals(Devices.CPU)
                        ? threads.orElse(Runtime.getRuntime().availableProcessors())
                        : 1);
        return text.isPresent()
                ? FolderProbe.onText(folder, text.get(), maxLength, "--max-length", settings)
                : FolderProbe.onOwnLanguage(folder, settings);
    }

    private static Measured loss(FolderProbe probe, EstimatorSpec requested, ProgressPrinter progress) {
        int batches = ProbeReport.LOSS_BATCHES;
        EstimatorSpec sample = new EstimatorSpec(Estimator.HESSIAN_SPLIT, batches, requested.batch(), requested.seed());
        return probe.loss(sample, done -> progress.counted("loss of batches", done, batches));
    }

    private EstimatorSpec requested() {
        try {
            Estimator named = Estimator.of(estimator);
            int min = named.min().pairs();
            return new EstimatorSpec(
                    named,
                    pairs.orElse(
                            precision.isPresent() || atMost.isPresent()
                                    ? MAX_PAIRS
                                    : Math.max(Estimator.Minimum.USUAL.pairs(), min)),
                    batch,
                    seed,
                    probes,
                    precision.map(ProbeCommand::share),
                    radius);
        } catch (Refusal refused) {
            // A study file's fields are options of this command.
            throw new Refusal(String.valueOf(refused.getMessage()).replace("flatness.", "--"));
        }
    }

    private static double share(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,6})?%|0?\\.\\d{1,8}")) {
            throw new Refusal("--precision is '" + text + "': give a share such as 2% or 0.02.");
        }
        return text.endsWith("%")
                ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                : Double.parseDouble(text);
    }

    private static void writable(String option, Path file) {
        Path at = file.toAbsolutePath().normalize();
        Path parent = Optional.ofNullable(at.getParent()).orElse(at);
        if (Files.isDirectory(at) || !Files.isDirectory(parent)) {
            throw new Refusal(option + " " + file + " is no file in a folder that exists: name one.");
        }
        Preflight.writable(option, parent);
    }

    private static void write(String option, Path file, Object value) {
        try {
            WholeFile.write(
                    file,
                    Json.mapper()
                            .writer()
                            .with(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsBytes(value));
        } catch (IOException notWritten) {
            throw new Refusal(option + " " + file + " cannot be written: name a file on a disk with room.");
        }
    }
}
