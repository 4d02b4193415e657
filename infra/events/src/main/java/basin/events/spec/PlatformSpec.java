package basin.events.spec;

import static basin.events.spec.InvalidSpecException.require;

/**
 * Where and in what arithmetic the work is done. Part of every identity: another device is another measurement.
 *
 * @param device {@code cpu}
 * @param dtype {@code float32} or {@code float64}
 */
public record PlatformSpec(String device, String dtype) {
    /** The default: the CPU in float32. */
    public static final PlatformSpec CPU = new PlatformSpec("cpu", "float32");

    public PlatformSpec {
        require(device.equals("cpu"), "platform.device", "'" + device + "'", "give cpu");
        require(
                dtype.equals("float32") || dtype.equals("float64"),
                "platform.dtype",
                "'" + dtype + "'",
                "give float32 or float64");
    }
}
