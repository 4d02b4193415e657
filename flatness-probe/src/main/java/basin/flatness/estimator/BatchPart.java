package basin.flatness.estimator;

import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Devices;
import java.util.ArrayList;
import java.util.List;

/**
 * A contiguous range of a batch's samples, computed at once. How a batch is cut depends on the
 * network, the batch and the kind of device, and not on the number of threads.
 *
 * @param from number of its first sample in the whole batch
 */
record BatchPart(TokenBatch batch, int from) {
    /**
     * Scores held at once by a thread, over all predictions of a part; with their gradients, half
     * a gigabyte in float32.
     */
    static final long MAX_SCORES = 4_000_000;

    /** Numbers that per-sample norms keep of all layers at once; half a gigabyte in float32. */
    private static final long MAX_KEPT = 1L << 27;

    /** Samples up to which a batch is not halved for its norms, because it costs less whole. */
    private static final int MAX_UNHALVED = 32;

    /** Tokens below which a matrix product no longer uses a processor well. */
    private static final long MIN_TOKENS = 256;

    /**
     * Parameters times tokens below which a part is not worth a thread's turn: some milliseconds of
     * a forward pass.
     */
    private static final long MIN_WORK = 200_000_000;

    /** More parts than one are a multiple of this, so that few threads have equal shares. */
    private static final int SHARES = 4;

    double share(TokenBatch whole) {
        return (double) batch.size() / whole.size();
    }

    /** Returns the index in the whole batch of the part's first prediction. */
    int firstPrediction(TokenBatch whole) {
        return whole.firstPredictionOf(from);
    }

    /**
     * Cuts a batch.
     *
     * @param maxScores scores held at once, {@link #MAX_SCORES} or fewer
     */
    static List<BatchPart> of(Network network, TokenBatch batch, long maxScores) {
        return cut(batch, ofWork(network, batch, maxScores));
    }

    /**
     * Cuts a batch for per-sample norms. What these keep of every layer doubles the memory of an
     * ordinary gradient. Processed in halves, a batch takes as long and no more memory than its
     * gradient.
     */
    static List<BatchPart> forNorms(Network network, TokenBatch batch, long maxScores) {
        // For each linear map and each norm, its output and twice as much again.
        long kept = 3 * network.layout().outputs() * tokens(batch);
        long parts = Math.max(ofWork(network, batch, maxScores), Math.ceilDiv(kept, MAX_KEPT));
        return cut(batch, batch.size() > MAX_UNHALVED ? Math.max(parts, 2) : parts);
    }

    private static long ofWork(Network network, TokenBatch batch, long maxScores) {
        long parts = Math.ceilDiv((long) batch.predictions() * network.vocabulary(), maxScores);
        if (!Devices.chosen().equals(Devices.CPU)) {
            return parts;
        }
        long tokens = tokens(batch);
        return Math.max(parts, Math.min(tokens / MIN_TOKENS, tokens * network.parameterCount() / MIN_WORK));
    }

    private static long tokens(TokenBatch batch) {
        return (long) batch.size() * batch.length();
    }

    /** Cuts a batch into parts of about equally many tokens. */
    private static List<BatchPart> cut(TokenBatch batch, long wanted) {
        long count = wanted <= 2 ? wanted : (long) SHARES * Math.ceilDiv(wanted, SHARES);
        long tokens = 0;
        for (int i = 0; i < batch.size(); i++) {
            tokens += batch.lengthOf(i);
        }
        List<BatchPart> parts = new ArrayList<>();
        int from = 0;
        long before = 0;
        for (int i = 0; i < batch.size() && count > 1; i++) {
            if (i > from && before * count >= tokens * (parts.size() + 1)) {
                parts.add(new BatchPart(batch.part(from, i), from));
                from = i;
            }
            before += batch.lengthOf(i);
        }
        parts.add(new BatchPart(from == 0 ? batch : batch.part(from, batch.size()), from));
        return parts;
    }
}
