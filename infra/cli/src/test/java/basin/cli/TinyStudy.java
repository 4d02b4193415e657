package basin.cli;

import basin.aggregator.view.StudyView;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.study.Ids;
import basin.study.Json;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A study of eight runs that ends within half a minute. */
public final class TinyStudy {
    public static final Path FILE = Path.of("../cli/src/test/resources/tiny.yaml");
    public static final StudySpec SPEC = StudyFile.read(FILE);
    public static final String ID = Ids.study(SPEC);
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private TinyStudy() {}

    /** Submits it and waits for its end. */
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

    /** All numbers of a view. */
    public static String json(StudyView view) {
        return new String(Json.canonical(view), StandardCharsets.UTF_8);
    }
}
