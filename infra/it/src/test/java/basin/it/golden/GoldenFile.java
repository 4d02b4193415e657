package basin.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import basin.study.SampleSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Golden values in a text file, with the numeric profile on which they were computed. */
final class GoldenFile {
    static final Path FOLDER = Path.of("src/test/resources/golden");
    static final String COMMAND =
            "mvn verify -pl infra/it -am -Dtest='Golden*Test' -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dbasin.golden=write";
    private static final String PROFILE = "profile\t";
    private static final int SHOWN = 20;

    private GoldenFile() {}

    /** Returns whether files are written instead of compared. */
    static boolean writes() {
        return "write".equals(System.getProperty("basin.golden"));
    }

    /** Returns whether everything in the files is computed, and not a sample of it. */
    static boolean isWhole() {
        return writes() || SampleSize.isWhole();
    }

    /** Compares values with the file, or writes it. */
    static void check(String name, List<Line> computed) throws IOException {
        check(name, computed, line -> true);
    }

    /**
     * Compares the values of some cases with the file, or writes it.
     *
     * @param cases the names under which all lines of the cases stand
     */
    static void check(String name, List<Line> computed, Collection<String> cases) throws IOException {
        check(name, computed, line -> isWhole() || cases.stream().anyMatch(line::isUnder));
    }

    private static void check(String name, List<Line> computed, Predicate<Line> expects) throws IOException {
        assertThat(computed).isNotEmpty();
        assertThat(computed).extracting(Line::key).doesNotHaveDuplicates();
        Path file = FOLDER.resolve(name + ".tsv");
        if (writes()) {
            Files.createDirectories(FOLDER);
            Files.write(
                    file,
                    Stream.concat(
                                    Stream.of(PROFILE + Program.profile()),
                                    computed.stream().map(Line::text))
                            .toList());
            return;
        }
        List<String> texts = Files.readAllLines(file);
        assertThat(texts.getFirst()).startsWith(PROFILE);
        boolean same = texts.getFirst().equals(PROFILE + Program.profile());
        Map<String, Line> expected = texts.stream()
                .skip(1)
                .map(Line::read)
                .filter(expects)
                .collect(Collectors.toMap(Line::key, line -> line, (a, b) -> a, LinkedHashMap::new));
        assertThat(computed)
                .extracting(Line::key)
                .as("names of %s; to write it: %s", file, COMMAND)
                .containsExactlyElementsOf(expected.keySet());
        List<String> differences = new ArrayList<>();
        for (Line line : computed) {
            Line golden = expected.get(line.key());
            if (golden == null || !golden.agrees(line, same)) {
                differences.add(
                        "\n  golden " + (golden == null ? "none" : golden.text()) + "\n  now    " + line.text());
            }
        }
        assertThat(differences.stream().limit(SHOWN).toList())
                .as(
                        "%d differences from %s, %s profile; to write it: %s",
                        differences.size(), file, same ? "on the same" : "on another", COMMAND)
                .isEmpty();
    }
}
