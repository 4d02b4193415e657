package basin.network.engine;

import ai.djl.Device;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The device of arrays and computations: the CPU, or a CUDA device by its number. A thread chooses
 * a device for a block, and every {@linkplain Torch#scope scope} that it opens in the block is on
 * that device. The default is the CPU, even on a machine with CUDA devices. Thread-safe.
 */
public final class Devices {
    /** The name of the CPU. */
    public static final String CPU = "cpu";

    /** The name that leaves the choice to the machine. */
    public static final String AUTO = "auto";

    private static final String CUDA = "cuda:";

    private static final Map<String, NDManager> MANAGERS = new ConcurrentHashMap<>();
    private static final ThreadLocal<String> CHOSEN = ThreadLocal.withInitial(() -> CPU);

    private Devices() {}

    /** A choice of device in force on this thread. Closing it restores the previous choice. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Returns the number of CUDA devices of this machine that this process's engine can use; loads
     * the engine.
     */
    public static int cudaDevices() {
        return NativeEngine.get().hasCapability(StandardCapabilities.CUDA) ? CudaUtils.getGpuCount() : 0;
    }

    /**
     * Returns every device of this machine, the CPU first, by the names that {@link #use} accepts.
     */
    public static List<String> here() {
        List<String> devices = new ArrayList<>(List.of(CPU));
        IntStream.range(0, cudaDevices()).forEach(number -> devices.add(CUDA + number));
        return List.copyOf(devices);
    }

    /**
     * Resolves a device name on this machine. {@code auto} is its first CUDA device, or its CPU if
     * there is none.
     *
     * @param name {@code auto}, {@code cpu} or {@code cuda:N}
     * @throws DeviceAbsentException if this machine has no such device
     */
    public static String settle(String name) {
        if (name.equals(CPU)) {
            return CPU;
        }
        List<String> here = here();
        if (name.equals(AUTO)) {
            return here.size() > 1 ? here.get(1) : CPU;
        }
        if (!here.contains(name)) {
            throw new DeviceAbsentException(name, here);
        }
        return name;
    }

    /**
     * Chooses a device for this thread until the result is closed.
     *
     * @param device {@code cpu}, {@code cuda:N} or {@code auto}
     * @throws DeviceAbsentException if this machine has no such device
     */
    public static Use use(String device) {
        String settled = settle(device);
        String before = CHOSEN.get();
        CHOSEN.set(settled);
        return () -> CHOSEN.set(before);
    }

    /** Returns the device that this thread has chosen, by its name. */
    public static String chosen() {
        return CHOSEN.get();
    }

    /** Returns the parent manager of this thread's scopes. */
    static NDManager current() {
        return MANAGERS.computeIfAbsent(CHOSEN.get(), Devices::manager);
    }

    /** Returns the parent managers of all scopes so far. */
    static List<NDManager> managers() {
        return List.copyOf(MANAGERS.values());
    }

    private static NDManager manager(String device) {
        return NativeEngine.get()
                .newBaseManager(
                        device.equals(CPU)
                                ? Device.cpu()
                                : Device.gpu(Integer.parseInt(device.substring(CUDA.length()))));
    }
}
