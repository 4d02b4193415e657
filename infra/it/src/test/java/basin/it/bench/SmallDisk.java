package basin.it.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small disk of its own at a folder, in a mount namespace that a process holds: it can be filled and emptied. Linux with namespaces for
 * users, or root. One thread.
 */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 64 << 10;

    private final Process holder;
    private final Path folder;

    private SmallDisk(Process holder, Path folder) {
        this.holder = holder;
        this.folder = folder;
    }

    /** Mounts it over the folder, which is made; only those who {@linkplain #prefix() enter} see it. */
    static SmallDisk mount(Path folder, int mebibytes) throws IOException {
        Files.createDirectories(folder);
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=" + mebibytes + "m tmpfs \"$0\" && echo mounted && exec sleep infinity",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!"mounted".equals(holder.inputReader().readLine())) {
            throw new IllegalStateException("No disk could be mounted in a namespace of its own.");
        }
        return new SmallDisk(holder, folder);
    }

    /** Begins the command of a process that sees the disk. */
    List<String> prefix() {
        return List.of(
                "nsenter", "--target", String.valueOf(holder.pid()), "--user", "--preserve-credentials", "--mount");
    }

    private Path filler() {
        Path seen = Path.of("/proc", String.valueOf(holder.pid()), "root");
        return seen.resolve(Path.of("/").relativize(folder)).resolve("filler");
    }

    /** Writes until there is no room. */
    void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** Makes room again. */
    void empty() throws IOException {
        Files.delete(filler());
    }

    @Override
    public void close() {
        holder.destroy();
        try {
            if (!holder.waitFor(10, TimeUnit.SECONDS)) {
                holder.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
