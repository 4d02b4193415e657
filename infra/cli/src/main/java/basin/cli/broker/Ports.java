package basin.cli.broker;

import basin.study.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The two loopback ports of a broker.
 *
 * @param clients port for producers and consumers, 1 to 65535
 * @param controller port of the broker's own controller, 1 to 65535
 */
record Ports(int clients, int controller) {
    Ports {
        requirePort(clients);
        requirePort(controller);
    }

    private static void requirePort(int port) {
        if (port < 1 || port > 65_535) {
            throw new Refusal("port is " + port + "; use 1 to 65535.");
        }
    }

    /** Returns two ports that are free at present. */
    static Ports free() {
        try (ServerSocket clients = listen(0);
                ServerSocket controller = listen(0)) {
            return new Ports(clients.getLocalPort(), controller.getLocalPort());
        } catch (IOException none) {
            throw new UncheckedIOException("No free port is left on the loopback address.", none);
        }
    }

    /** Returns whether both ports are free at present. */
    boolean areFree() {
        try (ServerSocket first = listen(clients);
                ServerSocket second = listen(controller)) {
            return first.isBound() && second.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw taken;
        }
    }
}
