package basin.cli;

import static basin.cli.Typed.at;
import static basin.cli.Typed.basin;
import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.broker.EmbeddedBroker;
import basin.cli.pipeline.LocalPipeline;
import basin.log.admin.TopicSpec;
import basin.record.Topic;
import basin.study.Ids;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the commands that work on a running pipeline, as a user types them. */
@ExtendWith(RunStudies.Resolver.class)
class OperatingCommandsTest {
    private static final String FILE = "src/test/resources/tiny.yaml";
    private static final StudySpec STUDY = StudyFile.read(Path.of(FILE));
    private static final String ID = Ids.study(STUDY);

    private static void refused(Typed said, String expected) {
        said.refused(expected);
        assertThat(said.out()).isEmpty();
    }

    private static void says(Typed said, String expected) {
        said.says(expected);
    }

    @Test
    void aStudyIsPutInLetRestResumedAndCancelledBeforeAnybodyWorks(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            String kafka = broker.bootstrapServers();
            Typed before = at(kafka, "doctor");
            assertThat(before.status()).isEqualTo(1);
            assertThat(before.lines())
                    .contains("ok    broker: share groups are on")
                    .contains("wrong topic basin.study is missing; make it with infra/basin topics");

            refused(basin("status", "--bootstrap", kafka, "--wait", "0"), "lacks the topics");
            says(at(kafka, "topics"), "The " + TopicSpec.all().size() + " topics are there.");
            says(at(kafka, "topics"), "The " + TopicSpec.all().size() + " topics are there.");
            says(at(kafka, "status"), "No study is recorded");
            refused(at(kafka, "pause", "tiny"), "There is no study 'tiny' in the record: submit one");
            refused(at(kafka, "trace", "nobody"), "No record names 'nobody'");

            says(at(kafka, "submit", FILE), ID + " is recorded. See how far it is: infra/basin status " + ID);
            says(at(kafka, "submit", FILE), ID + " is recorded. See how far it is");
            says(at(kafka, "status"), ID);
            assertThat(at(kafka, "status").lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("nothing");

            says(at(kafka, "pause", "tiny"), ID + " is paused.");
            says(at(kafka, "pause", ID), ID + " is paused already.");
            says(at(kafka, "status"), "paused");
            says(at(kafka, "submit", FILE), ID + " is recorded, but paused. Resume it: infra/basin resume " + ID);
            says(at(kafka, "resume", "tiny"), ID + " goes on.");
            says(at(kafka, "cancel", "tiny"), ID + " is cancelled.");
            says(at(kafka, "status", "tiny"), "cancelled");

            List<String> traced = at(kafka, "trace", ID).lines();
            assertThat(traced.stream().filter(line -> line.contains(" basin.study-")))
                    .as("the submission and the three requests, in %s", traced)
                    .hasSize(4);

            Typed after = at(kafka, "doctor");
            assertThat(after.lines())
                    .contains("ok    topics: all " + TopicSpec.all().size()
                            + " are there with their settings, and none of their" + " records is gone")
                    .contains("ok    dead letters: none");
        }
    }

    @Test
    void whatWasDoneIsToldByRunAndByWorkItem(RunStudies studies, @TempDir Path folder) throws Exception {
        studies.copy(RunStudies.twoRuns(), folder);
        Path file = folder.resolve("study.yaml");
        String id = Ids.study(StudyFile.read(file));
        try (LocalPipeline pipeline = LocalPipeline.start(folder.resolve("data"), 0, 2)) {
            String kafka = pipeline.endpoint().bootstrapServers();
            says(at(kafka, "submit", file.toString()), id + " is recorded.");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> pipeline.aggregator()
                            .view(id)
                            .filter(view -> view.state().equals("done"))
                            .isPresent());
            Typed status = at(kafka, "status", "tiny");
            assertThat(status.lines()).hasSize(1 + 2);
            assertThat(status.lines().getFirst()).contains("done").contains("runs ended 2 of 2");
            assertThat(status.lines().stream().skip(1))
                    .allSatisfy(line -> assertThat(line).contains("done").contains("step 120 of 120"));

            String run = status.lines().get(1).strip().split(" ")[0];
            List<String> ofRun = at(kafka, "trace", run).lines();
            assertThat(topics(ofRun))
                    .contains(
                            Topic.RUN.topicName(),
                            Topic.LOSS.topicName(),
                            Topic.CHECKPOINT.topicName(),
                            Topic.FLATNESS.topicName(),
                            Topic.DOWNSTREAM.topicName(),
                            Topic.WORK_RUN.topicName(),
                            Topic.WORK_PROBE.topicName(),
                            Topic.WORK_EVALUATE.topicName())
                    .doesNotContain(Topic.WEIGHTS.topicName());
            assertThat(ofRun).isSorted();

            String item = ofRun.stream()
                    .filter(line -> line.contains(Topic.WORK_PROBE.topicName()))
                    .map(line -> line.split(" {2}")[3])
                    .findFirst()
                    .orElseThrow();
            assertThat(topics(at(kafka, "trace", item).lines()))
                    .containsExactlyInAnyOrder(Topic.WORK_PROBE.topicName(), Topic.FLATNESS.topicName());

            Typed doctor = at(kafka, "doctor");
            assertThat(doctor.out()).doesNotContain("wrong");
            assertThat(doctor.lines())
                    .contains("ok    share group basin.work.probe: 2 taking work, 0 work items not done");
            assertThat(doctor.status()).isZero();
        }
    }

    private static Set<String> topics(List<String> traced) {
        return traced.stream()
                .map(line -> line.split(" {2}")[1])
                .map(position -> position.substring(0, position.lastIndexOf('-')))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"topics", "submit", "status", "pause", "resume", "cancel", "trace", "doctor"})
    void aRecordIsNeeded(String command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        if (Set.of("pause", "resume", "cancel", "trace").contains(command)) {
            arguments.add("tiny");
        }
        if (System.getenv("BASIN_KAFKA_BOOTSTRAP") == null) {
            refused(
                    basin(arguments.toArray(String[]::new)),
                    "There is no record under .basin in this folder: make one with infra/basin run, or name");
        }
        arguments.addAll(List.of("--wait", "0", "--bootstrap", "nowhere"));
        refused(basin(arguments.toArray(String[]::new)), "--bootstrap is 'nowhere': give one or more host:port");
    }

    /** Each waits 5 s for an answer, so one command stands for all with the same connection. */
    @ParameterizedTest
    @ValueSource(strings = {"pause tiny", "trace tiny", "doctor"})
    void anAddressHasToAnswer(String command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ", -1)));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            arguments.addAll(List.of("--wait", "0", "--bootstrap", "127.0.0.1:" + silent.getLocalPort()));
            refused(basin(arguments.toArray(String[]::new)), "Kafka at 127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void aStudyIsControlledInAFolderThatNobodyUses(@TempDir Path folder) {
        String data = folder.resolve("data").toString();
        says(basin("topics", "--data", data), "topics are there");
        Typed submitted = basin("submit", FILE, "--data", data);
        says(submitted, ID + " is recorded. See how far it is: infra/basin status " + ID + " --data " + data);
        assertThat(submitted.error()).contains("Nothing works on this record now: infra/basin run " + FILE);
        says(basin("pause", "tiny", "--data", data), ID + " is paused.");
        says(basin("status", "--data", data), "paused");
        says(basin("resume", "tiny", "--data", data), ID + " goes on.");
        refused(
                basin("cancel", "tinny", "--data", data),
                "There is no study 'tinny' in the record (did you mean 'tiny'?): ");
        says(basin("cancel", "tiny", "--data", data), ID + " is cancelled.");
    }
}
