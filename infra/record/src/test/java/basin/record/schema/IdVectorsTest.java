package basin.record.schema;

import static org.assertj.core.api.Assertions.assertThat;

import basin.record.Event;
import basin.record.SampleEvents;
import basin.study.Ids;
import basin.study.Json;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published test vectors of ids are those that the program computes. */
class IdVectorsTest {
    private static final Path FILE = Path.of("../docs/kafka-api/vectors.json");

    private final ObjectNode root = Json.mapper().createObjectNode();

    /** With {@code -Dbasin.schemas=write} the file is written instead. */
    @Test
    void thoseInTheRepositoryAreThoseOfTheCode() throws IOException {
        ArrayNode doubles = root.putArray("doubles");
        for (double value : new double[] {
            0,
            1,
            0.1,
            0.01,
            0.001,
            0.00099,
            1e-6,
            2.5e-8,
            100,
            0.9999,
            123456.789,
            1e6,
            9999999,
            1e7,
            1.25e7,
            123456789,
            1e22,
            -0.25,
            1.7976931348623157e308
        }) {
            // As text, because a JSON reader may take 1 for a whole number.
            doubles.addObject()
                    .put("value", String.valueOf(value))
                    .put("text", new String(Json.canonical(value), StandardCharsets.UTF_8));
        }
        Event.RunDeclared run = sample(Event.RunDeclared.class);
        Event.FlatnessMeasured flatness = sample(Event.FlatnessMeasured.class);
        Event.DownstreamMeasured downstream = sample(Event.DownstreamMeasured.class);
        Event.StudySubmitted study = sample(Event.StudySubmitted.class);
        ArrayNode specifications = root.putArray("specifications");
        for (Object one : List.of(
                flatness.requested(),
                flatness.platform(),
                downstream.task(),
                study.study().protocols().getFirst(),
                study.study().protocols().getLast(),
                run.spec())) {
            ObjectNode specification = specifications.addObject();
            specification.put("type", one.getClass().getSimpleName());
            specification.set("value", Json.mapper().valueToTree(one));
            specification.put("canonical", new String(Json.canonical(one), StandardCharsets.UTF_8));
            specification.put("hash", Ids.hash(one));
        }
        ArrayNode ids = root.putArray("ids");
        id(ids, run, "RunDeclared", run.studyId(), run.runId());
        id(ids, sample(Event.RunFinished.class), "RunFinished", run.runId());
        id(ids, sample(Event.LossMeasured.class), "LossMeasured", run.runId(), "60", "true");
        id(ids, sample(Event.CheckpointPublished.class), "CheckpointPublished", run.runId(), "60");
        ObjectNode flat =
                root.putObject("flatness").put("run", flatness.runId()).put("step", flatness.step());
        flat.set("requested", Json.mapper().valueToTree(flatness.requested()));
        flat.set("platform", Json.mapper().valueToTree(flatness.platform()));
        flat.put("quantity", flatness.quantity().id()).put("id", flatness.id());
        flat.put("idOfVersion2", ofVersion2(flatness).id());
        ObjectNode down =
                root.putObject("downstream").put("run", downstream.runId()).put("step", downstream.step());
        down.set("task", Json.mapper().valueToTree(downstream.task()));
        down.set("protocol", Json.mapper().valueToTree(downstream.protocol()));
        down.set("platform", Json.mapper().valueToTree(downstream.platform()));
        down.put("id", downstream.id());
        assertThat(Ids.run(run.spec())).isEqualTo(run.runId());

        String made = SchemaFiles.pretty(root);
        if ("write".equals(System.getProperty("basin.schemas"))) {
            Files.writeString(FILE, made);
        }
        assertThat(FILE)
                .as("mvn -pl infra/record verify -Dtest=IdVectorsTest -Dbasin.schemas=write writes it")
                .hasContent(made);
    }

    private static Event.FlatnessMeasured ofVersion2(Event.FlatnessMeasured one) {
        return new Event.FlatnessMeasured(
                one.runId(),
                one.step(),
                one.requested(),
                one.platform(),
                one.quantity(),
                one.value(),
                one.interval(),
                one.effectiveRank(),
                one.parameters(),
                2);
    }

    private static <T extends Event> T sample(Class<T> type) {
        return SampleEvents.all().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static void id(ArrayNode ids, Event event, String... parts) {
        assertThat(Ids.of((Object[]) parts)).isEqualTo(event.id());
        ObjectNode id = ids.addObject();
        for (String part : parts) {
            id.withArray("parts").add(part);
        }
        id.put("id", event.id());
    }
}
