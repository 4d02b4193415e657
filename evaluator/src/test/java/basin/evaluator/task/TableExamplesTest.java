package basin.evaluator.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.language.Grammars;
import basin.language.SentenceSource;
import basin.language.study.Languages;
import basin.language.text.TextLanguage;
import basin.study.Refusal;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.file.StudyFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests examples from tables on the text that comes with Basin. */
class TableExamplesTest {
    private static final StudySpec STUDY = StudyFile.read(Path.of("../infra/studies/text.yaml"));
    private static final SentenceSource TEXT = Languages.source(STUDY.language());

    @Test
    void repetitionsLearnFromOtherRowsAndAllAreTestedOnTheSame() {
        TaskSpec days = STUDY.tasks().getFirst();
        TaskData data = TaskData.of(TEXT, days, 100, 1_000, 3, 7);
        assertThat(data).usingRecursiveComparison().isEqualTo(TaskData.of(TEXT, days, 100, 1_000, 3, 7));
        assertThat(data.classes()).isEqualTo(2);
        assertThat(data.bayesAccuracy()).isEmpty();
        assertThat(data.leftOut()).isZero();
        assertThat(data.majorityBaseline()).isBetween(0.45, 0.55);
        assertThat(data.training()).hasSize(3);
        assertThat(data.training().get(0).sentences())
                .isNotEqualTo(data.training().get(1).sentences());
        assertThat(data.training()).allSatisfy(own -> assertThat(own.size()).isEqualTo(100));
        assertThat(data.test().size()).isEqualTo(1_000);
        assertThatThrownBy(() -> TaskData.of(TEXT, days, 100, 1_001, 3, 7))
                .hasMessageStartingWith("protocols.test is 1001: give at most 1000");
    }

    @Test
    void pairsAreOneSentenceWithTheSeparatorBetween() {
        TaskData data = TaskData.of(TEXT, STUDY.tasks().getLast(), 200, 200, 1, 7);
        assertThat(List.of(data.test().sentences())).allSatisfy(pair -> {
            assertThat(Arrays.stream(pair).filter(word -> word == TextLanguage.SEPARATOR))
                    .hasSize(1);
            assertThat(pair.length).isLessThanOrEqualTo(TEXT.maxLength());
        });
    }

    @Test
    void noTableIsAskedOfALanguageThatHasNoText() {
        SentenceSource grammar = Grammars.tree(2, 3, 2, 6, 1);
        assertThatThrownBy(() -> TaskData.of(grammar, STUDY.tasks().getFirst(), 10, 10, 1, 7))
                .isInstanceOf(Refusal.class)
                .hasMessage("task 'days' has a table, which this language has no tokenizer for: give a language of kind"
                        + " text or teacher.");
    }
}
