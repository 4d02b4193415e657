package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.engine.Torch;
import basin.lm.network.TokenBatch;

/** A network that predicts each word of a sentence from those before it and the length. Stateless; thread-safe. */
public final class Decoder extends SequenceModel {
    private final DecoderShape shape;

    /** A network of that shape. */
    public Decoder(DecoderShape shape) {
        super(new Gpt2Network(shape));
        this.shape = shape;
    }

    @Override
    public DecoderShape shape() {
        return shape;
    }

    /** All words of a sentence are predicted, whatever the positions. */
    @Override
    public TokenBatch training(int[][] sentences, int[] positions) {
        return TokenBatch.causal(sentences, shape::first);
    }

    @Override
    public TokenBatch plain(int[][] sentences) {
        return TokenBatch.plain(sentences, shape::first);
    }

    /** The last word's, for it alone has seen the whole sentence. */
    @Override
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        long[] last = new long[batch.size()];
        for (int i = 0; i < last.length; i++) {
            last[i] = (long) i * batch.length() + batch.lengthOf(i) - 1;
        }
        NDArray flat = Torch.view(states(theta, batch), (long) batch.size() * batch.length(), shape.width());
        return Torch.rows(theta.getManager().create(last), flat);
    }
}
