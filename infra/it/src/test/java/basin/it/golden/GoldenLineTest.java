package basin.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a golden line that differs is detected. */
class GoldenLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"allowed", "languages", "algorithms", "estimators", "measurements", "tasks", "folders"})
    void oneDigitOfAnyLineIsSeen(String name) throws IOException {
        Path file = GoldenFile.FOLDER.resolve(name + ".tsv");
        for (String text : Files.readAllLines(file).stream().skip(1).toList()) {
            Line line = Line.read(text);
            assertThat(line.text()).as("its own text").isEqualTo(text);
            assertThat(line.agrees(line, true)).isTrue();
            assertThat(line.agrees(line, false)).isTrue();
            double largest =
                    line.numbers().stream().mapToDouble(Math::abs).max().orElse(0);
            for (int place = 0; place < line.numbers().size(); place++) {
                List<Double> changed = new ArrayList<>(line.numbers());
                boolean flat = line.kind() == Line.Kind.TRACE || line.kind() == Line.Kind.DIFFERENCE;
                changed.set(
                        place,
                        flat
                                ? changed.get(place) + 2e-5 * largest + 2 * Line.ROUNDING
                                : Math.nextUp(changed.get(place)));
                Line other = new Line(line.key(), line.kind(), line.tests(), changed);
                assertThat(line.agrees(other, true))
                        .as("%s, number %d", text, place)
                        .isFalse();
            }
        }
    }

    @Test
    void anotherProfileIsComparedToo() {
        assertThat(Line.of("a", Line.Kind.LOSS, 2, 0.1).agrees(Line.of("a", Line.Kind.LOSS, 2.001, 0.1), false))
                .isTrue();
        assertThat(Line.of("a", Line.Kind.LOSS, 2, 0.1).agrees(Line.of("a", Line.Kind.LOSS, 2.003, 0.1), false))
                .isFalse();
        assertThat(Line.of("a", Line.Kind.EXACT, 2).agrees(Line.of("a", Line.Kind.EXACT, 3), false))
                .isFalse();
        assertThat(Line.accuracy("a", 40, List.of(0.5)).agrees(Line.accuracy("a", 40, List.of(0.6)), false))
                .isTrue();
        assertThat(Line.accuracy("a", 40, List.of(0.5)).agrees(Line.accuracy("a", 40, List.of(0.625)), false))
                .isFalse();
    }
}
