package basin.aggregator;

import basin.aggregator.view.Progress;
import basin.aggregator.view.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Estimates a study's progress and remaining time. Progress is a weighted mean of the shares of
 * steps and measurements done. The remaining time is extrapolated from the progress since this
 * process first saw the study. Thread-safe.
 */
final class ProgressEstimate {
    private static final double TRAINING_SHARE = 0.6;
    private static final double MIN_FRACTION = 0.01;

    private final long startedNanos = System.nanoTime();
    private double startFraction = -1;

    Progress of(PublishedView published, Progress.Pipeline pipeline) {
        StudyView view = published.view();
        double training = view.runs().stream()
                .mapToDouble(ProgressEstimate::fraction)
                .average()
                .orElse(0);
        double checkpoints =
                view.runs().stream().mapToInt(run -> run.checkpoints().size()).sum();
        double measured = view.done().measurements() == 0
                ? 0
                : training * view.done().measured() / view.done().measurements();
        boolean done = view.ended();
        double fraction = done ? 1 : TRAINING_SHARE * training + (1 - TRAINING_SHARE) * measured;
        OptionalLong remaining = done ? OptionalLong.of(0) : remaining(fraction, checkpoints);
        List<Progress.Run> runs = new ArrayList<>();
        for (StudyView.Run run : view.runs()) {
            double own = fraction(run);
            // Runs are trained in turn. Those behind the average end with the study, those ahead
            // proportionally earlier.
            OptionalLong left = run.state().equals("done") || run.state().equals("failed")
                    ? OptionalLong.of(0)
                    : remaining.isPresent() && training < 1
                            ? OptionalLong.of(
                                    Math.round(remaining.getAsLong() * Math.min(1, (1 - own) / (1 - training))))
                            : OptionalLong.empty();
            runs.add(new Progress.Run(run.runId(), own, left));
        }
        return new Progress(
                view.studyId(),
                view.revision().events(),
                (System.nanoTime() - published.madeAtNanos()) / 1_000_000,
                fraction,
                remaining,
                runs,
                pipeline);
    }

    private synchronized OptionalLong remaining(double fraction, double checkpoints) {
        if (startFraction < 0) {
            startFraction = fraction;
        }
        double gained = fraction - startFraction;
        if (gained < MIN_FRACTION || checkpoints == 0) {
            return OptionalLong.empty();
        }
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        return OptionalLong.of(Math.round(seconds * (1 - fraction) / gained));
    }

    private static double fraction(StudyView.Run run) {
        return switch (run.state()) {
            case "done", "failed" -> 1;
            default -> (double) run.step() / run.steps();
        };
    }
}
