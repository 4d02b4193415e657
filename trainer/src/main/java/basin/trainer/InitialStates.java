package basin.trainer;

import basin.language.study.Networks;
import basin.log.work.UnprocessableWork;
import basin.network.Weights;
import basin.service.CheckpointReader;
import basin.service.RecordView;
import basin.service.RecordView.StoredCheckpoint;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.StartSpec;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.util.Optional;

/**
 * Training states before the first step, from initial weights or from a recorded checkpoint.
 * Thread-safe.
 */
final class InitialStates {
    private final RecordView view;
    private final CheckpointReader checkpoints;
    private final PreTraining training;

    InitialStates(RecordView view, CheckpointReader checkpoints, PreTraining training) {
        this.view = view;
        this.checkpoints = checkpoints;
        this.training = training;
    }

    /**
     * Returns the state that a run starts from.
     *
     * @throws UnprocessableWork if the checkpoint that it starts from is not on record with the
     *     weights that the run names, or if these weights cannot be loaded
     */
    TrainingState of(RunSpec spec) {
        return spec.start().map(start -> from(spec, start)).orElseGet(() -> training.initial(spec));
    }

    private TrainingState from(RunSpec spec, StartSpec start) {
        String recorded = view.checkpoint(start.run(), start.step())
                .map(StoredCheckpoint::event)
                .map(published -> published.weights().sha256())
                .orElse("not recorded");
        if (!Optional.of(recorded).equals(start.weights())) {
            throw new UnprocessableWork("A run starts from " + start.run() + "@" + start.step() + " with weights "
                    + start.weights().orElse("") + ", and here they are " + recorded
                    + ": import the record of that run first.");
        }
        byte[] bytes = checkpoints.read(start.run(), start.step());
        try {
            return TrainingState.initial(spec, Weights.decode(Networks.shape(spec), bytes));
        } catch (Refusal otherNetwork) {
            throw new UnprocessableWork(
                    "A run cannot start from " + start.run() + "@" + start.step() + ": " + otherNetwork.getMessage(),
                    otherNetwork);
        }
    }
}
