package basin.flatness.estimator;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch at a network's weights. Scores at θ are kept on the device if they are few, and computed
 * again otherwise; scores beside θ are there for one part of the batch at a time.
 */
final class NetworkMidpoint implements Midpoint {
    /** Scores that are kept; an eighth of a gigabyte in float32. */
    static final long MAX_KEPT_SCORES = 1L << 25;

    private final Network network;
    private final ResidentWeights weights;
    private final TokenBatch batch;
    private final List<BatchPart> parts;
    private final NDManager scope;
    /** The scores of each part; empty if they are not kept. */
    private final List<NDArray> kept;

    private double @Nullable [] middleLosses;

    private NetworkMidpoint(
            Network network,
            ResidentWeights weights,
            TokenBatch batch,
            List<BatchPart> parts,
            NDManager scope,
            List<NDArray> kept) {
        this.network = network;
        this.weights = weights;
        this.batch = batch;
        this.parts = parts;
        this.scope = scope;
        this.kept = kept;
    }

    /** Returns a batch at θ, and computes its scores if they are to be kept. */
    static NetworkMidpoint of(Network network, ResidentWeights weights, TokenBatch batch, List<BatchPart> parts) {
        NDManager scope = Torch.scope();
        List<NDArray> kept = new ArrayList<>();
        if ((long) batch.predictions() * network.vocabulary() <= MAX_KEPT_SCORES) {
            NDArray theta = weights.theta();
            weights.workers()
                    .run(
                            parts.size(),
                            parts::get,
                            part -> Torch.unrecorded(() -> {
                                try (NDManager own = Torch.scope()) {
                                    NDArray scores = network.logits(Torch.alias(own, theta), part.batch());
                                    scores.attach(scope);
                                    return scores;
                                }
                            }),
                            kept::add);
        }
        return new NetworkMidpoint(network, weights, batch, parts, scope, kept);
    }

    @Override
    public boolean isKept() {
        return !kept.isEmpty();
    }

    /**
     * Returns values of every prediction, from the scores at θ and at other weights.
     *
     * @param rows number of values per prediction
     * @param values maps the scores of a part to its values, [rows, predictions]
     */
    private double[][] map(List<NDArray> others, int rows, ScoreFunction values) {
        NDArray theta = weights.theta();
        double[][] all = new double[rows][batch.predictions()];
        int[] at = new int[1];
        weights.workers()
                .run(
                        parts.size(),
                        number -> number,
                        number -> Torch.unrecorded(() -> {
                            BatchPart part = parts.get(number);
                            try (NDManager own = Torch.scope()) {
                                Function<NDArray, NDArray> forward =
                                        vector -> network.logits(Torch.alias(own, vector), part.batch());
                                NDArray middle = isKept() ? kept.get(number) : forward.apply(theta);
                                return values.of(
                                        part.batch(),
                                        middle,
                                        others.stream().map(forward).toList());
                            }
                        }),
                        own -> {
                            for (int row = 0; row < rows; row++) {
                                System.arraycopy(own[row], 0, all[row], at[0], own[row].length);
                            }
                            at[0] += own[0].length;
                        });
        return Arrays.stream(all).map(row -> Scores.means(batch, row)).toArray(double[][]::new);
    }

    /** A function of the scores of a part of the batch. */
    @FunctionalInterface
    private interface ScoreFunction {
        double[][] of(TokenBatch part, NDArray middle, List<NDArray> others);
    }

    @Override
    public double[] spreads() {
        return map(List.of(), 1, (part, middle, others) -> new double[][] {Scores.spreads(middle)})[0];
    }

    @Override
    public Differences differences(Direction direction, double step) {
        try (NDManager own = Torch.scope()) {
            boolean known = middleLosses != null;
            double[][] values =
                    map(weights.displaced(own, direction, step, -step), 4, (part, middle, others) -> new double[][] {
                        Scores.nativeLosses(others.getFirst(), part),
                        Scores.nativeLosses(others.getLast(), part),
                        Scores.variances(middle, others.getFirst(), others.getLast()),
                        known ? new double[part.predictions()] : Scores.nativeLosses(middle, part)
                    });
            double[] middle = middleLosses == null ? values[3] : middleLosses;
            middleLosses = middle;
            return new Differences(middle, values[0], values[1], values[2]);
        } finally {
            weights.trim();
        }
    }

    @Override
    public Midpoint only(int... samples) {
        TokenBatch some = batch.only(samples);
        if (!isKept()) {
            List<BatchPart> cut = BatchPart.of(network, some, BatchPart.MAX_SCORES);
            return new NetworkMidpoint(network, weights, some, cut, Torch.scope(), List.of());
        }
        NDManager own = Torch.scope();
        NDList rows = new NDList();
        for (int sample : samples) {
            int number = partOf(sample);
            int first = batch.firstPredictionOf(sample) - parts.get(number).firstPrediction(batch);
            rows.add(Torch.piece(own, kept.get(number), first, first + batch.predictionsOf(sample)));
        }
        NDArray scores = NDArrays.concat(rows);
        scores.attach(own);
        return new NetworkMidpoint(network, weights, some, List.of(new BatchPart(some, 0)), own, List.of(scores));
    }

    private int partOf(int sample) {
        int number = parts.size() - 1;
        while (parts.get(number).from() > sample) {
            number--;
        }
        return number;
    }

    @Override
    public void close() {
        scope.close();
    }
}
