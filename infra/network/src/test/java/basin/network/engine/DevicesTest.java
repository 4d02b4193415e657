package basin.network.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The resolution of device names, and the device of arrays. */
class DevicesTest {
    private static final String NOWHERE = "cuda:99";

    @Test
    void autoIsTheFirstCudaDeviceOrElseTheCpu() {
        assertThat(Devices.here()).startsWith(Devices.CPU).hasSize(1 + Devices.cudaDevices());
        assertThat(Devices.settle(Devices.AUTO)).isEqualTo(Devices.cudaDevices() > 0 ? "cuda:0" : "cpu");
        assertThat(Devices.settle(Devices.CPU)).isEqualTo("cpu");
    }

    @Test
    void aDeviceThatIsNotHereIsAFaultOfTheSurroundings() {
        assertThatThrownBy(() -> Devices.use(NOWHERE))
                .isInstanceOf(DeviceAbsentException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageStartingWith("device is 'cuda:99', which this machine does not have: give ");
    }

    @Test
    void everyScopeIsOnTheDeviceInForceAndOtherwiseOnTheCpu() {
        List<String> here = Devices.here();
        try (Devices.Use _ = Devices.use(here.getLast())) {
            try (NDManager scope = Torch.scope()) {
                Device expected = here.size() == 1 ? Device.cpu() : Device.gpu(here.size() - 2);
                assertThat(scope.create(new float[] {1}).getDevice()).isEqualTo(expected);
            }
            try (Devices.Use _ = Devices.use(Devices.CPU);
                    NDManager scope = Torch.scope()) {
                assertThat(scope.getDevice()).isEqualTo(Device.cpu());
            }
        }
        try (NDManager scope = Torch.scope()) {
            assertThat(scope.getDevice()).isEqualTo(Device.cpu());
        }
    }
}
