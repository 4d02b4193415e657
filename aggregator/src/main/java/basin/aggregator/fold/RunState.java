package basin.aggregator.fold;

import basin.record.Event;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a run. Immutable.
 *
 * @param losses ascending by step
 * @param checkpoints ascending by step
 */
public record RunState(
        Event.RunDeclared declared,
        List<Event.LossMeasured> losses,
        List<CheckpointState> checkpoints,
        Optional<Event.RunFinished> finished,
        Optional<Event.RunFailed> failed) {
    public RunState {
        losses = List.copyOf(losses);
        checkpoints = List.copyOf(checkpoints);
    }

    /** Whether it will publish no more checkpoints. */
    public boolean ended() {
        return finished.isPresent() || failed.isPresent();
    }

    /** Steps taken, as far as is known. */
    public int step() {
        int measured = losses.isEmpty() ? 0 : losses.getLast().step();
        int published =
                checkpoints.isEmpty() ? 0 : checkpoints.getLast().published().step();
        return Math.max(measured, published);
    }
}
