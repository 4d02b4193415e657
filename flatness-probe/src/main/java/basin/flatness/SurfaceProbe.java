package basin.flatness;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.Findings;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.MeteredSurface;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.measurement.ProgressListener;
import basin.network.Network;
import basin.network.ParameterSource;
import basin.network.engine.Workers;
import basin.study.EstimatorSpec;

/**
 * Runs estimators on a network's loss surface around given weights, independent of the weights'
 * origin. The weights stay on the device until the probe is closed. For one thread.
 */
final class SurfaceProbe implements AutoCloseable {
    private static final double CONFIDENCE = 0.95;

    private final NetworkSurface surface;

    /**
     * Creates a probe.
     *
     * @param theta flat parameters
     * @param dtype float32 or float64
     */
    SurfaceProbe(Network network, ParameterSource theta, DataType dtype, Workers workers) {
        this.surface = NetworkSurface.of(network, theta, dtype, workers);
    }

    /**
     * An estimator's findings.
     *
     * @param gradients cost in ordinary gradients of one example
     */
    record Found(Findings findings, double gradients) {}

    /**
     * Measures on the calling thread's device.
     *
     * @throws basin.study.Refusal if a value is not finite
     */
    Found find(BatchSource batches, EstimatorSpec requested, ProgressListener listener) {
        FlatnessEstimator estimator = Estimators.of(requested);
        MeteredSurface metered = new MeteredSurface(surface);
        Findings findings = estimator.find(metered, batches, MeasurementSettings.of(requested, CONFIDENCE), listener);
        return new Found(findings, metered.spent());
    }

    /** Returns the network's loss surface around the weights. */
    NetworkSurface surface() {
        return surface;
    }

    @Override
    public void close() {
        surface.close();
    }
}
