package basin.trainer.training;

import basin.network.EncoderShape;
import basin.network.TokenBatch;
import java.util.random.RandomGenerator;

/** Noise in what is to be predicted. */
final class LabelNoise {
    private LabelNoise() {}

    /**
     * The same sentences, each word to be predicted replaced as a label by a uniformly drawn one.
     *
     * @param probability with which a label is replaced; the drawn word may be the true one
     * @param vocabularySize of the language
     * @param random two draws a label are used, so that a label's noise does not depend on those before it
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
