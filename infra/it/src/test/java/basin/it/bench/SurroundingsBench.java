package basin.it.bench;

import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Takes away resources while a study runs: the broker for a while, the broker's disk space, a
 * probe's memory. Checks that all of it is waited out or retried, that nothing is dead-lettered,
 * and that the record equals that of the undisturbed study.
 */
public final class SurroundingsBench {
    private static final Duration DOWN = Duration.ofSeconds(45);
    private static final Duration FULL = Duration.ofSeconds(30);
    private static final Duration SHORT_OF_MEMORY = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int DISK_MEBIBYTES = 600;
    /** Bytes of address space that the probe may still map when memory runs out. */
    private static final long LEFT_BYTES = 4L << 20;

    private SurroundingsBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-surroundings-bench");
        out.println("Logs are in " + folder);
        OnRecord undisturbed = OnRecord.undisturbed(study, folder.resolve("undisturbed"), 2);
        out.printf("undisturbed: %,d different events%n", undisturbed.events().size());
        Path data = folder.resolve(Fleet.BROKER);
        boolean same;
        try (SmallDisk disk = SmallDisk.mount(data, DISK_MEBIBYTES);
                Fleet fleet = Fleet.start(folder, 1, disk.prefix(), data)) {
            String id = Ids.study(study);
            Submission.submit(fleet.endpoint(), study);
            fleet.awaitTaken(id, 0.1);
            brokerDown(fleet, out);
            fleet.awaitTaken(id, 0.25);
            diskFull(fleet, disk, out);
            fleet.awaitTaken(id, 0.4);
            noMemory(fleet, out);
            String view = Fleet.awaitEnd(fleet.of(Fleet.AGGREGATOR).getFirst(), id);
            same = OnRecord.read(fleet.endpoint(), view).isAs(undisturbed, out);
        }
        System.exit(same ? 0 : 1);
    }

    private static void brokerDown(Fleet fleet, PrintStream out) throws Exception {
        Child broker = fleet.of(Fleet.BROKER).getFirst();
        broker.kill();
        Thread.sleep(DOWN);
        broker.begin();
        long begun = System.nanoTime();
        fleet.awaitServing(broker);
        out.printf("broker down for %d s; all served %.0f s after its start%n", DOWN.toSeconds(), since(begun));
    }

    private static void diskFull(Fleet fleet, SmallDisk disk, PrintStream out) throws Exception {
        Child broker = fleet.of(Fleet.BROKER).getFirst();
        disk.fill();
        long begun = System.nanoTime();
        long limit = begun + LIMIT.toNanos();
        while (broker.process().isAlive()) {
            Fleet.pause(limit, "the broker does not mind that its disk is full");
        }
        out.printf("disk full: the broker ended after %.0f s%n", since(begun));
        Thread.sleep(FULL);
        disk.empty();
        broker.begin();
        begun = System.nanoTime();
        fleet.awaitServing(broker);
        out.printf("disk with room again: all served %.0f s after the broker's start%n", since(begun));
    }

    /**
     * Limits the probe's memory. As with containers, a process that ends is restarted under the
     * same limit.
     */
    private static void noMemory(Fleet fleet, PrintStream out) throws Exception {
        Child probe = fleet.of(Fleet.PROBE).getFirst();
        int ended = 0;
        // From a fresh start, because a process that has worked keeps the memory that it needs for
        // the next work item.
        probe.killAndStart();
        fleet.awaitServing(probe);
        long begun = System.nanoTime();
        limit(probe, ProcessStatus.bytes(probe.process(), "VmSize") + LEFT_BYTES);
        while (since(begun) < SHORT_OF_MEMORY.toSeconds()) {
            if (!probe.process().isAlive()) {
                ended++;
                probe.begin();
                fleet.awaitServing(probe);
                limit(probe, ProcessStatus.bytes(probe.process(), "VmSize") + LEFT_BYTES);
            }
            Thread.sleep(200);
        }
        long waited = probe.times(Pattern.compile("for what is outside it"));
        if (probe.process().isAlive()) {
            limit(probe, -1);
        } else {
            ended++;
            probe.begin();
        }
        fleet.awaitServing(probe);
        out.printf(
                "no memory in the probe for %d s: it ended %d times, and waited %d times%n",
                SHORT_OF_MEMORY.toSeconds(), ended, waited);
    }

    /** Limits the address space of a process, in bytes; −1 removes the limit. */
    private static void limit(Child child, long bytes) throws IOException, InterruptedException {
        int status = new ProcessBuilder(
                        "prlimit",
                        "--pid",
                        String.valueOf(child.process().pid()),
                        "--as=" + (bytes < 0 ? "unlimited" : bytes) + ":unlimited")
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0 && child.process().isAlive()) {
            throw new IllegalStateException("prlimit ended with status " + status + ".");
        }
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
