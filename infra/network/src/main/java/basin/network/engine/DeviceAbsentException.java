package basin.network.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A device is asked for that this machine lacks. A fault of where the work runs and not of the work: on another machine, or once the device
 * is back, it can be done.
 */
public final class DeviceAbsentException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    DeviceAbsentException(String device, List<String> here) {
        super(sentence(device, here), new IOException("There is no device " + device + "."));
    }

    private static String sentence(String device, List<String> here) {
        return "device is '" + device + "', which this machine does not have: give "
                + (here.size() == 1 ? "cpu or auto" : "auto or one of " + String.join(", ", here)) + ".";
    }
}
