package basin.language.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import basin.evaluator.task.TaskData;
import basin.language.Brackets;
import basin.record.Measured;
import basin.study.Refusal;
import basin.study.TaskSpec;
import basin.study.TaskSpec.Label;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tests the task of counting opening brackets. */
class OpeningsTaskTest {
    private static TaskSpec openings(int start, int length) {
        return new TaskSpec("openings", start, length, Label.OPENINGS);
    }

    @Test
    void aLabelIsTheNumberOfOpeningBrackets() {
        for (boolean nested : new boolean[] {true, false}) {
            Task task = Tasks.of(Brackets.of(8, nested), openings(1, 4));
            TaskData data = TaskData.draw(Brackets.of(8, nested), openings(1, 4), 50, 200, 2, 3);
            assertThat(data.bayesAccuracy().orElseThrow()).isEqualTo(Measured.exact(1));
            assertThat(data.leftOut()).isZero();
            assertThat(data.classes()).isEqualTo(task.names().size());
            for (int i = 0; i < data.test().size(); i++) {
                long count = Arrays.stream(data.test().sentences()[i], 1, 5)
                        .filter(word -> word == Brackets.OPENING)
                        .count();
                assertThat(task.names().get(data.test().labels()[i])).isEqualTo(String.valueOf(count));
            }
        }
        // After the first bracket, which opens, one can close, and one of the next two must open.
        assertThat(Tasks.of(Brackets.of(8, true), openings(1, 3)).names()).containsExactly("1", "2", "3");
        assertThat(Tasks.of(Brackets.of(8, true), openings(0, 3)).names()).containsExactly("2", "3");
    }

    @Test
    void whatIsTheSameInEveryStringIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(Brackets.of(8, true), openings(0, 0)))
                .withMessage("the span of task 'openings' has start 0 and length 0: it has 4 opening brackets in every"
                        + " string; give another start or length.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.check(Brackets.of(8, true), openings(0, 1)))
                .withMessageContaining("it has 1 opening brackets");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(Brackets.of(8, true), new TaskSpec("root", 0, 2, Label.INSIDE)))
                .withMessageContaining("give openings, for that is what a language of brackets has");
    }
}
