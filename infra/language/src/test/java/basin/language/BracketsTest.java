package basin.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import basin.study.Refusal;
import basin.study.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests of the path counts and probabilities of {@link Brackets} against an enumeration of all
 * strings.
 */
class BracketsTest {
    /** Returns all balanced strings, found by removing adjacent pairs. */
    private static List<int[]> balanced(int length, boolean nested) {
        List<int[]> found = new ArrayList<>();
        for (int bits = 0; bits < 1 << length; bits++) {
            int[] string = new int[length];
            StringBuilder text = new StringBuilder();
            for (int t = 0; t < length; t++) {
                string[t] = bits >> (length - 1 - t) & 1;
                text.append(string[t] == 0 ? '(' : ')');
            }
            String rest = text.toString();
            for (int pair = 0; pair < length; pair++) {
                rest = rest.replaceFirst(nested ? "[(][)]" : "[(][)]|[)][(]", "");
            }
            if (rest.isEmpty()) {
                found.add(string);
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({"2, true", "4, true", "6, true", "8, true", "12, true", "2, false", "4, false", "6, false", "10, false"
    })
    void everythingEqualsTheListOfAllStrings(int length, boolean nested) {
        Brackets language = Brackets.of(length, nested);
        List<int[]> all = balanced(length, nested);
        assertThat(language.count()).isEqualTo(all.size());
        assertThat(language.sentences(all.size()).orElseThrow())
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(all);
        assertThat(language.sentences(all.size() - 1)).isEmpty();
        for (int bits = 0; bits < 1 << length; bits++) {
            int number = bits;
            int[] string = java.util.stream.IntStream.range(0, length)
                    .map(t -> number >> t & 1)
                    .toArray();
            double p = all.stream().anyMatch(one -> Arrays.equals(one, string)) ? 1.0 / all.size() : 0;
            assertThat(Math.exp(language.logProbability(string))).isCloseTo(p, within(1e-15));
        }
        for (int[] string : all) {
            double[][] rows = language.conditionals(string);
            for (int t = 0; t < length; t++) {
                int[] other = string.clone();
                other[t] = 1 - string[t];
                double[] truth = new double[2];
                truth[string[t]] = 1;
                assertThat(rows[t]).containsExactly(truth);
                // The row of a masked word does not depend on that word.
                assertThat(language.conditional(other, t)).containsExactly(truth);
            }
        }
        for (int from = 0; from < length; from++) {
            for (int to = from; to <= length; to++) {
                TreeSet<Integer> openings = new TreeSet<>();
                for (int[] string : all) {
                    openings.add((int) Arrays.stream(string, from, to)
                            .filter(word -> word == Brackets.OPENING)
                            .count());
                }
                assertThat(language.openings(from, to)).containsExactlyElementsOf(openings);
            }
        }
        assertThat(OptimalLoss.of(language, 2, 1)).isEqualTo(new OptimalLoss(0, 0, true, all.size(), 1));
    }

    @Test
    void drawsAreUniform() {
        Frequencies.agree(Brackets.of(8, true), 20_000, 1);
        Frequencies.agree(Brackets.of(6, false), 20_000, 2);
    }

    @Test
    void theLongestStringsAreCountedExactly() {
        // The 31st Catalan number, and 62 over 31.
        assertThat(Brackets.of(62, true).count()).isEqualTo(14_544_636_039_226_909L);
        assertThat(Brackets.of(62, false).count()).isEqualTo(465_428_353_255_261_088L);
        RandomGenerator random = Seeds.generator(3, "long");
        for (int i = 0; i < 100; i++) {
            int[] string = Brackets.of(62, true).sample(random);
            assertThat(Brackets.of(62, true).logProbability(string)).isFinite();
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Brackets.of(5, true))
                .withMessage("length is 5: give an even number from 2 to 62.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Brackets.of(4, true).conditional(new int[] {0, 1, 1, 1}, 3))
                .withMessageContaining("no sentence of the language agrees with the words beside position 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Brackets.of(4, true).conditionals(new int[] {0, 1}))
                .withMessage("the sentence has 2 words: this language has sentences of exactly 4.");
    }
}
