package basin.cli;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A study of eight runs that takes less than half a minute. */
public final class TinyStudy {
    public static final Path FILE = Path.of("../cli/src/test/resources/tiny.yaml");
    public static final StudySpec SPEC = StudyFile.read(FILE);
    public static final String ID = Ids.study(SPEC);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private TinyStudy() {}

    /**
     * Final view of an undisturbed run in one process with three slots, computed once for all tests
     * that compare with it.
     */
    private static final class Undisturbed {
        private static final StudyView VIEW = view();

        private static StudyView view() {
            try {
                Path folder = Files.createTempDirectory("tiny");
                try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 3)) {
                    return run(pipeline);
                } finally {
                    try (Stream<Path> written = Files.walk(folder)) {
                        for (Path path :
                                written.sorted(Comparator.reverseOrder()).toList()) {
                            Files.delete(path);
                        }
                    }
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns the final view of an undisturbed run. */
    public static StudyView undisturbed() {
        return Undisturbed.VIEW;
    }

    /** Submits the study and waits for its end. */
    public static StudyView run(LocalPipeline pipeline) throws Exception {
        Submission.submit(pipeline.endpoint(), SPEC);
        return awaitEnd(pipeline);
    }

    public static StudyView awaitEnd(LocalPipeline pipeline) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> pipeline.aggregator().view(ID).filter(StudyView::ended), Optional::isPresent)
                .orElseThrow();
    }

    /** Returns all numbers of a view. */
    public static String json(StudyView view) {
        return new String(ViewJson.canonical(view), StandardCharsets.UTF_8);
    }
}
