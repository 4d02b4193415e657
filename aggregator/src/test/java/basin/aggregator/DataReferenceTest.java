package basin.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;
import basin.record.Topic;
import basin.study.EnumName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Tests that the reference of data describes what the program writes, all of it and nothing else.
 */
class DataReferenceTest {
    private static final Path PAGE = Path.of("../infra/docs/data.md");
    private static final List<StudyView> VIEWS = List.of(
            PageServer.view(SyntheticStudy.complete(SyntheticStudy.quick(), 1)),
            PageServer.view(SyntheticStudy.complete(SyntheticStudy.withSpectra(), 1)),
            PageServer.view(SyntheticStudy.complete(SyntheticStudy.claiming(), 1)),
            PageServer.view(SyntheticStudy.until(SyntheticStudy.quick(), 1, 12, true)));

    @Test
    void theGeneratedPartsAreThoseOfTheProgram() throws IOException {
        String text = Files.readString(PAGE);
        String made = text;
        for (Map.Entry<String, String> part : Map.of(
                        "tables", DataReference.tables(),
                        "fields", DataReference.fields(),
                        "metrics", DataReference.metrics(VIEWS))
                .entrySet()) {
            String begin = "<!-- " + part.getKey() + ": begin -->\n";
            String end = "<!-- " + part.getKey() + ": end -->";
            int from = made.indexOf(begin) + begin.length();
            int to = made.indexOf(end);
            assertThat(from).as(begin).isBetween(begin.length(), to);
            made = made.substring(0, from) + part.getValue() + made.substring(to);
        }
        if ("write".equals(System.getProperty("basin.data"))) {
            Files.writeString(PAGE, made);
        } else {
            assertThat(text)
                    .as("mvn -pl aggregator -am verify -Dtest=DataReferenceTest -Dbasin.data=write writes it")
                    .isEqualTo(made);
        }
    }

    @Test
    void everyFieldOfTheViewIsThere() throws IOException {
        Set<String> written = new TreeSet<>();
        for (StudyView view : VIEWS) {
            names(new ObjectMapper().readTree(ViewJson.canonical(view)), written);
        }
        String text = Files.readString(PAGE);
        assertThat(written)
                .hasSizeGreaterThan(80)
                .allSatisfy(name -> assertThat(text).contains("`" + name + "`"));
    }

    private static void names(JsonNode node, Set<String> names) {
        node.fieldNames().forEachRemaining(names::add);
        node.forEach(child -> names(child, names));
    }

    @Test
    void everyTopicIsThereWithItsRetention() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        for (Topic topic : Topic.values()) {
            assertThat(lines)
                    .as(topic.topicName())
                    .filteredOn(line ->
                            line.startsWith("| `" + topic.topicName() + "` | " + EnumName.of(topic.kind()) + " |"))
                    .hasSize(1);
        }
    }
}
