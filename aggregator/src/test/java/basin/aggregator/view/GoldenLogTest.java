package basin.aggregator.view;

import static org.assertj.core.api.Assertions.assertThat;

import basin.aggregator.fold.Fold;
import basin.record.Event;
import basin.record.EventCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that this version reads the record of a small study as written by each released version,
 * and shows the same view. The log of a released version is never changed. Its view is changed only
 * with an intended change of the displayed results: {@code -Dbasin.golden=write} writes it.
 */
class GoldenLogTest {
    private static final Path GOLDEN = Path.of("src/test/resources/basin/aggregator/golden");

    static List<Path> versions() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void showsWhatItShowed(Path version) throws Exception {
        List<Event> events = new ArrayList<>();
        for (String line : Files.readAllLines(version.resolve("events.jsonl"))) {
            events.add(EventCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        }
        String view = view(events);
        Path expected = version.resolve("view.json");
        if ("write".equals(System.getProperty("basin.golden"))) {
            Files.writeString(expected, view);
        }
        assertThat(view)
                .as("mvn -pl aggregator -am verify -Dtest=GoldenLogTest -Dbasin.golden=write writes it")
                .isEqualTo(Files.readString(expected));
        Collections.shuffle(events, new Random(1));
        assertThat(view(events)).isEqualTo(view);
    }

    private static String view(List<Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::add);
        assertThat(fold.conflicts()).isEmpty();
        assertThat(fold.studies()).hasSize(1);
        StudyView view = Views.of(fold.study(fold.studies().getFirst()).orElseThrow());
        assertThat(view.state()).isEqualTo("done");
        assertThat(view.rows()).anyMatch(row -> row.finding().p().isPresent());
        return ViewJson.text(view);
    }
}
