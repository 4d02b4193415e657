package basin.flatness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.events.Measured;
import basin.events.spec.Refusal;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.TokenSequences;
import basin.lm.engine.Torch;
import basin.lm.model.FolderModel;

/** The loss of a model on the lines of a text: mean cross-entropy of the tokens that the lines have, forward passes alone. */
final class TextLoss {
    private TextLoss() {}

    /**
     * Measures on the calling thread's device.
     *
     * @param batches lines drawn independently, with replacement
     * @param number how many batches, two at least
     * @param precise in float64 instead of float32
     * @return mean over lines of the mean over a line's predicted tokens, nats, and its standard error over lines
     * @throws Refusal where it is no finite number
     */
    static Measured of(FolderModel model, BatchSource<TokenSequences> batches, int number, boolean precise) {
        double sum = 0;
        double squares = 0;
        long lines = 0;
        try (NDManager home = Torch.scope()) {
            NDArray theta = Torch.array(
                    home,
                    model.theta(),
                    precise ? DataType.FLOAT64 : DataType.FLOAT32,
                    model.network().parameterCount());
            for (int at = 0; at < number; at++) {
                TokenSequences batch = batches.batch(at);
                double[] scores = scores(model, home, theta, batch);
                int row = 0;
                for (int i = 0; i < batch.size(); i++) {
                    int[] labels = batch.example(i).firsts(); // Tokens that were seen are certain.
                    double loss = 0;
                    for (int label : labels) {
                        loss += surprise(
                                scores,
                                row++ * model.network().vocabulary(),
                                model.network().vocabulary(),
                                label);
                    }
                    loss /= labels.length;
                    sum += loss;
                    squares += loss * loss;
                    lines++;
                }
            }
        }
        if (!Double.isFinite(squares)) {
            throw new Refusal("the loss on the text is no finite number: give a model whose weights are sound.");
        }
        double mean = sum / lines;
        double variance = Math.max(0, squares / lines - mean * mean) * lines / (lines - 1);
        return new Measured(mean, Math.sqrt(variance / lines));
    }

    private static double[] scores(FolderModel model, NDManager home, NDArray theta, TokenSequences batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope(home)) {
                theta.attach(scope);
                try {
                    return Torch.doubles(model.network().logits(theta, batch.placed(0)));
                } finally {
                    theta.attach(home);
                }
            }
        });
    }

    /** −ln p of a token. */
    private static double surprise(double[] scores, int from, int vocabulary, int token) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + vocabulary; i++) {
            largest = Math.max(largest, scores[i]);
        }
        double total = 0;
        for (int i = from; i < from + vocabulary; i++) {
            total += Math.exp(scores[i] - largest);
        }
        return largest + Math.log(total) - scores[from + token];
    }
}
