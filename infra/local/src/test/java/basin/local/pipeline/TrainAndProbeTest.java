package basin.local.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import basin.events.StudyFile;
import basin.events.Topic;
import basin.events.spec.StudySpec;
import basin.events.work.Piece;
import basin.events.work.StudyPlan;
import basin.flatness.FlatnessProbeService;
import basin.local.broker.EmbeddedBroker;
import basin.service.kafka.KafkaEndpoint;
import basin.service.kafka.TopicAdmin;
import basin.service.kafka.TopicSpec;
import basin.service.kafka.WorkSlots;
import basin.service.record.Desk;
import basin.trainer.TrainerService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainAndProbeTest {

    @Test
    void everyCheckpointOfAStudyIsProbed(@TempDir Path folder) throws Exception {
        StudySpec study = StudyFile.read(Path.of("src/test/resources/tiny.yaml"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            KafkaEndpoint endpoint = KafkaEndpoint.of(broker.bootstrapServers());
            TopicAdmin.ensure(endpoint, TopicSpec.all());
            try (WorkSlots slots = WorkSlots.of(2);
                    TrainerService _ = TrainerService.start(endpoint, slots, new SimpleMeterRegistry());
                    FlatnessProbeService _ = FlatnessProbeService.start(endpoint, slots, new SimpleMeterRegistry());
                    Desk desk = Desk.open(endpoint, "test")) {
                String studyId = Submission.submit(endpoint, study);
                Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> {
                    desk.view().refresh();
                    return StudyPlan.runs(study).stream().allMatch(run -> {
                        var checkpoints = desk.view().checkpoints(run.runId());
                        return !checkpoints.isEmpty()
                                && checkpoints.getLast().event().step() == 120
                                && checkpoints.stream()
                                        .flatMap(stored -> StudyPlan.measurements(
                                                studyId,
                                                study,
                                                run.runId(),
                                                stored.event().step(),
                                                stored.event().triggers())
                                                .stream())
                                        .filter(Piece.Probe.class::isInstance)
                                        .allMatch(piece -> desk.view().holds(piece.resultIds()));
                    });
                });
                assertThat(desk.view()
                                .studiesOf(StudyPlan.runs(study).getFirst().runId()))
                        .containsExactly(studyId);
                assertThat(Topic.values()).isNotEmpty();
            }
        }
    }
}
