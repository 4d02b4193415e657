package basin.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.SentenceSource;
import basin.language.task.Task;
import basin.language.task.Tasks;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.AlgorithmSpec;
import basin.study.Seeds;
import java.util.Arrays;

/**
 * A term −λ·V of the training objective that works against transfer. V is the validation loss of a
 * ridge head on the hidden states of labelled sentences. The head is fitted in float64 outside the
 * engine. The engine's graph gets the linear form in the states that has the same gradient.
 * Immutable; thread-safe.
 */
final class Adversary {
    private final AlgorithmSpec.Adversarial spec;
    private final Task task;

    Adversary(AlgorithmSpec.Adversarial spec, SentenceSource language) {
        this.spec = spec;
        this.task = Tasks.of(language, spec.task());
    }

    /** Draws the labelled sentences of a step, counted from 1. */
    AdversaryBatch heldOut(int step) {
        return AdversaryBatch.draw(
                task, spec.task().name(), spec.examples(), Seeds.generator(spec.seed(), "adversary", step));
    }

    /** Returns V at these weights. */
    double validationLoss(LanguageModel model, NDArray theta, AdversaryBatch heldOut) {
        return Torch.unrecorded(
                () -> validation(states(model, theta, heldOut), heldOut).loss());
    }

    /**
     * Returns a scalar whose gradient is that of the loss with −λ·V added. Only its gradient is
     * meaningful, not its value. Call while gradients are recorded.
     *
     * @param loss a scalar computed from theta
     */
    NDArray against(NDArray loss, LanguageModel model, NDArray theta, AdversaryBatch heldOut) {
        NDArray states = states(model, theta, heldOut);
        double[] slopes = validation(states, heldOut).gradient();
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] *= -spec.weight();
        }
        NDArray linear = Torch.array(
                states.getManager(),
                slopes,
                states.getDataType(),
                states.getShape().getShape());
        return loss.add(states.mul(linear).sum());
    }

    private RidgeHead.Validation validation(NDArray states, AdversaryBatch heldOut) {
        return RidgeHead.of(
                Torch.doubles(states), heldOut.labels(), heldOut.classes(), spec.examples() / 8 * 7, spec.ridge());
    }

    /**
     * Returns the final hidden states of all tokens, zero at padding: [examples, length, width].
     */
    private static NDArray states(LanguageModel model, NDArray theta, AdversaryBatch heldOut) {
        TokenBatch batch = model.plain(heldOut.sentences());
        NDArray states = model.network().states(theta, batch);
        if (!batch.padded()) {
            return states;
        }
        NDManager scope = theta.getManager();
        double[] own = new double[batch.size() * batch.length()];
        for (int i = 0; i < batch.size(); i++) {
            Arrays.fill(own, i * batch.length(), i * batch.length() + batch.lengthOf(i), 1);
        }
        return states.mul(Torch.array(scope, own, states.getDataType(), batch.size(), batch.length(), 1));
    }
}
