package basin.aggregator.fold;

import basin.record.Event;
import java.util.List;
import java.util.Optional;

/**
 * The state of a run. Immutable.
 *
 * @param losses losses in ascending order of steps
 * @param checkpoints checkpoints in ascending order of steps
 */
public record RunState(
        Event.RunDeclared declared,
        List<Event.LossMeasured> losses,
        List<CheckpointState> checkpoints,
        Optional<Event.RunFinished> finished,
        Optional<Event.RunFailed> failed) {
    /** Returns whether the run has finished or failed and so will publish no more checkpoints. */
    public boolean ended() {
        return finished.isPresent() || failed.isPresent();
    }

    /**
     * Returns the run's state for a view: {@code declared}, {@code running}, {@code done} or
     * {@code failed}.
     */
    public String state() {
        return failed.isPresent() ? "failed" : finished.isPresent() ? "done" : step() > 0 ? "running" : "declared";
    }

    /** Returns the number of steps known to have been taken. */
    public int step() {
        int measured = losses.isEmpty() ? 0 : losses.getLast().step();
        int published =
                checkpoints.isEmpty() ? 0 : checkpoints.getLast().published().step();
        return Math.max(measured, published);
    }
}
