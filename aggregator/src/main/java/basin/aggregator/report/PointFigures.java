package basin.aggregator.report;

import basin.aggregator.present.Block;
import basin.aggregator.present.Numbers;
import basin.aggregator.present.Words;
import basin.aggregator.view.Estimate;
import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scatter plots of flatness against accuracy and of loss against accuracy, one point per run, with
 * the view's intervals as bars. Pure functions.
 */
final class PointFigures {
    private PointFigures() {}

    /**
     * Returns the figures for a task and protocol.
     *
     * @param level level at which runs are compared; empty for last checkpoints
     * @param name prefix of the figures' names
     * @return empty if no run has a point
     */
    static Optional<Block.Figures> of(
            StudyView view, String task, String protocol, Optional<Double> level, String name) {
        List<Svg.Dot> flatness = new ArrayList<>();
        List<Svg.Dot> losses = new ArrayList<>();
        String measure = view.measures().isEmpty() ? "" : view.measures().getFirst();
        for (StudyView.Run run : view.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                Optional<StudyView.Downstream> down = downstream(checkpoint, task, protocol);
                if (stands(checkpoint, level) && down.isPresent()) {
                    String about = run.label() + ", step " + Numbers.count(checkpoint.step()) + ": ";
                    int group = group(view, run);
                    losses.add(dot(checkpoint.loss(), down.get(), group, about + loss(view, checkpoint)));
                    checkpoint.flatness().stream()
                            .filter(flat -> flat.quantity().equals(measure) && flat.value() > 0)
                            .findFirst()
                            .ifPresent(flat ->
                                    flatness.add(dot(flat.estimate(), down.get(), group, about + reported(flat))));
                }
            }
        }
        if (losses.isEmpty()) {
            return Optional.empty();
        }
        String title = title(view, task, protocol, level);
        String interval = Numbers.percent(view.pointConfidence()) + " intervals";
        List<Block.Figure> figures = new ArrayList<>();
        if (!flatness.isEmpty()) {
            figures.add(new Block.Figure(
                    name + "-flatness",
                    Svg.scatter(
                            "Flatness and accuracy. " + title,
                            Words.symbol(measure) + ", nats, logarithmic: right is flatter",
                            "accuracy above untrained",
                            true,
                            flatness),
                    "Flatness against accuracy, " + Numbers.plural(flatness.size(), "run") + "; bars: " + interval
                            + " of the trace over pairs and of the accuracy over repetitions"));
        }
        figures.add(new Block.Figure(
                name + "-loss",
                Svg.scatter(
                        "Loss and accuracy. " + title,
                        view.loss().quantity() + ", nats: right is lower",
                        "accuracy above untrained",
                        false,
                        losses),
                "Loss against accuracy, " + Numbers.plural(losses.size(), "run") + "; bars: " + interval + " of the "
                        + view.loss().quantity() + " over sentences and of the accuracy over repetitions"));
        return Optional.of(new Block.Figures(figures, false));
    }

    /** Returns the accuracy of a checkpoint on a task by a protocol. */
    static Optional<StudyView.Downstream> downstream(StudyView.Checkpoint checkpoint, String task, String protocol) {
        return checkpoint.downstream().stream()
                .filter(one -> one.task().equals(task) && one.protocol().equals(protocol))
                .findFirst();
    }

    /** Returns whether a checkpoint represents its run at a level, or as its last one. */
    static boolean stands(StudyView.Checkpoint checkpoint, Optional<Double> level) {
        return level.map(checkpoint.matched()::contains).orElse(checkpoint.last());
    }

    /** Returns the title of a comparison: task, protocol and checkpoints. */
    static String title(StudyView view, String task, String protocol, Optional<Double> level) {
        return "Task " + task + ", " + protocol + ", " + compared(view, level);
    }

    /** Returns a description of the checkpoints that are compared. */
    static String compared(StudyView view, Optional<Double> level) {
        return level.map(at -> "at equal loss, " + view.loss().level() + " " + Numbers.level(at) + " nats")
                .orElse("last checkpoints");
    }

    /** Returns the index of a run's size, from 0. */
    static int group(StudyView view, StudyView.Run run) {
        List<String> names = view.sizes().stream().map(StudyView.Size::name).toList();
        return Math.max(0, names.indexOf(run.size()));
    }

    /** Returns an estimate with its interval. */
    static String reported(Estimate one) {
        return Numbers.estimate(one.value(), one.standardError(), one.low(), one.high());
    }

    private static Svg.Dot dot(Estimate x, StudyView.Downstream down, int group, String about) {
        return new Svg.Dot(
                x,
                down.aboveUntrained(),
                group,
                about + "; accuracy " + reported(down.accuracy()) + ", above untrained "
                        + reported(down.aboveUntrained()) + ", " + Numbers.plural(down.repetitions(), "repetition"));
    }

    private static String reported(StudyView.Flatness flat) {
        return Words.symbol(flat.quantity()) + " = " + reported(flat.estimate()) + " nats, "
                + Numbers.plural(flat.pairs(), "pair") + ", " + flat.estimator() + ", seed " + flat.estimatorSeed();
    }

    private static String loss(StudyView view, StudyView.Checkpoint checkpoint) {
        return view.loss().quantity() + " " + reported(checkpoint.loss()) + " nats, "
                + Numbers.plural(checkpoint.sentences(), "sentence");
    }
}
