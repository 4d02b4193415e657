package basin.cli.command;

import basin.aggregator.Replay;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.aggregator.report.RankingSection;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.file.QuestionFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(2, studyId));
        blocks.addAll(RankingSection.table(ranking));
        blocks.add(new Block.Paragraph(Numbers.plural(ranking.runs(), "run") + " in " + ranking.strata()
                + " strata. Kendall's τ with accuracy above the untrained network. Intervals of differences hold"
                + " together; p is adjusted for all pairs, q for all rankings of the answer too. All of it is"
                + " exploratory."));
        out.print(PlainText.of(blocks));
        out.flush();
    }
}
