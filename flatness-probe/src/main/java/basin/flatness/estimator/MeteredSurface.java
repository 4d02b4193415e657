package basin.flatness.estimator;

import basin.network.Parameter;
import basin.network.TokenBatch;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A surface that counts the cost of the calls to it, in ordinary gradients of one example. A
 * forward pass costs a third, a gradient one (with or without per-example norms), a product two,
 * and the graph behind products one. Not thread-safe.
 */
public final class MeteredSurface implements LossSurface {
    private static final double FORWARD = 1 / 3.0;
    private static final double PRODUCT = 2;
    private static final int KEPT_PASSES = 2;

    private final LossSurface surface;
    private double spent;

    /** Wraps a surface and starts counting at zero. */
    public MeteredSurface(LossSurface surface) {
        this.surface = surface;
    }

    /** Returns the cost so far, in ordinary gradients of one example. */
    public double spent() {
        return spent;
    }

    @Override
    public int parameters() {
        return surface.parameters();
    }

    @Override
    public Direction theta() {
        return surface.theta();
    }

    @Override
    public double[] gradientNorms(TokenBatch batch, OutputProbe probe) {
        spent += batch.size();
        return surface.gradientNorms(batch, probe);
    }

    @Override
    public double joinedGradientNorm(TokenBatch batch, OutputProbe probe) {
        spent += batch.size();
        return surface.joinedGradientNorm(batch, probe);
    }

    @Override
    public List<Parameter> tensors() {
        return surface.tensors();
    }

    @Override
    public double[][] gradientNormsOfTensors(TokenBatch batch, OutputProbe probe) {
        spent += batch.size();
        return surface.gradientNormsOfTensors(batch, probe);
    }

    @Override
    public ParameterVector gradient(TokenBatch batch, Arena memory) {
        spent += batch.size();
        return surface.gradient(batch, memory);
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<? extends Direction> directions, Arena memory) {
        spent += batch.size() * (1 + PRODUCT * directions.size());
        return surface.products(batch, directions, memory);
    }

    @Override
    public double[] losses(TokenBatch batch) {
        spent += FORWARD * batch.size();
        return surface.losses(batch);
    }

    @Override
    public double[] losses(TokenBatch batch, Direction direction, double step) {
        spent += FORWARD * batch.size();
        return surface.losses(batch, direction, step);
    }

    @Override
    public Midpoint midpoint(TokenBatch batch) {
        Midpoint midpoint = surface.midpoint(batch);
        if (midpoint.isKept()) {
            spent += FORWARD * batch.size();
        }
        return new MeteredMidpoint(midpoint, batch.size());
    }

    @Override
    public double precision() {
        return surface.precision();
    }

    /** A midpoint whose calls are counted. */
    private final class MeteredMidpoint implements Midpoint {
        private final Midpoint midpoint;
        private final int size;

        MeteredMidpoint(Midpoint midpoint, int size) {
            this.midpoint = midpoint;
            this.size = size;
        }

        private void countAnew() {
            if (!isKept()) {
                spent += FORWARD * size;
            }
        }

        @Override
        public double[] spreads() {
            countAnew();
            return midpoint.spreads();
        }

        @Override
        public Differences differences(Direction direction, double step) {
            countAnew();
            spent += KEPT_PASSES * FORWARD * size;
            return midpoint.differences(direction, step);
        }

        @Override
        public Midpoint only(int... samples) {
            return new MeteredMidpoint(midpoint.only(samples), samples.length);
        }

        @Override
        public boolean isKept() {
            return midpoint.isKept();
        }

        @Override
        public void close() {
            midpoint.close();
        }
    }
}
