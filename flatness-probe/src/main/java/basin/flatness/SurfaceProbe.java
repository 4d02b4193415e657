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
 * The probe: estimators on the loss surface of a network around its weights, wherever they come from.
 *
 * @param theta flat parameters; not to be changed
 * @param dtype of the arithmetic, float32 or float64
 */
@SuppressWarnings("ArrayRecordComponent") // As large as the network; shared and read only.
record SurfaceProbe(Network network, double[] theta, DataType dtype) {
    private static final double CONFIDENCE = 0.95;

    /**
     * What an estimator found.
     *
     * @param gradients what it took, in ordinary gradients of one example
     */
    record Found(Findings findings, double gradients) {}

    /**
     * Measures on the calling thread's device.
     *
     * @throws basin.study.Refusal where a value is no finite number
     */
    Found find(BatchSource batches, EstimatorSpec requested, ProgressListener listener) {
        FlatnessEstimator estimator = Estimators.of(requested);
        MeteredSurface surface = new MeteredSurface(surface());
        Findings findings = estimator.find(surface, batches, MeasurementSettings.of(requested, CONFIDENCE), listener);
        return new Found(findings, surface.spent());
    }

    /** The loss of a batch around the weights. */
    NetworkSurface surface() {
        return NetworkSurface.of(network, theta, dtype);
    }
}
