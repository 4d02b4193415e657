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
import basin.study.EstimatorSpec;

/**
 * Runs estimators on a network's loss surface around given weights, independent of the weights'
 * origin.
 *
 * @param theta flat parameters; not to be modified
 * @param dtype float32 or float64
 */
@SuppressWarnings("ArrayRecordComponent") // As large as the network; shared and read only.
record SurfaceProbe(Network network, double[] theta, DataType dtype) {
    private static final double CONFIDENCE = 0.95;

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
        MeteredSurface surface = new MeteredSurface(surface());
        Findings findings = estimator.find(surface, batches, MeasurementSettings.of(requested, CONFIDENCE), listener);
        return new Found(findings, surface.spent());
    }

    /** Returns the network's loss surface around the weights. */
    NetworkSurface surface() {
        return NetworkSurface.of(network, theta, dtype);
    }
}
