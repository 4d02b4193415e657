package basin.it.bench;

import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.Submission;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.record.Event;
import basin.study.Json;
import basin.study.Seeds;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Stops {@code probe}, {@code run}, {@code ingest}, the four services and the broker, each in
 * processes of its own, by SIGTERM, SIGINT and SIGHUP: half of them at any moment after their
 * start, half once they work. Counts statuses other than 128 and the signal's number, crashes of
 * the JVM, stack traces and more than one sentence on the terminal, processes that do not end,
 * incomplete files, and records that cannot be read or have lost events. The commands go on where
 * they stopped.
 */
public final class StopBench {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 129, "INT", 130, "TERM", 143);
    private static final List<String> NAMES = SIGNALS.keySet().stream().sorted().toList();
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int START_MILLIS = 12_000;
    private static final int WORK_MILLIS = 4_000;
    private static final int STUDIES = 5;

    private static final Pcfg LANGUAGE = Grammars.tree(2, 3, 2, 6, 1);
    private static final EncoderShape PROBED = new EncoderShape(6, 4, 96, 3, 4, 384);
    private static final EncoderShape INGESTED = new EncoderShape(6, 4, 8, 1, 2, 12);
    private static final List<String> RUN_NAMES = List.of("run-a", "run-b");
    private static final int CHECKPOINTS = 6;
    private static final String MANIFEST = """
        study: mine
        text: held-out.txt
        sentences: 640
        seed: 5
        steps: 60
        sizes:
          - {name: tiny, width: 8, layers: 1, heads: 2, intermediate: 12}
        runs:
          - {name: run-a, size: tiny, algorithm: adamw, learningRate: 0.01, seed: 1}
          - {name: run-b, size: tiny, algorithm: adamw, learningRate: 0.02, seed: 1}
        flatness:
          - {estimator: fisher.output, pairs: 400, batch: 32, seed: 7}
        tasks:
          - {name: questions, baseline: 0.25}
        analysis: {match: [3.0], band: 10, minRuns: 3, permutations: 99, resamples: 100, confidence: 0.95, seed: 1}
        platform: {device: cpu, dtype: float32}
        """;

    private static final Pattern CRASHED = Pattern.compile("A fatal error has been detected by the Java Runtime");
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/@]+\\(");
    private static final Pattern PROBES = Pattern.compile("(?m)^On ");
    private static final Pattern RUNS = Pattern.compile("Page: ");
    private static final Pattern SERVES = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+|Kafka is at");

    private final StudySpec study;
    private final Path studyFile;
    private final Path folder;
    private final PrintStream out;
    private int stops;
    /** Stops by what was stopped and the status, and findings by what they are. */
    private final Map<String, Integer> counts = new TreeMap<>();

    private final Map<String, Integer> findings = new TreeMap<>();

    private StopBench(Path studyFile, Path folder, PrintStream out) {
        this.study = StudyFile.read(studyFile);
        this.studyFile = studyFile;
        this.folder = folder;
        this.out = out;
    }

    /**
     * Runs the benchmark.
     *
     * @param arguments a study file; number of stops; seed of signals and moments
     */
    public static void main(String[] arguments) throws Exception {
        int wanted = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-stop-bench");
        out.println("Logs are in " + folder);
        StopBench bench = new StopBench(Path.of(arguments[0]), folder, out);
        SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "stops"));
        bench.probes(wanted * 3 / 10, random);
        bench.services(wanted * 3 / 10, random);
        bench.runs(wanted * 2 / 10, random);
        bench.ingests(wanted - bench.stops, random);
        try (Stream<Path> files = Files.walk(folder)) {
            bench.count(
                    files.filter(file -> file.toString().endsWith(Child.CRASH)).count(), "crash files");
        }
        out.printf("%d stops, seed %d: %s%n", bench.stops, seed, bench.counts);
        out.println(
                bench.findings.isEmpty()
                        ? "All are as documented, and every record can be read."
                        : "NOT as documented: " + bench.findings);
        System.exit(bench.findings.isEmpty() ? 0 : 1);
    }

    private void count(long times, String finding) {
        if (times > 0) {
            findings.merge(finding, (int) times, Integer::sum);
        }
    }

    /**
     * Stops a program at a random moment.
     *
     * @param works matches what the program prints once it works
     * @return the status of a program that ended by itself before; empty if it was stopped
     */
    private OptionalInt stop(Child child, Pattern works, SplittableRandom random)
            throws InterruptedException, IOException {
        boolean working = random.nextBoolean();
        int wait = random.nextInt(working ? WORK_MILLIS : START_MILLIS);
        String signal = NAMES.get(random.nextInt(NAMES.size()));
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (working
                && child.process().isAlive()
                && !works.matcher(child.text()).find()
                && System.nanoTime() < limit) {
            Thread.sleep(20);
        }
        OptionalInt before = child.awaitEnd(Duration.ofMillis(wait));
        int printed = child.text().length();
        if (before.isEmpty()) {
            child.signal(signal);
        }
        OptionalInt status = child.awaitEnd(LIMIT);
        String text = child.text();
        String after = text.substring(Math.min(printed, text.length()));
        count(status.isEmpty() ? 1 : 0, "processes that do not end");
        count(CRASHED.matcher(text).find() ? 1 : 0, "crashes");
        count(TRACE.matcher(text).find() ? 1 : 0, "stack traces");
        if (status.isEmpty()) {
            child.kill();
            return OptionalInt.empty();
        }
        if (before.isPresent() || (status.getAsInt() == 0 && child.kind().equals("run"))) {
            return status;
        }
        stops++;
        counts.merge(child.kind() + " " + signal + " " + status.getAsInt(), 1, Integer::sum);
        boolean documented = Objects.equals(SIGNALS.get(signal), status.getAsInt());
        count(documented ? 0 : 1, "other statuses");
        count(after.lines().filter(line -> line.contains("nterrupted")).count() > 1 ? 1 : 0, "several sentences");
        out.printf(
                "stop %d: %s by %s, %s, status %d%s%n",
                stops,
                child.name(),
                signal,
                working ? "at work" : "after " + wait + " ms",
                status.getAsInt(),
                documented && !TRACE.matcher(text).find() ? "" : ", NOT as documented:\n" + text);
        return OptionalInt.empty();
    }

    private void probes(int more, SplittableRandom random) throws Exception {
        int end = stops + more;
        Path model = Files.createDirectory(folder.resolve("model"));
        EncoderFolder.write(model, PROBED, Initialisation.of(PROBED, 0.1, 5), LANGUAGE);
        Path json = folder.resolve("probed.json");
        try (Child child = command(
                "probe", "probe", model.toString(), "--batch", "64", "--pairs", "40", "--logits", json.toString())) {
            while (stops < end) {
                Files.deleteIfExists(json);
                OptionalInt ended = stop(child, PROBES, random);
                count(ended.orElse(0) == 0 ? 0 : 1, "probes that failed");
                if (Files.exists(json)) {
                    count(Json.mapper().readTree(json.toFile()).path("examples").isEmpty() ? 1 : 0, "incomplete files");
                } else {
                    count(ended.isPresent() ? 1 : 0, "absent files");
                }
                count(Files.exists(json.resolveSibling("probed.json.part")) ? 1 : 0, "left files");
                child.begin();
            }
        }
    }

    private void runs(int more, SplittableRandom random) throws Exception {
        int end = stops + more;
        String undisturbed = "";
        for (int i = 1; stops < end; i++) {
            Path data = folder.resolve("run-" + i);
            Path results = data.resolve("out");
            Files.createDirectories(results);
            try (Child child = command(
                    "run-" + i,
                    "run",
                    studyFile.toString(),
                    "--data",
                    data.toString(),
                    "--port",
                    "0",
                    "--out",
                    results.toString(),
                    "--exit-when-done")) {
                if (goOn(child, data, end, random)) {
                    String table = Files.readString(results.resolve("correlations.csv"));
                    count(undisturbed.isEmpty() || table.equals(undisturbed) ? 0 : 1, "other tables");
                    undisturbed = table;
                }
            }
        }
    }

    /**
     * Stops a program that continues a record, until it has ended by itself or there are so many
     * stops; returns whether it has ended by itself.
     */
    private boolean goOn(Child child, Path data, int end, SplittableRandom random) throws Exception {
        Set<String> known = new HashSet<>();
        while (stops < end) {
            OptionalInt ended = stop(child, RUNS, random);
            long _ = read(data, known);
            if (ended.isPresent()) {
                count(ended.getAsInt() == 0 ? 0 : 1, "commands that failed");
                if (ended.getAsInt() != 0) {
                    out.println(child.name() + " ended with status " + ended.getAsInt() + ":\n" + child.text());
                }
                return ended.getAsInt() == 0;
            }
            child.begin();
        }
        return false;
    }

    /**
     * Reads a record, which must hold all that it has held before.
     *
     * @param known ids of the events that it is known to hold; receives all
     * @return the number of measurements of flatness that it holds
     */
    private long read(Path data, Set<String> known) {
        if (!EmbeddedBroker.isThere(data)) {
            return 0;
        }
        try {
            OnRecord record = OnRecord.read(EmbeddedBroker.log(data), "");
            count(record.conflicts(), "conflicts");
            count(record.deadLetters(), "dead letters");
            count(record.events().keySet().containsAll(known) ? 0 : 1, "records that lost events");
            known.addAll(record.events().keySet());
            return record.events().values().stream()
                    .filter(event -> event.contains(Event.FlatnessMeasured.class.getSimpleName()))
                    .count();
        } catch (RuntimeException unreadable) {
            unreadable.printStackTrace(out);
            count(1, "unreadable records");
            return 0;
        }
    }

    private void ingests(int more, SplittableRandom random) throws Exception {
        int end = stops + more;
        Path watched = Files.createDirectory(folder.resolve("watched"));
        RandomGenerator words = Seeds.generator(3, "text");
        Files.writeString(
                watched.resolve("held-out.txt"),
                Stream.generate(() -> LANGUAGE.sample(words))
                        .limit(200)
                        .map(sentence -> Arrays.stream(sentence)
                                .mapToObj(word -> "w" + word)
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n")));
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST);
        int model = 0;
        for (String run : RUN_NAMES) {
            for (int step = 1; step <= CHECKPOINTS; step++) {
                Path to = Files.createDirectories(watched.resolve(run).resolve("step-" + 10 * step));
                EncoderFolder.write(to, INGESTED, Initialisation.of(INGESTED, 0.3, ++model), LANGUAGE);
            }
        }
        for (int i = 1; stops < end; i++) {
            Path data = folder.resolve("ingest-" + i);
            try (Child child = command(
                    "ingest-" + i,
                    "ingest",
                    "--watch",
                    watched.toString(),
                    "--data",
                    data.toString(),
                    "--port",
                    "0",
                    "--every",
                    "1")) {
                Set<String> known = new HashSet<>();
                long measured = 0;
                while (stops < end && measured < (long) CHECKPOINTS * RUN_NAMES.size()) {
                    OptionalInt ended = stop(child, RUNS, random);
                    count(ended.isPresent() ? 1 : 0, "commands that failed");
                    measured = read(data, known);
                    child.begin();
                }
            }
        }
    }

    private void services(int more, SplittableRandom random) throws Exception {
        int end = stops + more;
        try (Fleet fleet = Fleet.start(folder, 1)) {
            for (int i = 0; i < STUDIES; i++) {
                Submission.submit(fleet.endpoint(), SoakBench.reseeded(study, i));
            }
            while (stops < end) {
                Child child = fleet.all().get(random.nextInt(fleet.all().size()));
                OptionalInt ended = stop(child, SERVES, random);
                count(ended.isPresent() ? 1 : 0, "services that failed");
                child.begin();
            }
        }
        long _ = read(folder.resolve(Fleet.BROKER), new HashSet<>());
    }

    private Child command(String name, String... words) throws IOException {
        List<String> program = new ArrayList<>(List.of("basin.cli.Basin"));
        program.addAll(List.of(words));
        return Child.start(name, folder, Map.of(), List.of(), program.toArray(String[]::new));
    }
}
