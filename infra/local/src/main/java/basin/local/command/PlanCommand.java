package basin.local.command;

import basin.aggregator.analysis.StudyPower;
import basin.events.spec.Against;
import basin.events.spec.LanguageSpec;
import basin.events.spec.StudySpec;
import basin.lm.Studies;
import basin.local.plan.CostEstimate;
import basin.local.plan.Device;
import basin.local.plan.LanguageSpeed;
import basin.local.plan.Work;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a study will take, and what it can find, before its first step. */
@Command(
        name = "plan",
        description = "Says what a study takes before it is run, in words, operations, hours by device and bytes on the"
                + " topics, and the smallest correlation that so many runs can tell from none.")
public final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "STUDY|FILE",
            description =
                    "A study that comes with Basin (infra/basin studies lists them) or a study file; a model and tables"
                            + " that it names need not be there.")
    private String study;

    @Override
    public Integer call() {
        StudySpec spec = StudyCatalogue.beside().draft(study);
        OptionalDouble conditional = LanguageSpeed.conditionalSeconds(
                spec.language(), spec.training().predicted());
        List<String> unseen = Studies.checkWhatIsHere(spec);
        CostEstimate cost =
                CostEstimate.of(spec, conditional.orElse(0), LanguageSpeed.sentenceSeconds(spec.language()));
        PrintWriter out = command.commandLine().getOut();
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
                "%nOn the topics: at most %s in %,d checkpoints.%n", Wording.bytes(cost.bytes()), cost.checkpoints());
        detectable(out, spec);
        out.flush();
        return 0;
    }

    /** What its time was told from, where it has one. */
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
                "Study %s: %d runs (%d sizes, %d algorithms, %d seeds), %,d steps each; %s words in training.%n%n",
                spec.name(),
                cost.runs(),
                spec.sizes().size(),
                spec.algorithms().size(),
                spec.seeds().size(),
                spec.training().steps(),
                Wording.count(cost.tokens()));
    }

    private static void parts(PrintWriter out, CostEstimate cost) {
        out.printf("%-20s %12s %14s%n", "", "operations", "on one core");
        for (CostEstimate.Part part : CostEstimate.Part.values()) {
            if (part != CostEstimate.Part.SENTENCES || cost.of(part).coreSeconds() > 0) {
                row(out, part.title(), cost.of(part));
            }
        }
        row(out, "together", cost.work());
    }

    private static void row(PrintWriter out, String title, Work work) {
        out.printf(
                Locale.ROOT,
                "%-20s %12s %14s%n",
                title,
                work.operations() == 0 ? "–" : String.format(Locale.ROOT, "%.1e", work.operations()),
                Wording.time(work.on(Device.CORE)));
    }

    private static void devices(PrintWriter out, Work work) {
        int cores = Runtime.getRuntime().availableProcessors();
        out.printf("%nTogether, by device, one of each and one core beside it:%n");
        device(out, Device.CORE.name(), work.on(Device.CORE), "measured");
        device(out, "this machine, " + cores + " cores", work.on(Device.CORE).dividedBy(cores), "from that");
        for (Device gpu : Device.GPUS) {
            device(
                    out,
                    gpu.name(),
                    work.on(gpu),
                    String.format(
                            Locale.ROOT,
                            "not measured: %.0f %% of the data sheet's float32 peak",
                            100 * Device.KEPT_UP));
        }
        out.println("Good to about a factor of two where it was measured. More workers share the work.");
    }

    private static void device(PrintWriter out, String name, Duration time, String origin) {
        out.printf(Locale.ROOT, "  %-28s %16s   %s%n", name, Wording.time(time), origin);
    }

    private static void detectable(PrintWriter out, StudySpec spec) {
        out.printf(
                Locale.ROOT,
                "%nSmallest correlation that is told from none (two-sided, level %.2f) with probability %.2f, if all"
                        + " runs come to the same loss:%n",
                StudyPower.SIGNIFICANCE,
                StudyPower.POWER);
        for (StudyPower.Comparison comparison : StudyPower.of(spec)) {
            OptionalDouble smallest = comparison.smallest();
            out.printf(
                    Locale.ROOT,
                    "  %-42s %s%n",
                    comparison.title(),
                    smallest.isPresent()
                            ? String.format(Locale.ROOT, "%.2f", smallest.getAsDouble())
                            : "none: too few runs");
        }
    }

    private static String seconds(double seconds) {
        return seconds < 1e-3
                ? String.format(Locale.ROOT, "%.0f µs", 1e6 * seconds)
                : seconds < 1
                        ? String.format(Locale.ROOT, "%.1f ms", 1e3 * seconds)
                        : String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
