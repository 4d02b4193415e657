package basin.lm.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.lm.engine.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * What per-example gradients are made of. To every output of a layer a leaf of zeros is added; the loss's gradient with respect
 * to that leaf is, example by example, the gradient with respect to the output. With the layer's recorded input it gives the
 * example's gradient with respect to the layer's weights, and its norm without ever building it (Goodfellow, "Efficient
 * per-example gradient computations", arXiv 1510.01799, and Gram matrices where an input has several tokens).
 */
final class Taps {
    private final List<NDArray> leaves = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();

    /** A layer whose per-example gradient has a closed form given its output gradient. */
    private sealed interface Layer {
        /** y = x·Wᵀ + b. */
        record Linear(NDArray input) implements Layer {}

        /** y = g∘x̂ + b. */
        record Norm(NDArray normed) implements Layer {}

        /** The sum of word, position and type embeddings. */
        record Embedding(TokenBatch batch) implements Layer {}

        /** Scores by the tied word embeddings, and their bias. */
        record Decoder(NDArray input) implements Layer {}
    }

    NDArray linear(NDArray input, NDArray output) {
        return tap(new Layer.Linear(input), output);
    }

    NDArray norm(NDArray input, NDArray output) {
        NDArray normed = Torch.unrecorded(() -> {
            long width = input.getShape().get(input.getShape().dimension() - 1);
            NDArray ones = input.getManager().ones(new Shape(width), input.getDataType());
            NDArray zeros = input.getManager().zeros(new Shape(width), input.getDataType());
            return Torch.layerNorm(input, ones, zeros, EncoderShape.LAYER_NORM_EPSILON);
        });
        return tap(new Layer.Norm(normed), output);
    }

    NDArray embedding(TokenBatch batch, NDArray sum) {
        return tap(new Layer.Embedding(batch), sum);
    }

    NDArray decoder(NDArray input, NDArray logits) {
        return tap(new Layer.Decoder(input), logits);
    }

    private NDArray tap(Layer layer, NDArray output) {
        NDArray leaf = Torch.leaf(output.getManager().zeros(output.getShape(), output.getDataType()));
        leaves.add(leaf);
        layers.add(layer);
        return output.add(leaf);
    }

    /**
     * The squared norm of every example's gradient with respect to all parameters.
     *
     * @param total sum (not mean) of the examples' losses
     */
    double[] squaredNorms(NDArray total) {
        NDList gradients = Torch.gradients(total, leaves);
        return Torch.unrecorded(() -> {
            NDArray sum = null;
            NDArray embedded = null;
            TokenBatch batch = null;
            for (int i = 0; i < layers.size(); i++) {
                NDArray delta = gradients.get(i);
                NDArray own = switch (layers.get(i)) {
                    case Layer.Linear linear -> linearNorms(linear.input(), delta);
                    case Layer.Norm norm ->
                        vectorNorms(norm.normed().mul(delta)).add(vectorNorms(delta));
                    case Layer.Embedding embedding -> {
                        embedded = delta;
                        batch = embedding.batch();
                        yield embeddingNorms(batch, delta);
                    }
                    case Layer.Decoder decoder -> {
                        if (embedded == null || batch == null) {
                            throw new IllegalStateException("The embeddings come before the decoder.");
                        }
                        yield decoderNorms(decoder.input(), delta)
                                .add(tiedTerms(batch, embedded, decoder.input(), delta));
                    }
                };
                sum = sum == null ? own : sum.add(own);
            }
            if (sum == null) {
                throw new IllegalStateException("No layer was tapped.");
            }
            return doubles(sum);
        });
    }

    /** ‖Σ_t δ_t x_tᵀ‖² + ‖Σ_t δ_t‖², by Gram matrices of tokens or by the gradient itself, whichever is smaller. */
    private static NDArray linearNorms(NDArray x, NDArray delta) {
        if (x.getShape().dimension() == 2) {
            return perExample(x.square()).mul(perExample(delta.square())).add(perExample(delta.square()));
        }
        long tokens = x.getShape().get(1);
        long in = x.getShape().get(2);
        long out = delta.getShape().get(2);
        NDArray weights = tokens * (in + out) <= in * out
                ? perExample(x.matMul(x.transpose(0, 2, 1)).mul(delta.matMul(delta.transpose(0, 2, 1))))
                : perExample(delta.transpose(0, 2, 1).matMul(x).square());
        return weights.add(vectorNorms(delta));
    }

    /** ‖Σ_t δ_t‖²: of a bias, or anything that is added at every token. */
    private static NDArray vectorNorms(NDArray delta) {
        return perExample((delta.getShape().dimension() == 3 ? delta.sum(new int[] {1}) : delta).square());
    }

    /** Words add up where a sentence repeats them; every position is its own row; the type row is common to all tokens. */
    private static NDArray embeddingNorms(TokenBatch batch, NDArray delta) {
        NDArray same = sameToken(batch, delta);
        NDArray words = perExample(delta.matMul(delta.transpose(0, 2, 1)).mul(same));
        return words.add(perExample(delta.square())).add(vectorNorms(delta));
    }

    /** ‖δ hᵀ‖² + ‖δ‖². */
    private static NDArray decoderNorms(NDArray hidden, NDArray delta) {
        NDArray scores = perExample(delta.square());
        return perExample(hidden.square()).mul(scores).add(scores);
    }

    /** 2⟨Σ_t e(w_t) δ_tᵀ, δ hᵀ⟩: the table is used twice, so its gradients add before the norm is taken. */
    private static NDArray tiedTerms(TokenBatch batch, NDArray embedded, NDArray hidden, NDArray scores) {
        long size = batch.size();
        NDArray ids = embedded.getManager().create(batch.tokens(), new Shape(size, batch.length()));
        NDArray atTokens = scores.gather(ids, 1);
        NDArray along = embedded.matMul(hidden.expandDims(2)).squeeze(2);
        return perExample(atTokens.mul(along)).mul(2);
    }

    private static NDArray sameToken(TokenBatch batch, NDArray like) {
        int length = batch.length();
        long[] tokens = batch.tokens();
        float[] same = new float[batch.size() * length * length];
        for (int i = 0; i < batch.size(); i++) {
            for (int s = 0; s < length; s++) {
                for (int t = 0; t < length; t++) {
                    if (tokens[i * length + s] == tokens[i * length + t]) {
                        same[(i * length + s) * length + t] = 1;
                    }
                }
            }
        }
        NDArray array = like.getManager().create(same, new Shape(batch.size(), length, length));
        return like.getDataType() == DataType.FLOAT32 ? array : array.toType(like.getDataType(), false);
    }

    private static NDArray perExample(NDArray array) {
        long size = array.getShape().get(0);
        return array.reshape(new Shape(size, -1)).sum(new int[] {1});
    }

    private static double[] doubles(NDArray array) {
        return array.getDataType() == DataType.FLOAT64
                ? array.toDoubleArray()
                : array.toType(DataType.FLOAT64, false).toDoubleArray();
    }
}
