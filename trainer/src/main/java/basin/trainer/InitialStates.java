package basin.trainer;

import basin.events.spec.Refusal;
import basin.events.spec.RunSpec;
import basin.events.spec.StartSpec;
import basin.lm.Networks;
import basin.lm.network.Weights;
import basin.service.kafka.UnprocessableWork;
import basin.service.record.CheckpointReader;
import basin.service.record.RecordView;
import basin.service.record.RecordView.StoredCheckpoint;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.util.Optional;

/** Runs before their first step: from initial weights, or from the weights of a checkpoint on record. Thread-safe. */
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
     * The state that the run begins with.
     *
     * @throws UnprocessableWork where the checkpoint that it starts from is not on record as the run has it, or its weights are gone
     */
    TrainingState of(RunSpec spec) throws UnprocessableWork {
        return spec.start().isEmpty()
                ? training.initial(spec)
                : from(spec, spec.start().get());
    }

    private TrainingState from(RunSpec spec, StartSpec start) throws UnprocessableWork {
        String recorded = view.checkpoint(start.run(), start.step())
                .map(StoredCheckpoint::event)
                .map(published -> published.weights().sha256())
                .orElse("not on record");
        if (!Optional.of(recorded).equals(start.weights())) {
            throw new UnprocessableWork("A run starts from " + start.run() + "@" + start.step() + " with weights "
                    + start.weights().orElse("") + ", and here they are " + recorded
                    + ": import the record of that run first.");
        }
        byte[] bytes = checkpoints.read(start.run(), start.step());
        try {
            return training.initial(spec, Weights.decode(Networks.shape(spec), bytes));
        } catch (Refusal otherNetwork) {
            throw new UnprocessableWork(
                    "A run cannot start from " + start.run() + "@" + start.step() + ": " + otherNetwork.getMessage(),
                    otherNetwork);
        }
    }
}
