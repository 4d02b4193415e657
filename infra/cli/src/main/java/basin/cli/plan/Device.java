package basin.cli.plan;

import java.util.List;

/**
 * A processor on which networks are trained and measured.
 *
 * @param name for display
 * @param operationsASecond sustained float32 operations per second
 */
public record Device(String name, double operationsASecond) {
    /**
     * Share of a data sheet's float32 peak, without tensor cores, that is assumed for devices that
     * were not measured.
     */
    public static final double KEPT_UP = 0.3;

    /**
     * One core of a common server, measured with networks of width 16 to 64; one of width 128 ran
     * three times as fast.
     */
    public static final Device CORE = new Device("one core of a server", 12e9);

    /** GPUs, none of them measured: {@link #KEPT_UP} of the peaks on their data sheets. */
    public static final List<Device> GPUS =
            List.of(gpu("A100", 19.5e12), gpu("RTX 4090", 82.6e12), gpu("H100 or H200", 67e12));

    private static Device gpu(String name, double peak) {
        return new Device(name, peak * KEPT_UP);
    }
}
