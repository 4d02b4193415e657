package basin.it.bench;

import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Kills trainer, probe, evaluator, aggregator and broker, all in separate processes, repeatedly
 * while a study runs. Compares the final record with that of the undisturbed study (events lost,
 * conflicts, dead letters, the table's bytes), and measures the recovery times.
 */
public final class KillBench {
    private KillBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file; number of kills; seed of the victims and times; number of
     *     concurrent work items in each worker
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        int kills = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        int slots = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-kill-bench");
        out.println("Logs are in " + folder);
        OnRecord undisturbed = OnRecord.undisturbed(study, folder.resolve("undisturbed"), slots * 2);
        out.printf("undisturbed: %,d different events%n", undisturbed.events().size());
        boolean same;
        try (Fleet fleet = Fleet.start(folder, slots)) {
            Submission.submit(fleet.endpoint(), study);
            List<Double> recoveries = kill(fleet, kills, new SplittableRandom(seed), study, out);
            String view = Fleet.awaitEnd(fleet.of(Fleet.AGGREGATOR).getFirst(), Ids.study(study));
            recoveries.sort(Comparator.naturalOrder());
            out.printf(
                    "%d kills, seed %d: recovery median %.1f s, 95th percentile %.1f s, longest %.1f s%n",
                    kills,
                    seed,
                    recoveries.get(recoveries.size() / 2),
                    recoveries.get((int) Math.ceil(0.95 * recoveries.size()) - 1),
                    recoveries.getLast());
            same = OnRecord.read(fleet.endpoint(), view).isAs(undisturbed, out);
        }
        System.exit(same ? 0 : 1);
    }

    private static List<Double> kill(Fleet fleet, int kills, SplittableRandom random, StudySpec study, PrintStream out)
            throws Exception {
        List<Double> recoveries = new ArrayList<>();
        Map<String, Integer> count = new TreeMap<>();
        List<Child> children = fleet.all();
        Child aggregator = fleet.of(Fleet.AGGREGATOR).getFirst();
        long begun = System.nanoTime();
        for (int i = 1; i <= kills; i++) {
            Thread.sleep(random.nextLong(500, 3000));
            if (Fleet.state(aggregator, Ids.study(study)).filter("done"::equals).isPresent()) {
                throw new IllegalStateException(
                        "The study was done after " + (i - 1) + " kills: take one that lasts longer.");
            }
            // Cycles through the processes from a random start, so that each gets its share.
            Child victim = children.get((i + random.nextInt(2)) % children.size());
            long at = System.nanoTime();
            victim.killAndStart();
            fleet.awaitServing(victim);
            double seconds = (System.nanoTime() - at) / 1e9;
            recoveries.add(seconds);
            count.merge(victim.name(), 1, Integer::sum);
            out.printf(
                    "kill %d of %d: %s, back after %.1f s; about %.0f s left%n",
                    i, kills, victim.name(), seconds, (System.nanoTime() - begun) / 1e9 / i * (kills - i));
        }
        out.println("killed: " + count);
        return recoveries;
    }
}
