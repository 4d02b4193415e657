package basin.study;

import static basin.study.Checks.positive;
import static basin.study.Checks.require;
import static basin.study.Checks.within;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The steps at which a run publishes checkpoints: at scheduled steps, when an excess loss is first
 * reached, and always at the last step.
 *
 * @param geometric steps in a geometric series
 * @param every interval between checkpoints in steps; 0 for none
 * @param excess excess losses (nats) whose first crossing publishes a checkpoint
 */
public record CheckpointSpec(Optional<Geometric> geometric, int every, List<Double> excess) {
    public CheckpointSpec {
        within(0, 10_000_000, "checkpoints.every", every);
        excess = excess.stream().sorted((a, b) -> Double.compare(b, a)).toList();
        excess.forEach(target -> positive("checkpoints.excess", target));
        require(
                excess.stream().distinct().count() == excess.size(),
                "checkpoints.excess",
                excess,
                "name each target once");
    }

    /**
     * A geometric series of steps: first, first·ratio, first·ratio², …, rounded to whole steps.
     *
     * @param first the first step
     * @param ratio ratio of successive steps, above 1
     */
    public record Geometric(int first, double ratio) {
        public Geometric {
            within(1, 10_000_000, "checkpoints.geometric.first", first);
            within(1.01, 1000.0, "checkpoints.geometric.ratio", ratio);
        }
    }

    /** Returns a copy with one more excess loss whose first crossing publishes a checkpoint. */
    public CheckpointSpec alsoAt(double level) {
        return excess.contains(level)
                ? this
                : new CheckpointSpec(
                        geometric,
                        every,
                        Stream.concat(excess.stream(), Stream.of(level)).toList());
    }

    /**
     * Returns the scheduled steps of a run of {@code steps} steps, ascending. The last step is
     * always included.
     */
    public SortedSet<Integer> scheduledSteps(int steps) {
        SortedSet<Integer> scheduled = new TreeSet<>();
        scheduled.add(steps);
        geometric.ifPresent(series -> {
            for (double step = series.first(); step < steps; step *= series.ratio()) {
                scheduled.add((int) Math.rint(step));
            }
        });
        for (long step = every; every > 0 && step < steps; step += every) {
            scheduled.add((int) step);
        }
        return scheduled;
    }
}
