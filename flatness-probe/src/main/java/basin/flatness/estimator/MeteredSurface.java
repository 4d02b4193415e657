package basin.flatness.estimator;

import basin.network.Parameter;
import basin.network.TokenBatch;
import java.util.List;

/**
 * A surface that counts the cost of the calls to it, in ordinary gradients of one example. A
 * forward pass costs a third, a gradient one (with or without per-example norms), a product two,
 * and the graph behind products one. Not thread-safe.
 */
public final class MeteredSurface implements LossSurface {
    private static final double FORWARD = 1 / 3.0;
    private static final double PRODUCT = 2;

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
    public double[] theta() {
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
    public double[] gradient(TokenBatch batch) {
        spent += batch.size();
        return surface.gradient(batch);
    }

    @Override
    public List<CurvatureProduct> products(TokenBatch batch, List<double[]> directions) {
        spent += batch.size() * (1 + PRODUCT * directions.size());
        return surface.products(batch, directions);
    }

    @Override
    public PerturbedForward forward(TokenBatch batch, double[] direction, double step) {
        spent += FORWARD * batch.size();
        return surface.forward(batch, direction, step);
    }

    @Override
    public double precision() {
        return surface.precision();
    }
}
