package basin.local.study;

import basin.aggregator.view.StudyView;
import basin.events.Ids;
import basin.events.Json;
import basin.events.StudyFile;
import basin.events.spec.StudySpec;
import basin.local.pipeline.LocalPipeline;
import basin.local.pipeline.Submission;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A study of eight runs that ends within half a minute. */
final class TinyStudy {
    static final Path FILE = Path.of("src/test/resources/tiny.yaml");
    static final StudySpec SPEC = StudyFile.read(FILE);
    static final String ID = Ids.study(SPEC);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private TinyStudy() {}

    /** Submits it and waits for its end. */
    static StudyView run(LocalPipeline pipeline) throws Exception {
        Submission.submit(pipeline.endpoint(), SPEC);
        return awaitEnd(pipeline);
    }

    static StudyView awaitEnd(LocalPipeline pipeline) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> pipeline.aggregator().view(ID).filter(StudyView::ended), Optional::isPresent)
                .orElseThrow();
    }

    /** All numbers of a view. */
    static String json(StudyView view) {
        return new String(Json.canonical(view), StandardCharsets.UTF_8);
    }
}
