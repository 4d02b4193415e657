package basin.local.command;

import basin.aggregator.Replay;
import basin.aggregator.analysis.MeasureRanking;
import basin.events.Finding;
import basin.events.Interval;
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

/** Sets every measure of a study beside every other: which one tells most about accuracy at equal loss, where that can be told. */
@Command(
        name = "rank",
        description = "Sets every measure of flatness, and the loss, beside every other: how each goes with accuracy at"
                + " equal loss, and which differences can be told.",
        sortOptions = false)
public final class RankCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @Spec
    private CommandSpec command;

    @Mixin
    private RecordSource source = new RecordSource();

    @Option(
            names = "--level",
            paramLabel = "NATS",
            description = "Excess loss at which runs are compared; default: the study's level that most runs reach.")
    private Optional<Double> level = Optional.empty();

    @Option(names = "--task", paramLabel = "TASK", description = "Whose accuracy counts; default: the study's first.")
    private Optional<String> task = Optional.empty();

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            description = "By which protocol it is measured; default: the study's first.")
    private Optional<String> protocol = Optional.empty();

    @Option(
            names = "--within",
            paramLabel = "STRATA",
            split = ",",
            description = "Only runs that have these in common are compared, of rate, size, steps and norm, or none;"
                    + " default: size, where there are several.")
    private List<String> within = List.of();

    @Option(
            names = "--analysis",
            paramLabel = "FILE",
            description = "An analysis file with other runs, measures, band, confidence or seed.")
    private Optional<Path> analysis = Optional.empty();

    @Override
    public Integer call() throws Exception {
        QuestionSpec question = QuestionFile.read(analysis);
        if (level.isPresent() && !(level.get() > 0 && Double.isFinite(level.get()))) {
            throw new Refusal("--level is " + level.get() + ": give an excess loss above 0 nats.");
        }
        Optional<List<String>> strata = strata();
        PrintWriter out = command.commandLine().getOut();
        try (PlainSource.Opened record = source.open()) {
            Steps steps = new Steps(out, "records read");
            Replay replay = Replay.read(record.endpoint(), question.time(), steps::at);
            String studyId = source.study(replay);
            show(out, studyId, replay.ranking(studyId, question, level, task, protocol, strata));
        }
        return 0;
    }

    private Optional<List<String>> strata() {
        if (within.isEmpty()) {
            return Optional.empty();
        }
        if (within.equals(List.of(NONE))) {
            return Optional.of(List.of());
        }
        within.stream()
                .filter(one -> !QuestionSpec.STRATA.contains(one))
                .findFirst()
                .ifPresent(one -> {
                    throw new Refusal("--within is '" + one + "': give some of "
                            + String.join(", ", QuestionSpec.STRATA) + ", or none.");
                });
        return Optional.of(QuestionSpec.STRATA.stream().filter(within::contains).toList());
    }

    private static void show(PrintWriter out, String studyId, MeasureRanking ranking) {
        out.printf("%n%s%n%s%n", studyId, ranking.sentence());
        if (!ranking.note().isEmpty()) {
            out.println(ranking.note());
        }
        out.printf("%n  %-32s %7s  %-18s %6s%n", "measure", "τ", "interval", "runs");
        for (MeasureRanking.RankedMeasure one : ranking.ranked()) {
            Finding finding = one.finding();
            out.printf(
                    Locale.ROOT,
                    "  %-32s %7s  %-18s %6d%s%n",
                    one.measure(),
                    finding.value()
                            .map(value -> String.format(Locale.ROOT, "%+.2f", value))
                            .orElse("none"),
                    interval(finding.interval()),
                    finding.runs(),
                    finding.value().isEmpty() ? "  " + finding.note() : "");
        }
        if (!ranking.differences().isEmpty()) {
            out.printf("%n  %-48s %7s  %-18s %7s %7s%n", "difference", "", "interval", "p", "q");
        }
        for (MeasureRanking.Difference one : ranking.differences()) {
            out.printf(
                    Locale.ROOT,
                    "  %-48s %+7.2f  %-18s %7s %7s%n",
                    one.measure() + " less " + one.other(),
                    one.value(),
                    one.interval().isPresent() ? interval(one.interval()) : "order runs alike",
                    share(one.p()),
                    share(one.q()));
        }
        out.printf(
                Locale.ROOT,
                "%nKendall's τ with accuracy above the untrained network, %d runs in %d strata. Intervals of"
                    + " differences hold together; p is adjusted for all pairs, q for all rankings of the answer too."
                    + " All of it is exploratory.%n",
                ranking.runs(),
                ranking.strata());
        out.flush();
    }

    private static String interval(Optional<Interval> interval) {
        return interval.map(own -> String.format(Locale.ROOT, "[%+.2f, %+.2f]", own.low(), own.high()))
                .orElse("");
    }

    private static String share(Optional<Double> p) {
        return p.map(own -> String.format(Locale.ROOT, "%.2g", own)).orElse("");
    }
}
