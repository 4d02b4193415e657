package basin.study;

import static basin.study.Checks.require;

import java.util.regex.Pattern;

/**
 * The device and arithmetic of the work. It is part of every identity, because another device is
 * another measurement.
 *
 * @param device {@code cpu}; {@code cuda:N}, a CUDA device by its number on the machine that does
 *     the work; or, in a study file only, {@code auto}, which is resolved when the study is
 *     recorded, so that the record names a device
 * @param dtype {@code float32} or {@code float64}
 */
public record PlatformSpec(String device, String dtype) {
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda:(0|[1-9]\\d?)");

    /** The default: the CPU in float32. */
    public static final PlatformSpec CPU = new PlatformSpec("cpu", "float32");

    public PlatformSpec {
        require(
                DEVICE.matcher(device).matches(),
                "platform.device",
                () -> "'" + device + "'",
                () -> "give auto, cpu, or cuda:0 for the first CUDA device");
        require(
                dtype.equals("float32") || dtype.equals("float64"),
                "platform.dtype",
                () -> "'" + dtype + "'",
                () -> "give float32 or float64");
    }

    /** Returns whether it names a device, and does not leave the choice open. */
    public boolean namesDevice() {
        return !device.equals("auto");
    }
}
