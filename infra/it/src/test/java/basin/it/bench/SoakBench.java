package basin.it.bench;

import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.network.engine.Torch;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;

/**
 * Runs one small study after another in one JVM, one work item at a time, and checks that memory
 * does not grow: the number of native arrays after every work item, and the memory of the process.
 */
public final class SoakBench {
    private static final Duration STUDY_LIMIT = Duration.ofMinutes(10);

    private SoakBench() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments the study file, of which each study differs only in its seeds; duration in
     *     minutes
     */
    public static void main(String[] arguments) throws Exception {
        StudySpec study = StudyFile.read(Path.of(arguments[0]));
        Duration wanted = Duration.ofMinutes(Long.parseLong(arguments[1]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ConcurrentLinkedQueue<Integer> afterItems = new ConcurrentLinkedQueue<>();
        listen(afterItems);
        List<Long> resident = new ArrayList<>();
        int studies = 0;
        long begun = System.nanoTime();
        try (LocalPipeline pipeline = LocalPipeline.start(Files.createTempDirectory("basin-soak-bench"), 0, 1)) {
            while (System.nanoTime() - begun < wanted.toNanos()) {
                run(pipeline, reseeded(study, studies + 1), begun, wanted, resident);
                studies++;
                out.printf(
                        "%d studies, %d work items; %s native arrays after a work item; %d MiB resident; about %d min"
                                + " left%n",
                        studies,
                        afterItems.size(),
                        counted(afterItems),
                        resident.getLast() >> 20,
                        Math.max(0, wanted.minusNanos(System.nanoTime() - begun).toMinutes()));
            }
        }
        long second = median(resident.subList(resident.size() / 4, resident.size() / 2));
        long last = median(resident.subList(3 * resident.size() / 4, resident.size()));
        boolean same = counted(afterItems).size() == 1;
        double growth = (double) last / second;
        out.printf(
                "%d min, %d studies, %d work items: native arrays after a work item %s; median resident memory of the"
                        + " last quarter %.3f times that of the second (%d and %d MiB, %d samples)%n",
                wanted.toMinutes(),
                studies,
                afterItems.size(),
                same ? "always " + afterItems.peek() : "NOT the same, " + counted(afterItems),
                growth,
                last >> 20,
                second >> 20,
                resident.size());
        System.exit(same && growth <= 1.05 ? 0 : 1);
    }

    /**
     * Counts the arrays whenever a work item is done. Its line is logged on the only thread that
     * does work items.
     */
    private static void listen(ConcurrentLinkedQueue<Integer> afterItems) {
        Logger work = (Logger) LoggerFactory.getLogger("basin.work");
        AppenderBase<ILoggingEvent> counter = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent done) {
                afterItems.add(Torch.liveArrays());
            }
        };
        counter.setContext(work.getLoggerContext());
        counter.start();
        work.addAppender(counter);
        work.setAdditive(false);
        work.setLevel(Level.INFO);
    }

    private static Map<Integer, Long> counted(Iterable<Integer> arrays) {
        Map<Integer, Long> times = new TreeMap<>();
        arrays.forEach(count -> times.merge(count, 1L, Long::sum));
        return times;
    }

    private static void run(LocalPipeline pipeline, StudySpec study, long begun, Duration wanted, List<Long> resident)
            throws Exception {
        Submission.submit(pipeline.endpoint(), study);
        long limit = System.nanoTime() + STUDY_LIMIT.toNanos();
        while (pipeline.aggregator()
                        .view(Ids.study(study))
                        .filter(StudyView::ended)
                        .isEmpty()
                && System.nanoTime() - begun < wanted.toNanos()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("A study did not end within " + STUDY_LIMIT.toMinutes() + " minutes.");
            }
            Thread.sleep(1000);
            resident.add(ProcessStatus.bytes(ProcessHandle.current(), "VmRSS"));
        }
    }

    /** Returns the study with other seeds, different for every number. */
    static StudySpec reseeded(StudySpec study, int number) {
        List<Long> seeds = IntStream.range(0, study.seeds().size())
                .mapToObj(i -> 1000L * number + i)
                .toList();
        return new StudySpec(
                study.name(),
                study.language(),
                study.sizes(),
                study.algorithms(),
                study.learningRates(),
                seeds,
                study.training(),
                study.checkpoints(),
                study.validation(),
                study.flatness(),
                study.tasks(),
                study.protocols(),
                study.analysis(),
                study.platform(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
