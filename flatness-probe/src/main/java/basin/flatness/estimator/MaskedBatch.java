package basin.flatness.estimator;

import basin.lm.network.TokenBatch;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sentences, each with one masked position and the target distribution there. Immutable.
 *
 * <p>The target is the language's exact conditional p(x_t | x_−t, T) where it is known: as a soft label it takes the label's
 * noise off loss and Hessian. Elsewhere it is 1 at the word that was seen.
 */
public final class MaskedBatch implements Batch<MaskedBatch> {
    private final int[][] sentences;
    private final int[] positions;
    private final double[][] targets;

    /**
     * @param sentences words of each sentence, at least one sentence
     * @param positions the masked position of each, from 0
     * @param targets a distribution over all words for each
     */
    public MaskedBatch(int[][] sentences, int[] positions, double[][] targets) {
        if (sentences.length == 0 || sentences.length != positions.length || sentences.length != targets.length) {
            throw new IllegalArgumentException("A batch has " + sentences.length + " sentences, " + positions.length
                    + " positions and " + targets.length + " targets: give as many of each, at least one.");
        }
        this.sentences = new int[sentences.length][];
        this.targets = new double[sentences.length][];
        this.positions = positions.clone();
        for (int example = 0; example < sentences.length; example++) {
            if (positions[example] < 0 || positions[example] >= sentences[example].length) {
                throw new IllegalArgumentException("Masked position is " + positions[example] + " in a sentence of "
                        + sentences[example].length + " words: give a position inside the sentence, from 0.");
            }
            this.sentences[example] = sentences[example].clone();
            this.targets[example] = targets[example].clone();
        }
    }

    private MaskedBatch(MaskedBatch whole, int[] examples) {
        this.sentences = new int[examples.length][];
        this.positions = new int[examples.length];
        this.targets = new double[examples.length][];
        for (int i = 0; i < examples.length; i++) {
            this.sentences[i] = whole.sentences[examples[i]];
            this.positions[i] = whole.positions[examples[i]];
            this.targets[i] = whole.targets[examples[i]];
        }
    }

    @Override
    public int size() {
        return positions.length;
    }

    /** The sentences as an encoder reads them, a copy. */
    public TokenBatch tokens() {
        return TokenBatch.masked(Arrays.stream(sentences).map(int[]::clone).toArray(int[][]::new), positions.clone());
    }

    /** The words of an example's sentence, a copy. */
    public int[] sentence(int example) {
        return sentences[example].clone();
    }

    /** The masked position of an example. */
    public int position(int example) {
        return positions[example];
    }

    /** The target distribution of an example, a copy. */
    public double[] target(int example) {
        return targets[example].clone();
    }

    @Override
    public MaskedBatch part(int from, int to) {
        return new MaskedBatch(this, IntStream.range(from, to).toArray());
    }

    @Override
    public MaskedBatch only(int... examples) {
        return new MaskedBatch(this, examples);
    }
}
