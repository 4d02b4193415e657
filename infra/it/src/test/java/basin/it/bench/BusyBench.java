package basin.it.bench;

import basin.it.JavaCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs a study with {@code infra/basin run} undisturbed, and again disturbed: beside busy
 * processes, stopped for a while, and with a wall clock that is set. Compares the result tables
 * byte for byte, and counts the lines on the terminal that are Kafka's.
 */
public final class BusyBench {
    private static final String FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    /** A line of one of Kafka's loggers, whose names are shortened, or of an exception. */
    private static final Pattern KAFKA = Pattern.compile(
            "^\\S+ +[A-Z]+ +(o\\.a\\.k|org\\.apache\\.kafka|k\\.|kafka\\.|state\\.)|Exception|^\\s+at ");

    private static final Pattern PROGRESS = Pattern.compile("(?m)^ *(\\d+) %  runs ended");
    private static final List<String> RESULTS =
            List.of("view.json", "correlations.csv", "flatness.csv", "downstream.csv", "table.txt");
    private static final long LIMIT_MINUTES = 60;

    private final PrintStream out;
    private final Path folder;
    private final String study;

    private BusyBench(PrintStream out, Path folder, String study) {
        this.out = out;
        this.folder = folder;
        this.study = study;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file; number of busy processes; how long they run, in seconds; how
     *     long the study's process is stopped, in seconds
     */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BusyBench bench = new BusyBench(out, Files.createTempDirectory("basin-busy-bench"), arguments[0]);
        int busy = Integer.parseInt(arguments[1]);
        long busySeconds = Long.parseLong(arguments[2]);
        long stopSeconds = Long.parseLong(arguments[3]);
        out.println("Tables and terminals are in " + bench.folder);
        Map<String, Disturbance> disturbances = new LinkedHashMap<>();
        disturbances.put(busy + " busy processes for " + busySeconds + " s", (run, clock) -> busy(busy, busySeconds));
        disturbances.put("a stop of " + stopSeconds + " s", (run, clock) -> stop(run, stopSeconds));
        if (Files.exists(Path.of(FAKETIME))) {
            disturbances.put("a clock that jumps an hour forth", (run, clock) -> set(clock, "+3600"));
            disturbances.put("a clock that jumps an hour back", (run, clock) -> set(clock, "-3600"));
        } else {
            out.println(FAKETIME + " is not installed (package faketime): the clock is left alone");
        }
        Path alone = bench.run("undisturbed", (run, clock) -> {});
        boolean well = true;
        for (Map.Entry<String, Disturbance> one : disturbances.entrySet()) {
            Path disturbed = bench.run(one.getKey(), one.getValue());
            well &= bench.isSame(alone, disturbed, one.getKey());
        }
        System.exit(well ? 0 : 1);
    }

    /** Something that happens to a study while it runs. */
    @FunctionalInterface
    private interface Disturbance {
        /**
         * Disturbs the study.
         *
         * @param run process of the study
         * @param clock file that holds the offset of the study's wall clock, for libfaketime
         */
        void on(Process run, Path clock) throws IOException, InterruptedException;
    }

    /** Runs the study, disturbed when a tenth of it is done; returns its folder. */
    private Path run(String name, Disturbance disturbance) throws IOException, InterruptedException {
        Path own = Files.createDirectory(folder.resolve(name.replace(' ', '-')));
        Path terminal = own.resolve("terminal.txt");
        Path clock = Files.writeString(own.resolve("clock"), "+0");
        List<String> command = JavaCommand.of(
                "1g",
                List.of(JavaCommand.SHORT_LIVED),
                "basin.cli.Basin",
                "run",
                study,
                "--data",
                own.resolve("data").toString(),
                "--out",
                own.resolve("out").toString(),
                "--port",
                "0",
                "--exit-when-done");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(terminal.toFile());
        if (name.contains("clock")) {
            // The monotonic clock, from which durations are measured, cannot be set on any machine.
            // Without the last setting, libfaketime shifts the JVM's timed waits, which then end at
            // once and again and again.
            builder.environment()
                    .putAll(Map.of(
                            "LD_PRELOAD", FAKETIME,
                            "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                            "FAKETIME_CACHE_DURATION", "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                            "DONT_FAKE_MONOTONIC", "1",
                            "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
        }
        long begun = System.nanoTime();
        Process run = builder.start();
        try {
            while (run.isAlive() && percent(terminal) < 10) {
                Thread.sleep(200);
            }
            disturbance.on(run, clock);
            if (!run.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("The study did not end within " + LIMIT_MINUTES + " min: " + terminal);
            }
        } finally {
            run.destroyForcibly();
        }
        out.printf(
                "%s: status %d after %.0f s, %d lines of Kafka's or of exceptions on the terminal%n",
                name, run.exitValue(), (System.nanoTime() - begun) / 1e9, lines(terminal));
        return own;
    }

    private static int percent(Path terminal) throws IOException {
        return PROGRESS.matcher(Files.readString(terminal))
                .results()
                .mapToInt(line -> Integer.parseInt(line.group(1)))
                .max()
                .orElse(0);
    }

    private static long lines(Path terminal) throws IOException {
        return Files.readAllLines(terminal).stream()
                .filter(line -> KAFKA.matcher(line).find())
                .count();
    }

    private static void busy(int processes, long seconds) throws IOException, InterruptedException {
        List<Process> own = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                own.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
            Thread.sleep(1000 * seconds);
        } finally {
            own.forEach(Process::destroyForcibly);
        }
    }

    private static void stop(Process run, long seconds) throws IOException, InterruptedException {
        signal(run, "STOP");
        Thread.sleep(1000 * seconds);
        signal(run, "CONT");
    }

    private static void signal(Process run, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(run.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill -" + name + " ended with status " + status + ".");
        }
    }

    private static void set(Path clock, String offset) throws IOException {
        // Replaced in one step, because the study reads it all the time.
        Path next = Files.writeString(clock.resolveSibling("clock.next"), offset);
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isSame(Path alone, Path disturbed, String name) throws IOException {
        boolean same = lines(disturbed.resolve("terminal.txt")) == 0;
        for (String file : RESULTS) {
            Path own = disturbed.resolve("out").resolve(file);
            if (!Files.exists(own)
                    || !Arrays.equals(
                            Files.readAllBytes(alone.resolve("out").resolve(file)), Files.readAllBytes(own))) {
                out.println(name + ": " + file + " DIFFERS");
                same = false;
            }
        }
        out.println(name + ": " + (same ? "identical to the byte" : "NOT as undisturbed"));
        return same;
    }
}
