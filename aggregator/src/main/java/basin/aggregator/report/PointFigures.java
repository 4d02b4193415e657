package basin.aggregator.report;

import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flatness against accuracy beside loss against accuracy, one point a run. Immutable.
 *
 * @param flatness figure; empty where no run has a positive trace here
 * @param flatnessCaption what its points and bars are
 * @param losses figure; empty where no run has a point here
 * @param lossCaption what its points and bars are
 */
record PointFigures(String flatness, String flatnessCaption, String losses, String lossCaption) {
    /** In the place of a level: last checkpoints. */
    static final String LAST = "last";

    /** The points of a task and protocol at a level, or at {@link #LAST}. */
    static PointFigures of(StudyView view, String title, String task, String protocol, String level) {
        List<Svg.Dot> flatness = new ArrayList<>();
        List<Svg.Dot> losses = new ArrayList<>();
        String measure = view.measures().isEmpty() ? "" : view.measures().getFirst();
        for (StudyView.Run run : view.runs()) {
            for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
                boolean stands = level.equals(LAST)
                        ? checkpoint.last()
                        : checkpoint.matched().stream().map(String::valueOf).anyMatch(level::equals);
                Optional<StudyView.Downstream> down = checkpoint.downstream().stream()
                        .filter(one -> one.task().equals(task) && one.protocol().equals(protocol))
                        .findFirst();
                if (stands && down.isPresent()) {
                    losses.add(lossDot(view, run, checkpoint, down.get()));
                    checkpoint.flatness().stream()
                            .filter(flat -> flat.quantity().equals(measure) && flat.value() > 0)
                            .findFirst()
                            .ifPresent(flat -> flatness.add(flatDot(view, run, checkpoint, flat, down.get())));
                }
            }
        }
        return new PointFigures(
                flatness.isEmpty()
                        ? ""
                        : Svg.scatter(
                                "Flatness and accuracy. " + title,
                                HtmlReport.symbol(measure) + ", nats, logarithmic: right is flatter",
                                "accuracy above untrained",
                                true,
                                flatness),
                flatness.size() + " runs; bars: " + HtmlReport.percent(confidenceOfTraces(view))
                        + " interval of the trace over pairs, 95 % of the accuracy over repetitions (normal)",
                losses.isEmpty()
                        ? ""
                        : Svg.scatter(
                                "Loss and accuracy. " + title,
                                view.loss().quantity() + ", nats: right is lower",
                                "accuracy above untrained",
                                false,
                                losses),
                losses.size() + " runs; bars: 95 % (normal) of the "
                        + view.loss().quantity() + " over sentences and of the accuracy over repetitions");
    }

    private static double confidenceOfTraces(StudyView view) {
        return view.runs().stream()
                .flatMap(run -> run.checkpoints().stream())
                .flatMap(checkpoint -> checkpoint.flatness().stream())
                .map(flat -> flat.interval().confidence())
                .findFirst()
                .orElse(0.95);
    }

    private static Svg.Dot flatDot(
            StudyView view,
            StudyView.Run run,
            StudyView.Checkpoint checkpoint,
            StudyView.Flatness flat,
            StudyView.Downstream down) {
        double error = HtmlReport.NORMAL_95 * down.above().standardError();
        return new Svg.Dot(
                flat.value(),
                flat.interval().low(),
                flat.interval().high(),
                down.above().value(),
                down.above().value() - error,
                down.above().value() + error,
                HtmlReport.group(view, run),
                about(run, checkpoint) + ": " + HtmlReport.symbol(flat.quantity()) + " = "
                        + HtmlReport.number(flat.value()) + " nats ("
                        + HtmlReport.number(flat.interval().low()) + " to "
                        + HtmlReport.number(flat.interval().high()) + ", "
                        + flat.pairs() + " pairs, " + flat.estimator() + ", seed " + flat.seed() + ")" + above(down));
    }

    private static Svg.Dot lossDot(
            StudyView view, StudyView.Run run, StudyView.Checkpoint checkpoint, StudyView.Downstream down) {
        double error = HtmlReport.NORMAL_95 * down.above().standardError();
        double own = HtmlReport.NORMAL_95 * checkpoint.excess().standardError();
        double excess = checkpoint.excess().value();
        return new Svg.Dot(
                excess,
                excess - own,
                excess + own,
                down.above().value(),
                down.above().value() - error,
                down.above().value() + error,
                HtmlReport.group(view, run),
                about(run, checkpoint) + ": " + view.loss().quantity() + " " + HtmlReport.number(excess)
                        + " nats (standard error "
                        + HtmlReport.number(checkpoint.excess().standardError()) + ", " + checkpoint.sentences()
                        + " sentences)" + above(down));
    }

    private static String about(StudyView.Run run, StudyView.Checkpoint checkpoint) {
        return run.label() + ", step " + checkpoint.step();
    }

    private static String above(StudyView.Downstream down) {
        return "; accuracy " + HtmlReport.number(down.accuracy().value()) + ", "
                + HtmlReport.number(down.above().value())
                + " above untrained (standard error "
                + HtmlReport.number(down.above().standardError()) + ", "
                + down.repetitions() + " repetitions)";
    }
}
