package basin.it.bench;

import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Runs a study on one process of each service, then on four of each, then on two. Checks that each
 * work item has one effect, and that every aggregator shows the table of the same study run in one
 * JVM.
 */
public final class ScaleBench {
    private ScaleBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        String id = Ids.study(study);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Files.createTempDirectory("basin-scale-bench");
        out.println("Logs are in " + folder);
        OnRecord undisturbed = OnRecord.undisturbed(study, folder.resolve("undisturbed"), 2);
        out.printf("undisturbed: %,d different events%n", undisturbed.events().size());
        boolean same;
        try (Fleet fleet = Fleet.start(folder, 1)) {
            Submission.submit(fleet.endpoint(), study);
            fleet.awaitTaken(id, 0.1);
            scale(fleet, 4, out);
            fleet.awaitTaken(id, 0.6);
            scale(fleet, 2, out);
            Set<String> views = new HashSet<>();
            for (Child aggregator : fleet.of(Fleet.AGGREGATOR)) {
                views.add(Fleet.awaitEnd(aggregator, id));
            }
            out.println("1 → 4 → 2 of each service; the aggregators show "
                    + (views.size() == 1 ? "the same" : "DIFFERENT tables"));
            same = OnRecord.read(fleet.endpoint(), views.iterator().next()).isAs(undisturbed, out) && views.size() == 1;
        }
        System.exit(same ? 0 : 1);
    }

    private static void scale(Fleet fleet, int count, PrintStream out) throws Exception {
        long begun = System.nanoTime();
        for (String service : Fleet.SERVICES) {
            while (fleet.of(service).size() < count) {
                fleet.join(service);
            }
            while (fleet.of(service).size() > count) {
                fleet.leave(service);
            }
        }
        fleet.awaitAll();
        out.printf("%d of each service after %.0f s%n", count, (System.nanoTime() - begun) / 1e9);
    }
}
