package basin.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.events.Measured;
import basin.lm.engine.Torch;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.TokenBatch;

/**
 * The loss that runs are compared by, in nats, at the masked positions of the validation sentences. Where conditionals are known the excess loss,
 * mean KL(p* ‖ model): against the exact conditional vector instead of the hidden word, so that the words' own randomness does not enter. Else
 * the held-out loss, the mean of −ln p of the hidden word. Sums are taken in float64.
 */
final class ExcessLoss {
    private static final int PART = 512;

    private ExcessLoss() {}

    /** Over the first {@code count} validation sentences; the standard error is over sentences. */
    static Measured measure(Encoder encoder, float[] theta, ValidationSet validation, int count, int step)
            throws DivergedException {
        double sum = 0;
        double squares = 0;
        try (NDManager scope = Torch.scope()) {
            NDArray parameters = scope.create(theta);
            for (int from = 0; from < count; from += PART) {
                int to = Math.min(count, from + PART);
                float[] logits = logits(encoder, parameters, validation, from, to);
                int vocabulary = logits.length / (to - from);
                for (int i = from; i < to; i++) {
                    int offset = (i - from) * vocabulary;
                    double normaliser = normaliser(logits, offset, vocabulary);
                    double loss = validation.exact()
                            ? divergence(logits, offset, normaliser, validation.conditional(i))
                            : normaliser - logits[offset + EncoderShape.FIRST_WORD + validation.hidden(i)];
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

    private static float[] logits(Encoder encoder, NDArray theta, ValidationSet validation, int from, int to) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope(theta.getManager())) {
                NDManager home = theta.getManager();
                theta.attach(scope);
                try {
                    TokenBatch batch =
                            TokenBatch.masked(validation.sentences(from, to), validation.positions(from, to));
                    return encoder.maskedLogits(theta, batch).toFloatArray();
                } finally {
                    theta.attach(home);
                }
            }
        });
    }

    /** ln Σ exp of all scores. */
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

    /** Σ p*(w)·(log p*(w) − log p(w)) over words; the special tokens have p* = 0. */
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
