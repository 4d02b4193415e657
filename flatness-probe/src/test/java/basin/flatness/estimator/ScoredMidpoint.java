package basin.flatness.estimator;

import basin.network.TokenBatch;

/** A batch at the weights of a surface whose forward passes are computed in Java. */
final class ScoredMidpoint implements Midpoint {
    private final TokenBatch batch;
    private final int parameters;
    private final Forward forward;
    private final ScoredForward middle;

    /** A forward pass at θ + step·direction. */
    @FunctionalInterface
    interface Forward {
        ScoredForward of(TokenBatch batch, double[] direction, double step);
    }

    ScoredMidpoint(TokenBatch batch, int parameters, Forward forward) {
        this.batch = batch;
        this.parameters = parameters;
        this.forward = forward;
        this.middle = forward.of(batch, new double[parameters], 0);
    }

    @Override
    public double[] spreads() {
        return middle.spreads();
    }

    @Override
    public Differences differences(Direction direction, double step) {
        double[] numbers = Vectors.array(direction);
        ScoredForward ahead = forward.of(batch, numbers, step);
        ScoredForward behind = forward.of(batch, numbers, -step);
        return new Differences(middle.losses(), ahead.losses(), behind.losses(), middle.variances(ahead, behind));
    }

    @Override
    public Midpoint only(int... samples) {
        return new ScoredMidpoint(batch.only(samples), parameters, forward);
    }

    @Override
    public boolean isKept() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is in native memory.
    }
}
