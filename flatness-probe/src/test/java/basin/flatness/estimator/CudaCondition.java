package basin.flatness.estimator;

import basin.network.engine.Devices;

/** A class of its own, so that asking makes none of the references that the tests would need. */
final class CudaCondition {
    private CudaCondition() {}

    static boolean isMet() {
        return Devices.cudaDevices() > 0;
    }
}
