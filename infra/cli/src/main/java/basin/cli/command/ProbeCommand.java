package basin.cli.command;

import basin.cli.document.ProbesDocument;
import basin.flatness.FolderProbe;
import basin.network.engine.DeviceAbsentException;
import basin.network.engine.Devices;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Json;
import basin.study.Refusal;
import basin.study.WholeFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the flatness of a model in a folder. */
@Command(
        name = "probe",
        header = "Measures the flatness of models in folders.",
        description = "Reads a model that export wrote, or one from Hugging Face, such as Pythia, Llama or BERT;"
                + " infra/docs/models.md lists the formats. Prints each trace with its standard error and"
                + " confidence interval. Several folders are measured on the same batches, one after the other, and"
                + " compared in one table, with paired differences between models of one architecture.",
        footer = {
            "  ${ROOT-COMMAND-NAME} probe my-model --text sentences.txt --precision 2%%",
            "    Measures until the standard error is 2%% of the trace.",
            "  ${ROOT-COMMAND-NAME} probe 'models/step*' --text sentences.txt --csv table.csv",
            "    Compares all checkpoints with the first."
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

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR",
            description = "Folders with config.json and model.safetensors, or a pattern such as 'models/step*'.")
    private List<Path> folders = List.of();

    @Option(
            names = "--against",
            paramLabel = "DIR",
            description = "Folder to which the others' paired differences are given; default: the first.")
    private Optional<Path> against = Optional.empty();

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
                    "Ends each folder after this time, such as 30s, 5min or 1h, but not before the fewest pairs are"
                            + " measured.")
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
            names = "--csv",
            paramLabel = "FILE",
            description = "Also writes a table with a line for each quantity of each folder, unrounded.")
    private Optional<Path> csv = Optional.empty();

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
        List<Path> all = all();
        boolean several = all.size() > 1 || folders.stream().anyMatch(FolderPatterns::isPattern);
        if (several && logits.isPresent()) {
            throw new Refusal("--logits is given with " + all.size() + " folders: name one.");
        }
        logits.ifPresent(file -> writable("--logits", file));
        csv.ifPresent(file -> writable("--csv", file));
        if (text.isPresent() && !Files.isReadable(text.get())) {
            throw new Refusal("--text " + text.get() + " cannot be read: name a text with one sentence per line.");
        }
        String settled = settled();
        try (Devices.Use _ = Devices.use(settled)) {
            PrintWriter remarks = remarks(out, json);
            return several
                    ? compare(all, requested, settled, remarks)
                    : one(all.getFirst(), requested, settled, remarks);
        }
    }

    /** Returns the folders as typed; one that is given with --against alone is the first. */
    private List<Path> all() {
        against.filter(FolderPatterns::isPattern).ifPresent(pattern -> {
            throw new Refusal("--against is '" + pattern + "', which is no folder: name one.");
        });
        List<Path> named = FolderPatterns.expanded(folders);
        List<Path> together = FolderPatterns.expanded(
                Stream.concat(against.stream(), named.stream()).toList());
        return together.size() == named.size() ? named : together;
    }

    private String settled() {
        try {
            return Devices.settle(device);
        } catch (DeviceAbsentException absent) {
            throw new Refusal("--" + absent.getMessage());
        }
    }

    private int one(Path folder, EstimatorSpec requested, String settled, PrintWriter remarks) throws IOException {
        exists(folder);
        try (FolderProbe probe = open(folder, settled)) {
            describe(folder.toString(), probe, "", remarks);
            logits.ifPresent(file -> write(
                    "--logits",
                    file,
                    indented(
                            Map.of("folder", folder.toString(), "dtype", dtype, "examples", probe.scores(requested)))));
            ProgressPrinter progress = new ProgressPrinter(notes());
            ProbedFolder probed = measured(folder, probe, requested, settled, progress, () -> progress.begin(0));
            writeCsv(ProbeComparison.of(List.of(probed), Optional.empty(), List.of()));
            json.print(probed.report(), text -> text.print(ProbeReport.text(probed.report())));
            ProbeReport.missed(probed.report(), atMost.isPresent()).forEach(remarks::println);
            probe.doubt(probed.loss().value()).ifPresent(remarks::println);
            return 0;
        }
    }

    /**
     * Measures the folders one after the other, so that the weights of one at a time are in memory.
     */
    private int compare(List<Path> all, EstimatorSpec requested, String settled, PrintWriter remarks)
            throws IOException {
        List<ProbesDocument.Reason> refused = new ArrayList<>();
        Map<Path, Long> sizes = new LinkedHashMap<>();
        for (Path folder : all) {
            try {
                exists(folder);
                sizes.put(folder, (long) FolderModel.check(folder).parameterCount());
            } catch (Refusal refusal) {
                refused.add(refused(folder, refusal));
            }
        }
        double whole = sizes.values().stream().mapToLong(Long::longValue).sum();
        double share = lossShare(requested);
        long before = 0;
        int number = 0;
        String source = "";
        List<ProbedFolder> probed = new ArrayList<>();
        ProgressPrinter progress = new ProgressPrinter(notes());
        for (Map.Entry<Path, Long> size : sizes.entrySet()) {
            Path folder = size.getKey();
            number++;
            String name = "folder " + number + " of " + sizes.size() + ", ";
            double from = before / whole;
            before += size.getValue();
            double to = before / whole;
            double between = from + share * (to - from);
            progress.part(name, from, between);
            try (FolderProbe probe = open(folder, settled)) {
                describe((probed.size() + 1) + " " + folder, probe, source, remarks);
                source = probe.source();
                ProbedFolder one =
                        measured(folder, probe, requested, settled, progress, () -> progress.part(name, between, to));
                probed.add(one);
                ProbeReport.missed(one.report(), atMost.isPresent()).forEach(remarks::println);
                probe.doubt(one.loss().value()).ifPresent(remarks::println);
                remarks.flush();
            } catch (Refusal refusal) {
                progress.end();
                refused.add(refused(folder, refusal));
            }
        }
        if (probed.isEmpty()) {
            return CommandLine.ExitCode.USAGE;
        }
        ProbeComparison comparison = ProbeComparison.of(
                probed,
                against.flatMap(folder -> all.stream()
                        .filter(one -> FolderPatterns.areSame(one, folder))
                        .findFirst()),
                refused);
        writeCsv(comparison);
        json.print(comparison.document(), text -> text.print(comparison.text()));
        return refused.isEmpty() ? 0 : INCOMPLETE;
    }

    /** Returns the share of the loss in the cost of a measurement. */
    private double lossShare(EstimatorSpec requested) {
        Estimator.Cost cost = requested.estimator().cost();
        int batches = precision.isPresent() || atMost.isPresent()
                ? 2 * requested.estimator().min().pairs()
                : requested.pairs();
        // A forward pass is a third of a gradient.
        double loss = ProbeReport.LOSS_BATCHES / 3.0;
        return loss / (loss + batches * cost.of(requested.probes().orElse(1)));
    }

    private ProbesDocument.Reason refused(Path folder, Refusal refusal) {
        String sentence = String.valueOf(refusal.getMessage());
        warnings().println("basin: " + (sentence.contains(folder.toString()) ? "" : folder + ": ") + sentence);
        warnings().flush();
        return new ProbesDocument.Reason(folder.toString(), sentence);
    }

    private static void describe(String name, FolderProbe probe, String known, PrintWriter remarks) {
        remarks.printf(
                Locale.ROOT,
                "%s: %s, %,d parameters (stored as %s).%n",
                name,
                probe.model().network().type(),
                probe.model().network().parameterCount(),
                probe.model().storedAs());
        if (!probe.source().equals(known)) {
            remarks.println("On " + probe.source() + ".");
        }
        if (!probe.model().unused().isEmpty()) {
            remarks.println("Not used by this network: "
                    + String.join(", ", probe.model().unused()) + ".");
        }
        probe.notes().forEach(remarks::println);
        remarks.flush();
    }

    private ProbedFolder measured(
            Path folder,
            FolderProbe probe,
            EstimatorSpec requested,
            String settled,
            ProgressPrinter progress,
            Runnable lossIsDone)
            throws IOException {
        notes().println("Needs " + probe.memory(requested) + ".");
        probe.checkMemory(requested);
        FolderProbe.Loss loss = loss(probe, requested, progress);
        lossIsDone.run();
        FolderProbe.Result result = probe.measure(requested, at -> progress.measured(at, atMost, requested.to()));
        progress.end();
        return new ProbedFolder(
                folder,
                probe.model().network(),
                loss,
                result,
                ProbeReport.of(probe, requested, loss.value(), result, dtype, settled));
    }

    private static void exists(Path folder) {
        if (!Files.exists(folder) && HUB_NAME.matcher(folder.toString()).matches()) {
            throw new Refusal(folder + " is no folder: name one with config.json and model.safetensors, or download"
                    + " that model first, with huggingface-cli download " + folder + " --local-dir "
                    + folder.getFileName() + ".");
        }
    }

    private FolderProbe open(Path folder, String settled) {
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

    private static FolderProbe.Loss loss(FolderProbe probe, EstimatorSpec requested, ProgressPrinter progress) {
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

    private void writeCsv(ProbeComparison comparison) {
        csv.ifPresent(file -> write("--csv", file, comparison.csv().getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] indented(Object value) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A result could not be written as JSON.", e);
        }
    }

    private static void write(String option, Path file, byte[] content) {
        try {
            WholeFile.write(file, content);
        } catch (IOException notWritten) {
            throw new Refusal(option + " " + file + " cannot be written: name a file on a disk with room.");
        }
    }
}
