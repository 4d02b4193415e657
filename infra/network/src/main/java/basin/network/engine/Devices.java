package basin.network.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Where arrays are made and computed with: the CPU, or a CUDA device by its number. A thread chooses for the length of a block, and every
 * {@linkplain Torch#scope scope} that it opens in it is there; without a choice it is the CPU, also on a machine that has more. Thread-safe.
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

    /** A choice in force on this thread; closing it restores the one before. */
    @FunctionalInterface
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** CUDA devices that this machine has and this process's engine can compute on; loads the engine. */
    public static int cudaDevices() {
        return Engine.getEngine("PyTorch").hasCapability(StandardCapabilities.CUDA) ? CudaUtils.getGpuCount() : 0;
    }

    /** Every device of this machine, the CPU first, as {@link #use} takes them. */
    public static List<String> here() {
        List<String> devices = new ArrayList<>(List.of(CPU));
        IntStream.range(0, cudaDevices()).forEach(number -> devices.add(CUDA + number));
        return List.copyOf(devices);
    }

    /**
     * The device that a name stands for on this machine: {@code auto} is its first CUDA device, or its CPU where there is none.
     *
     * @param name {@code auto}, {@code cpu} or {@code cuda:N}
     * @throws DeviceAbsentException where this machine has no such device, in one sentence
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
     * Computes there on this thread until the answer is closed.
     *
     * @param device {@code cpu} or {@code cuda:N}
     * @throws DeviceAbsentException where this machine has no such device, in one sentence
     */
    public static Use use(String device) {
        String settled = settle(device);
        String before = CHOSEN.get();
        CHOSEN.set(settled);
        return () -> CHOSEN.set(before);
    }

    /** What scopes of this thread are made under. */
    static NDManager current() {
        return MANAGERS.computeIfAbsent(CHOSEN.get(), Devices::manager);
    }

    /** All that scopes were made under so far. */
    static List<NDManager> managers() {
        return List.copyOf(MANAGERS.values());
    }

    private static NDManager manager(String device) {
        return Engine.getEngine("PyTorch")
                .newBaseManager(
                        device.equals(CPU)
                                ? Device.cpu()
                                : Device.gpu(Integer.parseInt(device.substring(CUDA.length()))));
    }
}
