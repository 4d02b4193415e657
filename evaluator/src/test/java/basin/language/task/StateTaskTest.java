package basin.language.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import basin.evaluator.task.TaskData;
import basin.language.Grammars;
import basin.language.Hmm;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.TaskSpec;
import basin.study.TaskSpec.Label;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Tests labels and ceiling of the hidden states of a small model, all of whose sentences are known.
 */
class StateTaskTest {
    private static final Hmm MODEL = Hmm.random(3, 4, 2, 4, 2, 6);

    private static TaskSpec state(int position, Label label) {
        return new TaskSpec("state", position, 1, label);
    }

    @Test
    void theCeilingOfTheDrawnStateIsTheMeanOfTheLargestPosterior() {
        for (int position = 0; position < 4; position++) {
            double labelled = 0;
            double best = 0;
            for (int[] sentence : MODEL.sentences(10_000).orElseThrow()) {
                if (position < sentence.length) {
                    double p = Math.exp(MODEL.logProbability(sentence));
                    labelled += p;
                    best += p
                            * Arrays.stream(MODEL.statePosterior(sentence, position))
                                    .max()
                                    .orElseThrow();
                }
            }
            TaskData data = TaskData.draw(MODEL, state(position, Label.STATE), 500, 4000, 4, 11);
            assertThat(data.classes()).isEqualTo(3);
            // 5 standard errors, 8 comparisons: exceeded by chance once in 200,000 times.
            assertThat(data.bayesAccuracy().orElseThrow().value())
                    .isCloseTo(
                            best / labelled,
                            within(5 * data.bayesAccuracy().orElseThrow().standardError()));
            assertThat(data.bayesAccuracy().orElseThrow().standardError())
                    .isPositive()
                    .isLessThan(0.01);
            assertThat(data.bayesAccuracy().orElseThrow().value()).isLessThan(1);
            assertThat(data.leftOut())
                    .isCloseTo(
                            1 - labelled, within(5 * Math.sqrt(Math.max(0, labelled * (1 - labelled)) / 6000) + 1e-12));
        }
    }

    @Test
    void theBestGuessIsAsOftenRightAsTheCeilingSays() {
        Task task = Tasks.of(MODEL, state(1, Label.STATE));
        RandomGenerator random = Seeds.generator(3, "guesses");
        int draws = 20_000;
        int right = 0;
        double expected = 0;
        for (int i = 0; i < draws; i++) {
            Labelled drawn = task.draw(random);
            double[] posterior = MODEL.statePosterior(drawn.sentence(), 1);
            right += posterior[drawn.label().orElseThrow()]
                            == Arrays.stream(posterior).max().orElseThrow()
                    ? 1
                    : 0;
            expected += task.bestGuess(drawn.sentence());
        }
        // Tolerance 5 standard errors.
        assertThat((double) right / draws).isCloseTo(expected / draws, within(2.5 / Math.sqrt(draws)));
    }

    @Test
    void theLikeliestStateIsAFunctionOfTheSentence() {
        Task task = Tasks.of(MODEL, state(1, Label.LIKELIEST));
        RandomGenerator random = Seeds.generator(4, "likeliest");
        for (int i = 0; i < 500; i++) {
            Labelled drawn = task.draw(random);
            double[] posterior = MODEL.statePosterior(drawn.sentence(), 1);
            assertThat(posterior[drawn.label().orElseThrow()])
                    .isEqualTo(Arrays.stream(posterior).max().orElseThrow());
        }
        assertThat(TaskData.draw(MODEL, state(1, Label.LIKELIEST), 10, 10, 1, 1)
                        .bayesAccuracy()
                        .orElseThrow())
                .isEqualTo(basin.record.Measured.exact(1));
        assertThat(task.names()).containsExactly("H0", "H1", "H2");
    }

    @Test
    void bothLabelsComeWithTheSameSentences() {
        assertThat(TaskData.draw(MODEL, state(1, Label.LIKELIEST), 30, 40, 2, 5).sentences())
                .isDeepEqualTo(TaskData.draw(MODEL, state(1, Label.STATE), 30, 40, 2, 5)
                        .sentences());
    }

    @Test
    void whatALanguageDoesNotHaveIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(MODEL, new TaskSpec("root", 0, 0, Label.ANCESTOR)))
                .withMessage(
                        "tasks.label is 'ancestor' in task 'root': give state or likeliest, for that is what a hidden"
                                + " Markov model has.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(Grammars.tree(2, 3, 2, 6, 1), state(1, Label.STATE)))
                .withMessage(
                        "tasks.label is 'state' in task 'state': give inside or ancestor, for that is what a grammar"
                                + " has.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(MODEL, new TaskSpec("state", 0, 2, Label.STATE)))
                .withMessage("tasks.length is 2 in task 'state': give 1, because a hidden state belongs to one word.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> Tasks.of(MODEL, state(4, Label.STATE)))
                .withMessageContaining("tasks.start is 4 in task 'state': give a position from 0 to 3");
    }
}
