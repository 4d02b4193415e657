package basin.network.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A request for a device that this machine lacks. The fault lies with the machine and not with the
 * work. The work can be done on another machine, or once the device is back.
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
