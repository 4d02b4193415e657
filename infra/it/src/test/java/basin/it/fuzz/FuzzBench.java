package basin.it.fuzz;

import basin.study.Sha256;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fuzzes all readers in turn for a given time and prints a table of executions and crashes. */
public final class FuzzBench {
    private static final Duration TURN = Duration.ofSeconds(5);

    private FuzzBench() {}

    /**
     * Fuzzes.
     *
     * @param arguments minutes; seed; the folder for inputs that crash; names of readers, or none
     *     for all
     */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Duration time = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[0])));
        long seed = Long.parseLong(arguments[1]);
        Path kept = Path.of(arguments[2]);
        List<String> wanted = List.of(arguments).subList(3, arguments.length);
        Path folder = Files.createTempDirectory("fuzz");
        Map<String, Fuzzing> fuzzed = new LinkedHashMap<>();
        try (FuzzTargets targets = new FuzzTargets(folder);
                Trials trials = new Trials()) {
            for (FuzzTarget target : targets.all()) {
                if (wanted.isEmpty() || wanted.contains(target.name())) {
                    fuzzed.put(target.name(), new Fuzzing(target, trials, seed));
                }
            }
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                for (Fuzzing one : fuzzed.values()) {
                    long turn = Math.min(end, System.nanoTime() + TURN.toNanos());
                    while (System.nanoTime() < turn) {
                        one.step();
                    }
                }
                print(out, fuzzed);
                keep(kept, fuzzed);
            }
        } finally {
            delete(folder);
        }
        System.exit(fuzzed.values().stream().allMatch(one -> one.crashes().isEmpty()) ? 0 : 1);
    }

    private static void print(PrintStream out, Map<String, Fuzzing> fuzzed) {
        out.printf("%-12s %12s %10s %8s%n", "reader", "executions", "outcomes", "crashes");
        fuzzed.forEach((name, one) -> out.printf(
                "%-12s %12d %10d %8d%n",
                name, one.executions(), one.outcomes(), one.crashes().size()));
        out.println();
    }

    private static void keep(Path kept, Map<String, Fuzzing> fuzzed) throws IOException {
        for (Map.Entry<String, Fuzzing> one : fuzzed.entrySet()) {
            for (Fuzzing.Crash crash : one.getValue().crashes().values()) {
                Path own = Files.createDirectories(kept.resolve(one.getKey()));
                String name = Sha256.hex(crash.input()).substring(0, 12);
                Files.write(own.resolve(name), crash.input());
                Files.writeString(kept.resolve(one.getKey() + "-" + name + ".txt"), crash.what());
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> written;
        try (Stream<Path> all = Files.walk(folder)) {
            written = new ArrayList<>(all.toList());
        }
        for (Path one : written.reversed()) {
            Files.delete(one);
        }
    }
}
