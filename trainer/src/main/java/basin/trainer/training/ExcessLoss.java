package basin.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.record.Measured;

/**
 * The validation loss by which runs are compared, in nats. It is the mean over the validation
 * sentences of the mean over a sentence's predictions: its masked position, or all its words.
 *
 * <p>If distributions are known it is the excess loss KL(p* ‖ model), relative to the exact
 * distribution instead of the observed word, so that the words' own randomness does not enter.
 * Otherwise it is the held-out loss, −ln p of the observed word. Sums are in float64.
 */
final class ExcessLoss {
    private static final int PART = 512;
    /** The maximum number of logits in memory at once if a sentence has several predictions. */
    private static final int MAX_SCORES = 1 << 23;

    private ExcessLoss() {}

    /**
     * Measures the loss over the first {@code count} validation sentences. The standard error is
     * over sentences.
     *
     * @throws DivergedException if the loss is not finite
     */
    static Measured measure(LanguageModel model, float[] theta, ValidationSet validation, int count, int step)
            throws DivergedException {
        double sum = 0;
        double squares = 0;
        try (NDManager scope = Torch.scope()) {
            NDArray parameters = scope.create(theta);
            int vocabulary = model.shape().vocabulary();
            int part = part(validation, count, vocabulary);
            for (int from = 0; from < count; from += part) {
                int to = Math.min(count, from + part);
                float[] logits = logits(model, parameters, validation, from, to);
                int at = 0;
                for (int i = from; i < to; i++) {
                    double loss = 0;
                    int predictions = validation.predictions(i);
                    for (int prediction = 0; prediction < predictions; prediction++) {
                        double normaliser = normaliser(logits, at, vocabulary);
                        double one = validation.isExact()
                                ? divergence(logits, at, normaliser, validation.exact(i, prediction))
                                : normaliser - logits[at + EncoderShape.FIRST_WORD + validation.word(i, prediction)];
                        loss += one / predictions;
                        at += vocabulary;
                    }
                    sum += loss;
                    squares += loss * loss;
                }
            }
        }
        if (!Double.isFinite(squares)) {
            throw new DivergedException(step);
        }
        double mean = sum / count;
        double variance = Math.max(0, squares / count - mean * mean) * count / (count - 1);
        return new Measured(mean, Math.sqrt(variance / count));
    }

    private static int part(ValidationSet validation, int count, int vocabulary) {
        int max = 1;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, validation.predictions(i));
        }
        return max == 1 ? PART : Math.clamp(MAX_SCORES / ((long) max * vocabulary), 1, PART);
    }

    private static float[] logits(LanguageModel model, NDArray theta, ValidationSet validation, int from, int to) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope(theta.getManager())) {
                NDManager home = theta.getManager();
                theta.attach(scope);
                try {
                    TokenBatch batch = model.training(validation.sentences(from, to), validation.positions(from, to));
                    return model.network().logits(theta, batch).toFloatArray();
                } finally {
                    theta.attach(home);
                }
            }
        });
    }

    /** Returns ln Σ exp over all logits. */
    private static double normaliser(float[] logits, int offset, int vocabulary) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < vocabulary; token++) {
            largest = Math.max(largest, logits[offset + token]);
        }
        double total = 0;
        for (int token = 0; token < vocabulary; token++) {
            total += Math.exp(logits[offset + token] - largest);
        }
        return largest + Math.log(total);
    }

    /** Returns Σ p*(w)·(log p*(w) − log p(w)) over words. The special tokens have p* = 0. */
    private static double divergence(float[] logits, int offset, double normaliser, double[] exact) {
        double divergence = 0;
        for (int word = 0; word < exact.length; word++) {
            if (exact[word] > 0) {
                double log = logits[offset + EncoderShape.FIRST_WORD + word] - normaliser;
                divergence += exact[word] * (Math.log(exact[word]) - log);
            }
        }
        return divergence;
    }
}
