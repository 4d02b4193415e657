package basin.cli.command;

import basin.aggregator.analysis.ModelSelection;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.aggregator.present.Words;
import basin.cli.document.PickDocument;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import basin.study.StudySpec;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Reports the cost, in accuracy, of choosing among models of nearly equal loss by flatness, by loss
 * or at random.
 */
@Command(
        name = "pick",
        header = "Tests choosing a model by its flatness.",
        description =
                "Chooses among checkpoints of nearly equal loss, one per run, and shows the accuracy lost by choosing"
                        + " by flatness, by loss and at random.",
        footer = {"  ${ROOT-COMMAND-NAME} pick --by fisher.trace", "    Chooses by the trace of the Fisher information."
        })
public final class PickCommand extends PrintingCommand {
    @Mixin
    private ComparedRuns runs = new ComparedRuns();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--by",
            paramLabel = "QUANTITY",
            defaultValue = "hessian.trace",
            description =
                    "Measure of flatness: hessian.trace, fisher.trace or adaptive.trace; default: ${DEFAULT-VALUE}.")
    private String by;

    @Override
    int run(PrintWriter out) throws Exception {
        if (!QuestionSpec.MEASURES.contains(by) || by.equals("loss")) {
            throw new Refusal("--by is '" + by + "': give hessian.trace, fisher.trace or adaptive.trace.");
        }
        ComparedRuns.Compared read = runs.compared();
        ModelSelection picked = read.replay()
                .pick(read.studyId(), read.question(), runs.level, runs.task, runs.protocol, Quantity.of(by));
        json.print(PickDocument.of(read.study(), picked), text -> show(text, read, picked));
        return 0;
    }

    private static void show(PrintWriter out, ComparedRuns.Compared read, ModelSelection picked) {
        StudySpec study = read.replay().spec(read.studyId());
        String loss = study.language().against().level();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(
                2,
                read.studyId() + ": " + picked.candidates().size() + " of " + Numbers.plural(picked.declared(), "run")
                        + " at "
                        + loss + " " + Numbers.level(picked.level()) + " nats (at most " + Numbers.level(picked.band())
                        + " below), task " + picked.task() + ", " + picked.protocol() + "."));
        if (!picked.leftOut().isEmpty()) {
            blocks.add(new Block.Paragraph(picked.leftOut()));
        }
        blocks.add(new Block.Table(
                "",
                List.of("flattest first", "run", "step", picked.measure().id(), loss, "accuracy"),
                picked.candidates().stream()
                        .map(one -> new Block.Row(List.of(
                                one.label(),
                                one.runId(),
                                Numbers.count(one.step()),
                                Numbers.significant(one.trace(), 4),
                                Numbers.fixed(one.excess(), 4),
                                Numbers.fixed(one.accuracy(), 4))))
                        .toList()));
        table(blocks, "Regret, in accuracy: the best minus the chosen, each run left out in turn", picked.rules());
        table(blocks, "Saved, in accuracy: positive where the first chooses better", picked.differences());
        blocks.add(new Block.Heading(2, Words.capital(picked.sentence())));
        var spec = read.question().of(study).analysis();
        blocks.add(new Block.Paragraph("Intervals: percentiles over " + Numbers.plural(spec.resamples(), "resample")
                + " of the runs, seed " + spec.seed() + "; too narrow with few runs. The best is the best measured, so"
                + " that every regret is rather too high; differences are not."));
        out.print(PlainText.of(blocks));
    }

    private static void table(List<Block> blocks, String title, List<ModelSelection.Regret> rows) {
        if (!rows.isEmpty()) {
            blocks.add(new Block.Heading(2, title));
            blocks.add(new Block.Table(
                    "",
                    List.of("rule", "mean", "interval"),
                    rows.stream()
                            .map(row -> new Block.Row(List.of(
                                    row.name(),
                                    Numbers.fixed(row.value(), 4),
                                    row.interval()
                                            .map(own -> Numbers.brackets(
                                                            Numbers.fixed(own.low(), 4), Numbers.fixed(own.high(), 4))
                                                    + " at " + Numbers.percent(own.confidence()))
                                            .orElse("none: too few runs"))))
                            .toList()));
        }
    }
}
