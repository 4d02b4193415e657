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
    /** Whether it will publish no more checkpoints. */
    public boolean ended() {
        return finished.isPresent() || failed.isPresent();
    }

    /** How it is, in the words of a view: {@code declared}, {@code running}, {@code done} or {@code failed}. */
    public String state() {
        return failed.isPresent() ? "failed" : finished.isPresent() ? "done" : step() > 0 ? "running" : "declared";
    }

    /** Steps taken, as far as is known. */
    public int step() {
        int measured = losses.isEmpty() ? 0 : losses.getLast().step();
        int published =
                checkpoints.isEmpty() ? 0 : checkpoints.getLast().published().step();
        return Math.max(measured, published);
    }
}
