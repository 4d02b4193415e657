package basin.it.study;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.study.Ids;
import basin.study.StudySpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A study of eight runs that tests disturb, and the view in which it ends without disturbance,
 * which is computed once for all tests of this JVM.
 */
public final class RepeatedStudy {
    private static final StudyText TEXT = StudyText.tiny().withQuickFlatness();
    public static final StudySpec SPEC = TEXT.spec();
    public static final String ID = Ids.study(SPEC);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private RepeatedStudy() {}

    /** The end of a run in one process with three slots. */
    private static final class Undisturbed {
        private static final StudyView VIEW = view();

        private static StudyView view() {
            try {
                Path folder = Files.createTempDirectory("undisturbed");
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

    /** Writes the study's file into a folder. */
    static Path file(Path folder) throws IOException {
        return Files.writeString(folder.resolve("study.yaml"), TEXT.text());
    }

    /** Returns the view in which the study ends without disturbance. */
    public static StudyView undisturbed() {
        return Undisturbed.VIEW;
    }

    /** Submits the study and returns the view in which it ends. */
    static StudyView run(LocalPipeline pipeline) throws Exception {
        Submission.submit(pipeline.endpoint(), SPEC);
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
