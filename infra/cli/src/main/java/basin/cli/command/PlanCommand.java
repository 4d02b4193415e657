package basin.cli.command;

import basin.aggregator.analysis.StudyPower;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.cli.document.PlanDocument;
import basin.cli.plan.CostEstimate;
import basin.cli.plan.Device;
import basin.cli.plan.Work;
import basin.study.Against;
import basin.study.Ids;
import basin.study.LanguageSpec;
import basin.study.Program;
import basin.study.ProgramVersion;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reports, before a study runs, its cost and the smallest correlation that it can detect. */
@Command(
        name = "plan",
        header = "Shows what a study costs, before you run it.",
        description =
                "Prints words, operations, hours by device, bytes on disk, and the smallest correlation that so many"
                        + " runs can detect. Models and tables that the study names need not be on this machine.",
        footer = {"  ${ROOT-COMMAND-NAME} plan small", "    Shows how long the study small takes on several devices."})
public final class PlanCommand extends PrintingCommand {
    @Parameters(
            paramLabel = "STUDY|FILE",
            description = "A study that comes with Basin (${ROOT-COMMAND-NAME} studies lists them), or a study file.",
            completionCandidates = StudyNames.class)
    private String study;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the record, as for ${ROOT-COMMAND-NAME} run; needed if runs start from recorded"
                    + " checkpoints (startFrom).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--show",
            description = "Prints the whole study file instead, with the defaults of all fields that the file leaves"
                    + " out. It is the same study, with the same id.")
    private boolean show;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    int run(PrintWriter out) {
        Readiness ready = Readiness.of(study, true, () -> Readiness.record(data));
        if (show) {
            StudySpec spec = ready.study();
            Path file = StudyCatalogue.file(study).toAbsolutePath().normalize();
            boolean isHere = ready.conditional().isPresent() && ready.unseen().isEmpty();
            out.println("# Study " + (isHere ? Ids.study(spec) : spec.name())
                    + " with the values of all fields. Files that it names lie beside " + file);
            out.print(StudyFile.whole(file));
            return 0;
        }
        List<String> obstacles = ready.obstacles(Readiness.folder(data, ready.study()));
        json.print(document(ready, obstacles), text -> print(text, ready, obstacles));
        return 0;
    }

    private static PlanDocument document(Readiness ready, List<String> obstacles) {
        StudySpec spec = ready.study();
        CostEstimate cost = ready.cost();
        List<PlanDocument.DeviceTime> devices = new ArrayList<>();
        devices.add(time(Device.CORE, cost.work(), true));
        Device.GPUS.forEach(gpu -> devices.add(time(gpu, cost.work(), false)));
        return new PlanDocument(
                ProgramVersion.current(),
                spec.name(),
                cost.runs(),
                spec.training().steps(),
                cost.tokens(),
                cost.checkpoints(),
                cost.bytes(),
                Arrays.stream(CostEstimate.Part.values())
                        .map(part -> new PlanDocument.Part(
                                part.title(), cost.of(part).operations(), seconds(cost.of(part), Device.CORE)))
                        .toList(),
                devices,
                StudyPower.of(spec).stream()
                        .map(one -> new PlanDocument.Detectable(
                                one.title(),
                                one.smallest().isPresent()
                                        ? Optional.of(one.smallest().getAsDouble())
                                        : Optional.empty()))
                        .toList(),
                ready.unseen(),
                obstacles);
    }

    private static PlanDocument.DeviceTime time(Device device, Work work, boolean measured) {
        return new PlanDocument.DeviceTime(device.name(), seconds(work, device), measured);
    }

    private static double seconds(Work work, Device device) {
        return work.on(device).toMillis() / 1000.0;
    }

    private static void print(PrintWriter out, Readiness ready, List<String> obstacles) {
        StudySpec spec = ready.study();
        OptionalDouble conditional = ready.conditional();
        List<String> unseen = ready.unseen();
        CostEstimate cost = ready.cost();
        grid(out, spec, cost);
        parts(out, cost);
        language(out, spec, conditional);
        if (unseen.isEmpty() && conditional.isPresent()) {
            TextWords.of(spec).forEach(out::println);
        } else if (!unseen.isEmpty()) {
            out.println("Not on this machine is a table, the tokenizer or the model of "
                    + (unseen.size() == 1 ? "task " : "tasks ") + String.join(", ", unseen)
                    + ": whether they have as many examples as the protocols want, and how many rows are left out, is"
                    + " not known. Put them where the study file says, and plan again.");
        }
        devices(out, cost.work());
        out.printf(
                "%nOn the topics: at most %s in %,d checkpoints.%n", Numbers.bytes(cost.bytes()), cost.checkpoints());
        detectable(out, spec);
        obstacles(out, obstacles);
    }

    /**
     * Prints the measured time of one exact conditional, or that the language's model is not on
     * this machine.
     */
    private static void language(PrintWriter out, StudySpec spec, OptionalDouble conditional) {
        if (conditional.isEmpty()) {
            out.println("The language's model is not on this machine: its exact conditionals"
                    + (spec.language() instanceof LanguageSpec.Teacher
                            ? " and the sentences that it writes, which can take far longer than all else, are"
                            : " are")
                    + " not counted. Put it where the study file says, and plan again.");
        } else if (spec.language().against() == Against.OPTIMUM) {
            out.printf(
                    Locale.ROOT,
                    "An exact conditional of this language took %s of one core, measured just now.%n",
                    seconds(conditional.getAsDouble()));
        }
    }

    private static void grid(PrintWriter out, StudySpec spec, CostEstimate cost) {
        out.printf(
                "Study %s: %s, %,d steps each; %s words in training.%n%n",
                spec.name(), GridWords.of(spec), spec.training().steps(), Numbers.about(cost.tokens()));
    }

    private static void parts(PrintWriter out, CostEstimate cost) {
        List<List<String>> rows = new ArrayList<>();
        for (CostEstimate.Part part : CostEstimate.Part.values()) {
            if (part != CostEstimate.Part.SENTENCES || cost.of(part).coreSeconds() > 0) {
                rows.add(row(part.title(), cost.of(part)));
            }
        }
        rows.add(row("together", cost.work()));
        table(out, List.of("", "operations", "on one core"), rows);
    }

    private static List<String> row(String title, Work work) {
        return List.of(
                title,
                work.operations() == 0 ? "–" : Numbers.significant(work.operations(), 2),
                Numbers.time(work.on(Device.CORE)));
    }

    private static void devices(PrintWriter out, Work work) {
        int cores = Runtime.getRuntime().availableProcessors();
        out.printf("%nTogether, by device, one of each and one core beside it:%n");
        Duration core = work.on(Device.CORE);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(Device.CORE.name(), Numbers.time(core), "measured"));
        rows.add(List.of("this machine, " + cores + " cores", Numbers.time(core.dividedBy(cores)), "from that"));
        String origin = "not measured: " + Numbers.percent(Device.KEPT_UP) + " of the data sheet's float32 peak";
        Device.GPUS.forEach(gpu -> rows.add(List.of(gpu.name(), Numbers.time(work.on(gpu)), origin)));
        table(out, List.of("device", "time", "origin"), rows);
        out.println("Good to about a factor of two where it was measured. More workers share the work.");
    }

    private static void detectable(PrintWriter out, StudySpec spec) {
        out.printf(
                "%nSmallest correlation that is found to differ from zero (two-sided, level %s) with probability %s,"
                        + " if all runs reach the same loss:%n",
                Numbers.fixed(StudyPower.SIGNIFICANCE, 2), Numbers.fixed(StudyPower.POWER, 2));
        table(
                out,
                List.of("comparison", "smallest"),
                StudyPower.of(spec).stream()
                        .map(one -> List.of(
                                one.title(),
                                one.smallest().isPresent()
                                        ? Numbers.correlation(one.smallest().getAsDouble())
                                        : "none: too few runs"))
                        .toList());
    }

    /** Prints why {@code run} would refuse the study here now. */
    private static void obstacles(PrintWriter out, List<String> obstacles) {
        if (!obstacles.isEmpty()) {
            out.printf("%nHere and now, %s run refuses this study:%n", Program.NAME);
            obstacles.forEach(obstacle -> out.println("  " + obstacle));
        }
    }

    private static void table(PrintWriter out, List<String> heads, List<List<String>> rows) {
        List<Block.Row> cells = rows.stream().map(Block.Row::new).toList();
        out.print(PlainText.of(List.of(new Block.Table("", heads, cells))));
    }

    private static String seconds(double seconds) {
        return seconds < 1e-3
                ? String.format(Locale.ROOT, "%.0f µs", 1e6 * seconds)
                : seconds < 1
                        ? String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds)
                        : String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
