package basin.local.command;

import basin.aggregator.Replay;
import basin.aggregator.analysis.ModelSelection;
import basin.events.Quantity;
import basin.events.QuestionFile;
import basin.events.spec.QuestionSpec;
import basin.events.spec.Refusal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what it costs to choose a model of nearly equal loss by flatness, by loss or at random. */
@Command(
        name = "pick",
        description =
                "Chooses among checkpoints of nearly equal loss, one a run, and says what choosing by flatness, by"
                        + " loss and at random costs in accuracy.",
        sortOptions = false)
public final class PickCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private RecordSource source = new RecordSource();

    @Option(
            names = "--level",
            paramLabel = "NATS",
            description = "Loss at which runs are compared; default: the study's level that most runs reach.")
    private Optional<Double> level = Optional.empty();

    @Option(names = "--task", paramLabel = "TASK", description = "Whose accuracy counts; default: the study's first.")
    private Optional<String> task = Optional.empty();

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            description = "By which protocol it is measured; default: the study's first.")
    private Optional<String> protocol = Optional.empty();

    @Option(
            names = "--by",
            paramLabel = "QUANTITY",
            defaultValue = "hessian.trace",
            description = "Which trace tells flatness: hessian.trace, fisher.trace or adaptive.trace; default:"
                    + " ${DEFAULT-VALUE}.")
    private String by;

    @Option(
            names = "--analysis",
            paramLabel = "FILE",
            description = "An analysis file with other runs, band, confidence, resamples or seed.")
    private Optional<Path> analysis = Optional.empty();

    @Override
    public Integer call() throws Exception {
        QuestionSpec question = QuestionFile.read(analysis);
        if (!QuestionSpec.MEASURES.contains(by) || by.equals("loss")) {
            throw new Refusal("--by is '" + by + "': give hessian.trace, fisher.trace or adaptive.trace.");
        }
        if (level.isPresent() && !(level.get() > 0 && Double.isFinite(level.get()))) {
            throw new Refusal("--level is " + level.get() + ": give a loss above 0 nats.");
        }
        PrintWriter out = command.commandLine().getOut();
        try (PlainSource.Opened record = source.open()) {
            Steps steps = new Steps(out, "records read");
            Replay replay = Replay.read(record.endpoint(), question.time(), steps::at);
            String studyId = source.study(replay);
            show(
                    out,
                    studyId,
                    replay.pick(studyId, question, level, task, protocol, Quantity.of(by)),
                    replay,
                    question);
        }
        return 0;
    }

    private static void show(
            PrintWriter out, String studyId, ModelSelection picked, Replay replay, QuestionSpec question) {
        String loss = replay.spec(studyId).language().against().level();
        out.printf(
                Locale.ROOT,
                "%n%s: %d of %d runs at %s %s nats (at most %s below), task %s, %s.%n",
                studyId,
                picked.candidates().size(),
                picked.declared(),
                loss,
                picked.level(),
                picked.band(),
                picked.task(),
                picked.protocol());
        if (!picked.leftOut().isEmpty()) {
            out.println(picked.leftOut());
        }
        out.printf(
                "%n  %-24s %-16s %8s %12s %13s %10s%n",
                "flattest first", "run", "step", picked.measure().id(), loss, "accuracy");
        for (ModelSelection.Candidate one : picked.candidates()) {
            out.printf(
                    Locale.ROOT,
                    "  %-24s %-16s %8d %12.4g %13.4f %10.4f%n",
                    one.label(),
                    one.runId(),
                    one.step(),
                    one.trace(),
                    one.excess(),
                    one.accuracy());
        }
        table(out, "Regret, in accuracy: the best less the chosen, each run left out in turn", picked.rules());
        table(out, "Saved, in accuracy: positive where the first chooses better", picked.differences());
        out.println();
        out.println(capital(picked.sentence()));
        var spec = question.of(replay.spec(studyId)).analysis();
        out.printf(
                Locale.ROOT,
                "Intervals: percentiles over %,d resamples of the runs, seed %d; too narrow with few runs. The best is"
                        + " the best measured, so that every regret is rather too high; differences are not.%n",
                spec.resamples(),
                spec.seed());
        out.flush();
    }

    private static void table(PrintWriter out, String title, List<ModelSelection.Regret> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.printf("%n%s%n", title);
        for (ModelSelection.Regret row : rows) {
            out.printf(
                    Locale.ROOT,
                    "  %-28s %+.4f  %s%n",
                    row.name(),
                    row.value(),
                    row.interval()
                            .map(own -> String.format(
                                    Locale.ROOT,
                                    "[%+.4f, %+.4f] at %.0f %%",
                                    own.low(),
                                    own.high(),
                                    100 * own.confidence()))
                            .orElse("no interval: too few runs"));
        }
    }

    private static String capital(String sentence) {
        return sentence.isEmpty() ? "" : Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
