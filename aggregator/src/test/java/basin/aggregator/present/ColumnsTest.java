package basin.aggregator.present;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that text is measured and cut in columns of a terminal, not in characters of Java. */
class ColumnsTest {
    @ParameterizedTest
    @CsvSource({"abc, 3", "é, 1", "e\u0301, 1", "模型, 4", "한국, 4", "ｆｕ, 4", "😀, 2", "█░, 2", "τ−ρ, 3", "a\u200bb, 2"})
    void widths(String text, int columns) {
        assertThat(Columns.width(text)).isEqualTo(columns);
        assertThat(Columns.width(Columns.pad(text, 7))).isEqualTo(7);
    }

    @Test
    void whatIsCutSaysSo() {
        assertThat(Columns.cut("seed 12", 7)).isEqualTo("seed 12");
        assertThat(Columns.cut("seed 12", 6)).isEqualTo("seed …");
        assertThat(Columns.cut("模型 1", 4)).isEqualTo("模…");
        assertThat(Columns.cut("a", 0)).isEmpty();
        assertThat(Columns.shorten("average · seed 12", 10)).isEqualTo("avera…d 12");
        assertThat(Columns.shorten("一二三四五六", 6)).isEqualTo("一…六");
        // A pair of surrogates and a letter with its accent stay together.
        assertThat(Columns.shorten("😀😀😀😀", 5)).isEqualTo("😀…😀");
        assertThat(Columns.shorten("abcde\u0301", 4)).isEqualTo("ab…e\u0301");
    }

    @Test
    void wordsAreNotBroken() {
        assertThat(Columns.wrap("one two three four", 9)).containsExactly("one two", "three", "four");
        assertThat(Columns.wrap("see /a/path/that/is/long now", 8))
                .containsExactly("see", "/a/path/that/is/long", "now");
        assertThat(Columns.wrap("", 8)).containsExactly("");
        assertThat(Columns.wrap("0.20 nats", 100)).containsExactly("0.20 nats");
    }
}
