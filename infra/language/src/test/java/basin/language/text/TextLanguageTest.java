package basin.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.language.MaskedSentences;
import basin.language.study.AbsentModelException;
import basin.language.study.Languages;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.file.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of a text as a source of training sentences: its words, its parts and its draws. */
class TextLanguageTest {
    private static final List<String> NOUNS = List.of("fox", "owl", "hare", "goat", "cow");
    private static final List<String> VERBS = List.of("runs", "sleeps", "eats", "waits");
    private static final List<String> ENDS = List.of("now .", "at night .", "in the barn .", "!");

    @TempDir
    private Path folder;

    /** Writes 80 different sentences, every fourth of them twice. */
    private static List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        for (String noun : NOUNS) {
            for (String verb : VERBS) {
                for (String end : ENDS) {
                    sentences.add("The " + noun + " " + verb + " " + end);
                    if (end.equals("!")) {
                        sentences.add("The " + noun + " " + verb + " " + end);
                    }
                }
            }
        }
        return sentences;
    }

    private LanguageSpec.Text spec(List<String> lines, int words, int maxLength, double pairs) throws IOException {
        Path file = folder.resolve("text.txt");
        Files.write(file, lines);
        return new LanguageSpec.Text(
                List.of(DataFiles.remember(file)), LanguageSpec.Text.WORDS, words, maxLength, pairs, 0.25, 7);
    }

    private static Set<String> drawn(MaskedSentences masked) {
        Set<String> drawn = new HashSet<>();
        Arrays.stream(masked.sentences()).forEach(sentence -> drawn.add(Arrays.toString(sentence)));
        return drawn;
    }

    @Test
    void theTextIsSplitBySentencesAndTheSameSpecSplitsAlike() throws IOException {
        LanguageSpec.Text spec = spec(sentences(), 100, 8, 0);
        TextLanguage text = TextLanguage.of(spec);
        TextLanguage again = TextLanguage.of(spec);
        assertThat(text.counts()).isEqualTo(again.counts());
        assertThat(text.counts().training() + text.counts().heldOut()).isEqualTo(100);
        assertThat(text.counts().heldOut()).isBetween(20, 40);
        assertThat(text.counts().cut()).isZero();
        assertThat(text.counts().blank()).isZero();
        int held = text.counts().heldOut();
        MaskedSentences validation = text.validation(Seeds.generator(1, "validation"), held);
        assertThat(validation)
                .usingRecursiveComparison()
                .isEqualTo(again.validation(Seeds.generator(1, "validation"), held));
        // Every held-out sentence once, and 20 of the 80 are held out.
        Set<String> heldOut = drawn(validation);
        assertThat(heldOut).hasSize(20);
        // This many draws cover the whole training part, except with probability e^-50, and never a
        // held-out sentence.
        Set<String> training = drawn(text.masked(Seeds.generator(2, "training"), 5_000));
        assertThat(training).hasSize(60).doesNotContainAnyElementsOf(heldOut);
        assertThat(drawn(text.heldOut(Seeds.generator(3, "flatness"), 2_000))).isEqualTo(heldOut);
        assertThat(TextLanguage.of(new LanguageSpec.Text(spec.files(), spec.tokenizer(), 100, 8, 0, 0.25, 8))
                        .validation(Seeds.generator(1, "validation"), 20))
                .usingRecursiveComparison()
                .isNotEqualTo(text.validation(Seeds.generator(1, "validation"), 20));
        assertThatThrownBy(() -> text.check("validation.sentences", held + 1))
                .hasMessage("validation.sentences is " + (held + 1) + ": give at most " + held
                        + ", because so many sentences of the text are held out.");
    }

    @Test
    void wordsAreTheMostFrequentOfTheTrainingPartAndOthersAreUnknown() throws IOException {
        List<String> lines = new ArrayList<>(sentences());
        lines.add("The zebra \ud83e\udd93 runs now .");
        lines.add("");
        lines.add("The goat sleeps now , and the cow sleeps now , and the owl sleeps now .");
        TextLanguage text = TextLanguage.of(spec(lines, 100, 8, 0));
        assertThat(text.counts().blank()).isEqualTo(1);
        assertThat(text.counts().cut()).isEqualTo(1);
        assertThat(text.number("the")).isEqualTo(1);
        assertThat(text.number("The")).isEqualTo(TextLanguage.UNKNOWN);
        assertThat(text.number("zebra")).isEqualTo(TextLanguage.UNKNOWN);
        assertThat(text.encode(List.of(List.of("THE \ud83e\udd93 zebra runs!"))).sentences()[0])
                .containsExactly(1, 0, 0, text.number("runs"), text.number("!"));
        assertThat(text.counts().unknown()).isBetween(2L, 4L);
        int all = text.vocabularySize();
        TextLanguage few = TextLanguage.of(spec(lines, 6, 8, 0));
        assertThat(few.vocabularySize()).isEqualTo(6).isLessThan(all);
        assertThat(few.counts().unknown()).isGreaterThan(text.counts().unknown());
        assertThat(few.counts().words()).isEqualTo(text.counts().words());
    }

    @Test
    void pairsHaveASeparatorBetweenThemThatIsNeverHidden() throws IOException {
        TextLanguage text = TextLanguage.of(spec(sentences(), 100, 6, 0.5));
        assertThat(text.maxLength()).isEqualTo(13);
        assertThat(text.number("the")).isEqualTo(2);
        MaskedSentences drawn = text.masked(Seeds.generator(4, "pairs"), 2_000);
        int pairs = 0;
        Set<Integer> beforeAndAfter = new HashSet<>();
        Set<String> neighbours = new HashSet<>();
        for (int i = 1; i < sentences().size(); i++) {
            neighbours.add(Arrays.toString(
                    text.encode(List.of(sentences().subList(i - 1, i + 1))).sentences()[0]));
        }
        for (int i = 0; i < 2_000; i++) {
            int[] sentence = drawn.sentences()[i];
            int at = Arrays.stream(sentence).boxed().toList().indexOf(TextLanguage.SEPARATOR);
            assertThat(Arrays.stream(sentence).filter(word -> word == TextLanguage.SEPARATOR))
                    .hasSizeLessThan(2);
            assertThat(drawn.positions()[i]).isBetween(0, sentence.length - 1).isNotEqualTo(at);
            if (at >= 0) {
                pairs++;
                assertThat(neighbours).contains(Arrays.toString(sentence));
                beforeAndAfter.add(Integer.compare(drawn.positions()[i], at));
            }
        }
        // Five standard deviations of a binomial: a false alarm in two million.
        assertThat(pairs).isBetween(1_000 - 112, 1_000 + 112);
        assertThat(beforeAndAfter).containsExactlyInAnyOrder(-1, 1);
        // Validation uses single sentences only.
        assertThat(List.of(text.validation(Seeds.generator(1, "validation"), 20).sentences()))
                .allSatisfy(sentence -> assertThat(sentence).doesNotContain(TextLanguage.SEPARATOR));
        TextLanguage.Encoded pair = text.encode(List.of(List.of("the fox runs", "the owl eats in the old old barn")));
        assertThat(pair.cut()).isEqualTo(1);
        assertThat(pair.sentences()[0]).hasSize(3 + 1 + 6).startsWith(2);
        assertThat(pair.sentences()[0][3]).isEqualTo(TextLanguage.SEPARATOR);
    }

    @Test
    void aTokenizerOfOnesOwnSplitsAsItSays() throws IOException {
        Path tokenizer = folder.resolve("tokenizer.json");
        Files.writeString(tokenizer, """
            {"version": "1.0", "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
             "padding": null,
             "added_tokens": [{"id": 0, "content": "[CLS]", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}],
             "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "WhitespaceSplit"},
             "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
               {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
               {"Sequence": {"id": "B", "type_id": 1}}],
               "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [0], "tokens": ["[CLS]"]}}},
             "decoder": null,
             "model": {"type": "WordLevel", "vocab": {"[CLS]": 0, "<unk>": 1, "the": 2, "fox": 3, "runs": 4, "!": 5},
               "unk_token": "<unk>"}}
            """);
        LanguageSpec.Text words = spec(sentences(), 100, 8, 0);
        TextLanguage text = TextLanguage.of(
                new LanguageSpec.Text(words.files(), DataFiles.remember(tokenizer), 100, 8, 0, 0.25, 7));
        // The tokenizer's special tokens are not added and its truncation is disabled. Its own
        // unknown token is an ordinary word.
        assertThat(text.vocabularySize()).isEqualTo(1 + 5);
        assertThat(text.encode(List.of(List.of("The fox runs away !"))).sentences()[0])
                .containsExactly(
                        text.number("the"),
                        text.number("fox"),
                        text.number("runs"),
                        text.number("<unk>"),
                        text.number("!"));
        Files.writeString(tokenizer, "{}");
        LanguageSpec.Text none =
                new LanguageSpec.Text(words.files(), DataFiles.remember(tokenizer), 100, 8, 0, 0.25, 7);
        assertThatThrownBy(() -> TextLanguage.of(none))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("which cannot be read");
    }

    @Test
    void whatIsNoTextIsRefusedInOneSentence() throws IOException {
        refused(List.of(), "have 0 different sentences, of which 0 would be held out");
        refused(List.of("one", "two", "three"), "have 3 different sentences");
        List<String> different = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            different.add("word" + i);
        }
        refused(different, "have 0 words that occur 2 times or more in the training part: give a longer text.");
        Path file = folder.resolve("latin1.txt");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xe4, '\n'});
        String hash = DataFiles.remember(file);
        assertThatThrownBy(() -> TextLanguage.of(new LanguageSpec.Text(List.of(hash), "words", 100, 8, 0, 0.25, 7)))
                .isInstanceOf(Refusal.class)
                .hasMessage("latin1.txt is no UTF-8 text at byte 2 (0xE4): save it as UTF-8.");
    }

    @Test
    void byteOrderMarksAndOtherEndsOfLinesChangeNothing() throws IOException {
        TextLanguage plain = TextLanguage.of(spec(sentences(), 100, 8, 0));
        Path file = folder.resolve("text.txt");
        Files.writeString(file, "\ufeff" + Files.readString(file).replace("\n", "\r\n"));
        TextLanguage marked = TextLanguage.of(
                new LanguageSpec.Text(List.of(DataFiles.remember(file)), LanguageSpec.Text.WORDS, 100, 8, 0, 0.25, 7));
        assertThat(marked.counts()).isEqualTo(plain.counts());
        assertThat(marked.vocabularySize()).isEqualTo(plain.vocabularySize());
    }

    private void refused(List<String> lines, String expected) throws IOException {
        LanguageSpec.Text spec = spec(lines, 100, 8, 0);
        assertThatThrownBy(() -> TextLanguage.of(spec))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(expected);
    }

    @Test
    void aFileThatIsAwayIsWaitedFor() throws IOException {
        LanguageSpec.Text spec = spec(sentences(), 100, 8, 0);
        Files.delete(folder.resolve("text.txt"));
        assertThatThrownBy(() -> Languages.source(spec))
                .isInstanceOf(AbsentModelException.class)
                .hasMessage("language.files is " + spec.files().getFirst()
                        + ": no file with that hash is known here; list it, or its folder, in BASIN_DATA.");
        Files.write(folder.resolve("text.txt"), sentences());
        assertThat(Languages.source(spec).vocabularySize()).isPositive();
        assertThatThrownBy(() -> Languages.of(spec)).hasMessageContaining("the conditionals of a text are unknown");
    }
}
