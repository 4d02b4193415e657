package basin.cli.broker;

import basin.study.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The data folder of one broker, locked while it is open.
 *
 * <pre>
 * FOLDER/broker/        Kafka's log folder: topics and cluster metadata
 * FOLDER/broker.lock    locked by the process that runs the broker
 * FOLDER/broker.ports   the ports of the last run, tried first by the next
 * FOLDER/kafka.log      what Kafka logs; older lines in kafka.log.1 and kafka.log.2
 * </pre>
 */
final class DataFolder implements AutoCloseable {
    /**
     * Folders that this process has open. Closing a lock file releases all locks that the process
     * has on it, so no second channel to the file of an open folder may be opened.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    /** Far above the two lines that are written. */
    private static final int MAX_PORTS_BYTES = 10_000;

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the folder if it does not exist, and locks it.
     *
     * @throws Refusal if the folder cannot be written or another broker has locked it
     */
    static DataFolder open(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!OPEN.add(root)) {
            throw inUse(root);
        }
        try {
            Files.createDirectories(kafkaLogs(root));
            FileChannel channel =
                    FileChannel.open(root.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Optional<FileLock> lock = tryLock(channel);
            if (lock.isPresent()) {
                return new DataFolder(root, channel, lock.get());
            }
            channel.close();
        } catch (IOException notWritable) {
            OPEN.remove(root);
            throw new Refusal(
                    "The data folder " + root + " cannot be written ("
                            + notWritable.getClass().getSimpleName() + "); name a folder that can.",
                    notWritable);
        }
        OPEN.remove(root);
        throw inUse(root);
    }

    private static Refusal inUse(Path root) {
        return new Refusal(
                "The data folder " + root + " is in use by another run; end that run or name another folder.");
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException heldByThisProcess) {
            return Optional.empty();
        }
    }

    /**
     * Returns the ports of the broker that has this folder open now, in this or another process.
     */
    static Optional<Ports> portsOfRunning(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (OPEN.contains(root)) {
            return savedPorts(root);
        }
        try (FileChannel channel = FileChannel.open(root.resolve("broker.lock"), StandardOpenOption.WRITE)) {
            return tryLock(channel).isPresent() ? Optional.empty() : savedPorts(root);
        } catch (IOException noLockFile) {
            return Optional.empty();
        }
    }

    /** Returns whether the folder contains a formatted Kafka log. */
    static boolean isFormatted(Path folder) {
        return Files.exists(kafkaLogs(folder).resolve("meta.properties"));
    }

    /**
     * Returns when a record was last written to a topic of Basin in a folder: the newest time of
     * their segments. Empty if there are none.
     */
    static Optional<FileTime> recordChanged(Path folder) {
        Path logs = kafkaLogs(folder);
        if (!isFormatted(folder)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> partitions = Files.newDirectoryStream(logs, "basin.*")) {
            Optional<FileTime> newest = Optional.empty();
            for (Path partition : partitions) {
                try (DirectoryStream<Path> segments = Files.newDirectoryStream(partition, "*.log")) {
                    for (Path segment : segments) {
                        FileTime time = Files.getLastModifiedTime(segment);
                        newest = newest.filter(known -> known.compareTo(time) >= 0)
                                .or(() -> Optional.of(time));
                    }
                }
            }
            return newest;
        } catch (IOException | DirectoryIteratorException unreadable) {
            return Optional.empty();
        }
    }

    Path kafkaLogs() {
        return kafkaLogs(root);
    }

    /** Returns the file of Kafka's own log lines. */
    Path kafkaLog() {
        return root.resolve("kafka.log");
    }

    /** Returns Kafka's log folder in a data folder. */
    static Path kafkaLogs(Path folder) {
        return folder.resolve("broker");
    }

    /** Returns the ports of the last run in a folder; empty if they were not saved completely. */
    static Optional<Ports> savedPorts(Path folder) {
        Properties saved = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("broker.ports"))) {
            saved.load(new ByteArrayInputStream(in.readNBytes(MAX_PORTS_BYTES)));
            return Optional.of(new Ports(
                    Integer.parseInt(saved.getProperty("clients", "")),
                    Integer.parseInt(saved.getProperty("controller", ""))));
        } catch (IOException | IllegalArgumentException | Refusal noneSaved) {
            return Optional.empty();
        }
    }

    void savePorts(Ports ports) throws IOException {
        Properties saved = new Properties();
        saved.setProperty("clients", Integer.toString(ports.clients()));
        saved.setProperty("controller", Integer.toString(ports.controller()));
        try (OutputStream out = Files.newOutputStream(root.resolve("broker.ports"))) {
            saved.store(out, null);
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException ended) {
            // The lock ends with the process at the latest.
        } finally {
            OPEN.remove(root);
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
