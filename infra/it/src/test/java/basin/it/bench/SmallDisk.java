package basin.it.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A small file system mounted at a folder, in a mount namespace that a process keeps open; it can
 * be filled and emptied. Needs Linux with user namespaces, or root. Confined to one thread.
 */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 64 << 10;

    private final Process holder;
    private final Path folder;

    private SmallDisk(Process holder, Path folder) {
        this.holder = holder;
        this.folder = folder;
    }

    /**
     * Creates the folder and mounts the file system over it; only processes started with
     * {@link #prefix()} see it.
     */
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

    /** Returns the first words of the command of a process that sees the file system. */
    List<String> prefix() {
        return List.of(
                "nsenter", "--target", String.valueOf(holder.pid()), "--user", "--preserve-credentials", "--mount");
    }

    private Path filler() {
        Path seen = Path.of("/proc", String.valueOf(holder.pid()), "root");
        return seen.resolve(Path.of("/").relativize(folder)).resolve("filler");
    }

    /** Writes until no space is left. */
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

    /** Frees the space again. */
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
