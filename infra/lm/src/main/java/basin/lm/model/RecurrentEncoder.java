package basin.lm.model;

import ai.djl.ndarray.NDArray;
import basin.lm.engine.Torch;
import basin.lm.network.TokenBatch;

/** A bidirectional LSTM that predicts a masked word of a sentence from all others. Stateless; thread-safe. */
public final class RecurrentEncoder extends SequenceModel {
    private final RecurrentShape shape;

    /** A network of that shape. */
    public RecurrentEncoder(RecurrentShape shape) {
        super(new RecurrentNetwork(shape));
        this.shape = shape;
    }

    @Override
    public RecurrentShape shape() {
        return shape;
    }

    @Override
    public TokenBatch training(int[][] sentences, int[] positions) {
        return TokenBatch.masked(sentences, positions);
    }

    @Override
    public TokenBatch plain(int[][] sentences) {
        return TokenBatch.plain(sentences);
    }

    /** Where each direction has seen all: of the way ahead the last word's state, of the way back the first token's. */
    @Override
    public NDArray sentenceStates(NDArray theta, TokenBatch batch) {
        // Every token's two halves are two rows.
        NDArray halves = Torch.view(states(theta, batch), 2L * batch.size() * batch.length(), shape.width());
        long[] rows = new long[2 * batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            long first = (long) i * batch.length();
            rows[2 * i] = 2 * (first + batch.lengthOf(i) - 1);
            rows[2 * i + 1] = 2 * first + 1;
        }
        return Torch.view(Torch.rows(theta.getManager().create(rows), halves), batch.size(), shape.stateWidth());
    }
}
