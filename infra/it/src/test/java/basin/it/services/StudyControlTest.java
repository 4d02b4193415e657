package basin.it.services;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.cli.pipeline.Submission;
import basin.it.StudyText;
import basin.log.KafkaEndpoint;
import basin.log.admin.TopicAdmin;
import basin.log.admin.TopicSpec;
import basin.record.Event.StudyControlled.Action;
import basin.study.Ids;
import basin.study.StudySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a study can be paused, resumed and cancelled, while others continue and share its
 * workers.
 */
class StudyControlTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void whatIsPausedWaitsWhileOthersEndAndWhatIsResumedIsCompleted(@TempDir Path folder) throws Exception {
        StudySpec first = small("first", 1);
        StudySpec second = small("second", 2);
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            Submission.submit(pipeline.endpoint(), first);
            await(pipeline, first, view -> view.runs().size() == 4);
            assertThat(Submission.control(pipeline.endpoint(), Ids.study(first), Action.PAUSE))
                    .isTrue();
            assertThat(Submission.control(pipeline.endpoint(), Ids.study(first), Action.PAUSE))
                    .isFalse();
            Submission.submit(pipeline.endpoint(), second);
            StudyView done = await(pipeline, second, view -> view.state().equals("done"));
            assertThat(done.runs())
                    .hasSize(4)
                    .allSatisfy(run -> assertThat(run.seed()).isEqualTo(2));
            StudyView paused = view(pipeline, first).orElseThrow();
            assertThat(paused.state()).isEqualTo("paused");
            assertThat(paused.done().ended()).isLessThan(4);

            assertThat(Submission.control(pipeline.endpoint(), Ids.study(first), Action.RESUME))
                    .isTrue();
            StudyView whole = await(pipeline, first, view -> view.state().equals("done"));
            assertThat(whole.done().measured())
                    .isEqualTo(whole.done().measurements())
                    .isPositive();
            assertThat(pipeline.aggregator()
                            .progress(whole.studyId())
                            .orElseThrow()
                            .pipeline()
                            .deadLetters())
                    .isZero();
        }
    }

    @Test
    void whatIsCancelledEndsAndAStudyThatSharesItsRunsIsCompleted(@TempDir Path folder) throws Exception {
        StudySpec first = small("first", 1);
        StudySpec sharing = small("sharing", 1);
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            Submission.submit(pipeline.endpoint(), first);
            await(pipeline, first, view -> view.runs().size() == 4);
            assertThat(Submission.control(pipeline.endpoint(), Ids.study(first), Action.CANCEL))
                    .isTrue();
            await(pipeline, first, view -> view.state().equals("cancelled"));
            Submission.submit(pipeline.endpoint(), sharing);
            StudyView done = await(pipeline, sharing, view -> view.state().equals("done"));
            assertThat(done.done().measured())
                    .isEqualTo(done.done().measurements())
                    .isPositive();
        }
    }

    @Test
    void neitherOfTwoStudiesWaitsForTheOthersEnd(@TempDir Path folder) throws Exception {
        StudySpec first = small("first", 1);
        StudySpec second = small("second", 2);
        // Both are on record before the workers start.
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            Submission.submit(endpoint, first);
            Submission.submit(endpoint, second);
        }
        try (LocalPipeline pipeline = LocalPipeline.start(folder, 0, 2)) {
            StudyView one = await(pipeline, first, view -> view.done().ended() == 4);
            StudyView other = view(pipeline, second).orElseThrow();
            // When all runs of the first have ended, those of the second must be at least half
            // done.
            assertThat(other.runs().stream().mapToInt(StudyView.Run::step).sum())
                    .isGreaterThanOrEqualTo(4 * 120 / 2);
            for (StudySpec study : List.of(first, second)) {
                StudyView view = await(pipeline, study, now -> now.state().equals("done"));
                long seed = study.seeds().getFirst();
                assertThat(view.runs())
                        .hasSize(4)
                        .allSatisfy(run -> assertThat(run.seed()).isEqualTo(seed));
                assertThat(view.rows())
                        .allSatisfy(row -> assertThat(row.finding().runs()).isLessThanOrEqualTo(4));
            }
            assertThat(one.studyId()).isNotEqualTo(other.studyId());
        }
    }

    private static StudySpec small(String name, int seed) {
        return StudyText.brief()
                .withQuickFlatness()
                .named(name)
                .withSeeds(String.valueOf(seed))
                .spec();
    }

    private static Optional<StudyView> view(LocalPipeline pipeline, StudySpec study) {
        return pipeline.aggregator().view(Ids.study(study));
    }

    private static StudyView await(LocalPipeline pipeline, StudySpec study, Predicate<StudyView> until) {
        return Awaitility.await()
                .atMost(LIMIT)
                .until(() -> view(pipeline, study).filter(until), Optional::isPresent)
                .orElseThrow();
    }
}
