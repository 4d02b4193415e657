package basin.cli.command;

import basin.aggregator.present.Numbers;
import basin.cli.broker.EmbeddedBroker;
import basin.study.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks that a command makes before it starts anything. Each throws a {@link Refusal} on failure.
 */
final class Preflight {
    private static final double HEADROOM = 1.5;

    private Preflight() {}

    /** Checks that a folder exists or can be created, and that it is writable. */
    static void writable(String option, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".basin", ".tmp"));
        } catch (IOException e) {
            throw new Refusal(option + " " + folder + " cannot be written to: name a folder of your own.");
        }
    }

    /** Checks, without writing, that a folder exists or can be created, and is writable. */
    static void canHold(String option, Path folder) {
        Path above = existing(folder);
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw new Refusal(option + " " + folder + " cannot be written to: name a folder of your own.");
        }
    }

    /** Checks that no other run uses a folder. */
    static void isFree(Path folder) {
        if (EmbeddedBroker.runningOn(folder).isPresent()) {
            throw new Refusal(
                    "The data folder " + folder + " is in use by another run; end that run or name another folder.");
        }
    }

    /** Returns a folder, or the nearest one above it that exists. */
    private static Path existing(Path folder) {
        Path above = folder.toAbsolutePath();
        while (!Files.exists(above) && above.getParent() != null) {
            above = above.getParent();
        }
        return above;
    }

    /** Checks that a port is valid and free; port 0 always is. */
    static void free(int port) {
        if (port < 0 || port > 65_535) {
            throw new Refusal("--port is " + port + ": give a number from 1 to 65535, or 0 for any free one.");
        }
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new Refusal(
                    "Port " + port + " on 127.0.0.1 is taken: give another with --port, or 0 for any free one.");
        }
    }

    /** Checks that a disk has one and a half times as much free space as is needed. */
    static void space(Path folder, long bytes) {
        long free;
        try {
            free = Files.getFileStore(existing(folder)).getUsableSpace();
        } catch (IOException e) {
            throw new Refusal("The free space of " + folder + " cannot be found: " + e.getMessage() + ".");
        }
        if (free < HEADROOM * bytes) {
            throw new Refusal("Up to " + Numbers.bytes(bytes) + " may be written to " + folder + ", and "
                    + Numbers.bytes(free) + " are free: free " + Numbers.bytes((long) (HEADROOM * bytes) - free)
                    + " more, or name another folder with --data.");
        }
    }
}
