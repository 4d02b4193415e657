package basin.flatness.estimator;

import basin.study.Seeds;
import java.util.random.RandomGenerator;

/**
 * A vector in place of the label at each prediction of a batch, chosen to give squared gradients a
 * required mean. For a row r over all scores, the gradient of −Σ_y r(y) log p(y) is J'(p·Σr − r). A
 * one-hot row at a drawn label gives a sampled label's gradient. The row r = √p∘u with independent
 * signs u gives a gradient whose square has the same mean, without the rare draws of a label. A row
 * depends only on its prediction, not on the part of a batch in which it lies. Thread-safe.
 */
public sealed interface OutputProbe {
    /** A one at the word on which a uniform number falls, by inversion of the prediction. */
    @FunctionalInterface
    non-sealed interface Labels extends OutputProbe {
        /**
         * Returns the number, in [0, 1).
         *
         * @param example index of the example in the batch, from 0
         * @param place index of the prediction in the example, from 0
         */
        double uniform(int example, int place);
    }

    /**
     * The square root of a distribution, with independent signs.
     *
     * @param ofTargets whether it is the target, or the prediction
     */
    record Signs(boolean ofTargets, long seed, int pair, int probe) implements OutputProbe {
        /** Returns the generator whose bits, 64 a draw and the lowest first, are a row's signs. */
        RandomGenerator bits(int example, int place) {
            return Seeds.generator(
                    seed, ofTargets ? "flatness.target" : "flatness.output", pair, probe, example, place);
        }
    }
}
