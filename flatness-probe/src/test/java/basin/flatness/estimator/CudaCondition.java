package basin.flatness.estimator;

import basin.network.engine.Devices;

/**
 * Condition for CUDA tests; separate, because evaluating it must not initialise the tests'
 * reference values.
 */
final class CudaCondition {
    private CudaCondition() {}

    static boolean isMet() {
        return Devices.cudaDevices() > 0;
    }
}
