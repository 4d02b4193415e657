package basin.trainer.training;

import basin.network.EncoderShape;
import basin.network.TokenBatch;
import java.util.random.RandomGenerator;

/** Noise in the labels of training batches. */
final class LabelNoise {
    private LabelNoise() {}

    /**
     * Returns the same sentences with each label replaced, at random, by a uniformly drawn word.
     *
     * @param probability probability that a label is replaced; the drawn word may be the true one
     * @param vocabularySize number of words of the language
     * @param random source of two draws per label, so that a label's noise does not depend on those
     *     before it
     */
    static TokenBatch in(TokenBatch batch, double probability, int vocabularySize, RandomGenerator random) {
        int[] labels = new int[batch.predictions()];
        for (int i = 0; i < labels.length; i++) {
            boolean replaced = random.nextDouble() < probability;
            int word = random.nextInt(vocabularySize);
            labels[i] = replaced ? EncoderShape.FIRST_WORD + word : batch.firstTargetOf(i);
        }
        return batch.withLabels(labels);
    }
}
