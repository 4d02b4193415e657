package basin.cli.command;

import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.PlainText;
import basin.aggregator.report.RankingSection;
import basin.cli.document.RankDocument;
import basin.study.QuestionSpec;
import basin.study.Refusal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Ranks the measures of a study by their correlation with accuracy at equal loss, and reports which
 * differences are significant.
 */
@Command(
        name = "rank",
        header = "Ranks flatness measures by what they predict.",
        description =
                "Ranks every measure of flatness, and the loss, by how well it predicts accuracy among runs at equal"
                        + " loss, and tests the differences.",
        footer = {"  ${ROOT-COMMAND-NAME} rank --within size", "    Compares runs of the same size only."})
public final class RankCommand extends PrintingCommand {
    private static final String NONE = "none";

    @Mixin
    private ComparedRuns runs = new ComparedRuns();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--within",
            paramLabel = "STRATA",
            split = ",",
            description = "Compares only runs that have these in common: rate, size, steps, norm, several separated by"
                    + " commas, or none. Default: size if there are several sizes.")
    private List<String> within = List.of();

    @Override
    int run(PrintWriter out) throws Exception {
        Optional<List<String>> strata = strata();
        ComparedRuns.Compared read = runs.compared();
        MeasureRanking ranking =
                read.replay().ranking(read.studyId(), read.question(), runs.level, runs.task, runs.protocol, strata);
        json.print(RankDocument.of(read.study(), ranking), text -> show(text, read.studyId(), ranking));
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
    }
}
