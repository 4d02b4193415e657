package basin.aggregator.report;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.FactorEffect;
import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.statistics.PairedMean;
import basin.aggregator.view.ArmTable;
import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Effects of a study's factors, as differences within pairs: way of training, duration and size.
 * Pure functions.
 *
 * @param level level of the headline
 * @param task task of the headline
 * @param protocol protocol of the headline
 * @param summary whether rows of other tasks and measures are folded under a summary line
 */
record FactorSection(StudyView view, Optional<Double> level, String task, String protocol, boolean summary) {
    private static final int FEWEST_FOR_P = 2;

    /**
     * One effect.
     *
     * @param estimator estimator of a trace of embedded networks; otherwise empty
     */
    private record Effect(String column, String measure, String task, String protocol, String estimator, String text) {}

    /**
     * Returns the comparison of the ways of training at the level, or at last checkpoints if no
     * pair reaches the level.
     */
    List<Block> arms() {
        List<ArmRow> own = level.map(at -> ArmTable.at(view, ArmRow.At.MATCHED, Optional.of(at)))
                .orElse(List.of());
        List<ArmRow> rows = own.isEmpty() ? ArmTable.at(view, ArmRow.At.LAST, Optional.empty()) : own;
        if (rows.isEmpty()) {
            return List.of();
        }
        String measure = view.measures().isEmpty()
                ? rows.getFirst().measure()
                : view.measures().getFirst();
        List<Block.Figure> figures = new ArrayList<>();
        figure(
                figures,
                "trace",
                "ln " + Words.symbol(measure),
                rows.stream().filter(row -> row.measure().equals(measure)).toList());
        figure(
                figures,
                "accuracy",
                "accuracy on " + task + " by " + protocol,
                rows.stream()
                        .filter(row -> row.measure().equals(ArmAnalysis.ACCURACY)
                                && row.task().equals(task)
                                && row.protocol().equals(protocol))
                        .toList());
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading(2, "Ways of training, " + ArmTable.compared(view, rows.getFirst())));
        blocks.add(new Block.Paragraph("Arm less `" + rows.getFirst().reference()
                + "`, mean over pairs of runs alike in size and seed, with its interval, pairs and sign-flip p; of"
                + " traces the difference of ln. An arm that is not here has no pair at this level."));
        blocks.add(new Block.Figures(figures, false));
        tables(
                blocks,
                rows.stream()
                        .map(row -> new Effect(
                                row.arm(),
                                row.measure(),
                                row.task(),
                                row.protocol(),
                                "",
                                text(ArmTable.difference(row), row.pairs(), row.p())))
                        .toList());
        return blocks;
    }

    private void figure(List<Block.Figure> figures, String name, String title, List<ArmRow> rows) {
        if (!rows.isEmpty()) {
            figures.add(ArmSection.figure(view.name() + "-arms-" + name, title, rows));
        }
    }

    /** Returns the effect of training on from the level to the last step. */
    List<Block> durations(List<FactorEffect> effects) {
        return level.map(at -> effects(
                        effects.stream()
                                .filter(row -> row.factor() == FactorEffect.Factor.DURATION
                                        && row.level().equals(level))
                                .toList(),
                        "Training on, from " + nats(at) + " to the last step",
                        "A run's last checkpoint less its own first one at the level, mean over runs; `all` are all"
                                + " runs that were trained to the pre-training loss alone."))
                .orElse(List.of());
    }

    /** Returns the comparison of the sizes with the first one. */
    List<Block> sizes(List<FactorEffect> effects) {
        return effects(
                effects.stream()
                        .filter(row -> row.factor() == FactorEffect.Factor.SIZE
                                && (row.level().isEmpty() || row.level().equals(level)))
                        .toList(),
                "Sizes, less " + view.sizes().getFirst().name(),
                "Mean over pairs of runs alike in way of training and seed. Traces of different sizes are not in one"
                        + " parameterisation; rows that name an architecture are of the same networks embedded in it"
                        + " without a change of their functions.");
    }

    private List<Block> effects(List<FactorEffect> effects, String heading, String how) {
        List<Effect> rows = effects.stream()
                .flatMap(row -> row.mean().map(mean -> effect(row, mean)).stream())
                .toList();
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(2, heading), new Block.Paragraph(how)));
        tables(blocks, rows);
        return blocks;
    }

    private Effect effect(FactorEffect row, PairedMean mean) {
        String column = row.factor() == FactorEffect.Factor.DURATION
                ? row.of()
                : row.of() + ", " + row.level().map(this::nats).orElse("last checkpoints");
        return new Effect(
                column,
                row.measure(),
                row.task(),
                row.protocol(),
                row.estimator(),
                text(
                        ArmTable.difference(
                                mean.mean(),
                                mean.standardError(),
                                mean.interval().low(),
                                mean.interval().high()),
                        mean.pairs(),
                        mean.p().map(p -> p.value())));
    }

    private String nats(double at) {
        return view.loss().level() + " " + Numbers.level(at) + " nats";
    }

    private static String text(String difference, int pairs, Optional<Double> p) {
        return difference + " n " + pairs
                + p.filter(own -> pairs >= FEWEST_FOR_P)
                        .map(own -> " " + Numbers.named("p", own))
                        .orElse("");
    }

    private void tables(List<Block> blocks, List<Effect> effects) {
        blocks.add(table(effects.stream().filter(one -> !summary || leads(one)).toList()));
        List<Effect> behind =
                effects.stream().filter(one -> summary && !leads(one)).toList();
        if (!behind.isEmpty()) {
            blocks.add(new Block.Details("Other tasks and measures", false, List.of(table(behind))));
        }
    }

    private Block table(List<Effect> effects) {
        return Block.Table.of(
                "",
                "none",
                effects.stream()
                        .map(one -> new Block.Cell(
                                one.column(),
                                ArmTable.title(view, one.measure(), one.task(), one.protocol())
                                        + (one.estimator().isEmpty() ? "" : " (" + one.estimator() + ")"),
                                one.text()))
                        .toList());
    }

    /**
     * Returns whether an effect is shown in the first table: traces of the study's own measures,
     * accuracies on the headline's task, loss and cost.
     */
    private boolean leads(Effect one) {
        return switch (one.measure()) {
            case ArmAnalysis.ACCURACY -> one.task().equals(task);
            case ArmAnalysis.LOSS, ArmAnalysis.STEPS, ArmAnalysis.GRADIENTS -> true;
            default ->
                one.estimator().isEmpty()
                        ? view.measures().contains(one.measure())
                        : one.measure().equals(view.measures().getFirst());
        };
    }
}
