package basin.cli.plan;

import java.util.List;

/**
 * Something that networks run on.
 *
 * @param name for people
 * @param operationsASecond in float32 that it keeps up
 */
public record Device(String name, double operationsASecond) {
    /** Share of a data sheet's float32 peak, without tensor cores, that is assumed where nothing was measured. */
    public static final double KEPT_UP = 0.3;

    /** One core of a common server, measured with networks of 16 to 64 units; one of 128 units ran three times as fast. */
    public static final Device CORE = new Device("one core of a server", 12e9);

    /** GPUs, none of them measured: {@link #KEPT_UP} of the peaks on their data sheets. */
    public static final List<Device> GPUS =
            List.of(gpu("A100", 19.5e12), gpu("RTX 4090", 82.6e12), gpu("H100 or H200", 67e12));

    private static Device gpu(String name, double peak) {
        return new Device(name, peak * KEPT_UP);
    }
}
