package basin.evaluator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import basin.language.ImpossibleContextException;
import basin.language.Language;
import basin.language.study.Languages;
import basin.record.Event;
import basin.study.AlgorithmSpec;
import basin.study.CheckpointChoice;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.ShiftSpec;
import basin.study.SizeSpec;
import basin.study.TaskSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests the table of true conditionals: its rows and a probe's accuracy on them. */
class LookupTableTest {
    private static final LanguageSpec TREE = new LanguageSpec.Tree(2, 3, 2, 6, 1);

    private static RunSpec run() {
        return new RunSpec(
                TREE,
                new SizeSpec("d8", 8, 1, 2, 0),
                new AlgorithmSpec.LookupTable(),
                0.01,
                1,
                new TrainingSpec(10, 8, Schedule.CONSTANT, 0, 0.9, 0.98, 1e-6, 0.01, 0.1, Optional.empty()),
                new CheckpointSpec(Optional.empty(), 0, List.of()),
                new ValidationSpec(64, 64, 10, 3),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void itsRowsAreTheConditionalsOfAllPositions() throws InterruptedException {
        Language language = Languages.of(new LanguageSpec.RandomGrammar(3, 5, 4, 3));
        java.util.random.RandomGenerator random = basin.study.Seeds.generator(1, "test");
        int[][] sentences = new int[300][];
        java.util.Arrays.setAll(sentences, i -> language.sample(random));
        LookupTable table = LookupTable.of(language, Objective.MASKED);
        int row = table.sequence() * table.width();
        int[] seen = new int[1];
        table.read(sentences, (from, to, states) -> {
            for (int i = from; i < to; i++) {
                seen[0]++;
                for (int token = 0; token < table.sequence(); token++) {
                    for (int word = 0; word < table.width(); word++) {
                        float state = states[(i - from) * row + token * table.width() + word];
                        boolean within = token >= 1 && token <= sentences[i].length;
                        assertThat(state)
                                .isEqualTo(within ? (float) language.conditional(sentences[i], token - 1)[word] : 0);
                    }
                }
            }
        });
        assertThat(seen[0]).isEqualTo(sentences.length);
    }

    @Test
    void rowsOfWhichTheLanguageSaysNothingAreUniform() throws InterruptedException {
        Language language = Languages.of(TREE);
        int[] sentence = language.sample(basin.study.Seeds.generator(2, "test"));
        // One word is impossible at its position. The other words' rows are uniform; its own row is
        // the conditional there.
        int[] read = java.util.stream.IntStream.range(0, language.vocabularySize())
                .mapToObj(word -> {
                    int[] changed = sentence.clone();
                    changed[0] = word;
                    return changed;
                })
                .filter(changed -> language.logProbability(changed) == Double.NEGATIVE_INFINITY)
                .findFirst()
                .orElseThrow();
        LookupTable table = LookupTable.of(language, Objective.MASKED);
        int[] uniform = new int[1];
        table.read(new int[][] {read}, (from, to, states) -> {
            for (int t = 0; t < read.length; t++) {
                double[] expected;
                try {
                    expected = language.conditional(read, t);
                } catch (ImpossibleContextException nothing) {
                    expected = new double[language.vocabularySize()];
                    java.util.Arrays.fill(expected, 1.0 / language.vocabularySize());
                    uniform[0]++;
                }
                for (int word = 0; word < language.vocabularySize(); word++) {
                    assertThat(states[(t + 1) * table.width() + word]).isEqualTo((float) expected[word]);
                }
            }
        });
        assertThat(uniform[0]).isBetween(1, read.length - 1);
    }

    @Test
    void aProbeReadsFromItOnSentencesThatTheLanguageLacks() throws InterruptedException {
        ProtocolSpec probe = new ProtocolSpec.LinearProbe(
                "probe", ProtocolSpec.Features.CONCATENATED, 0, 50, 100, 5, 20, 0.02, 2, 301, CheckpointChoice.ALL);
        TaskSpec turned = new TaskSpec(
                "turned", 0, 0, TaskSpec.Label.ANCESTOR, Optional.of(new ShiftSpec.Extended(2, 1)), Optional.empty());
        assertThat(new Evaluation()
                        .evaluate("run", 10, run(), new float[0], turned, probe, PlatformSpec.CPU)
                        .accuracy()
                        .value())
                .isBetween(0.0, 1.0);
    }

    @Test
    void aProbeReadsMoreFromItThanFromAnEmptyOne() throws InterruptedException {
        ProtocolSpec probe = new ProtocolSpec.LinearProbe(
                "probe", ProtocolSpec.Features.CONCATENATED, 0, 200, 500, 40, 20, 0.02, 2, 301, CheckpointChoice.ALL);
        TaskSpec root = new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR);
        Event.DownstreamMeasured measured =
                new Evaluation().evaluate("run", 10, run(), new float[0], root, probe, PlatformSpec.CPU);
        assertThat(measured.accuracy().value())
                .isGreaterThan(measured.untrained().value() + 0.1)
                .isLessThanOrEqualTo(measured.bayesAccuracy().orElseThrow().value()
                        + 4 * measured.bayesAccuracy().orElseThrow().standardError()
                        + 0.02);
        assertThat(measured.untrained().value())
                .as("of an empty table: the commonest label")
                .isCloseTo(measured.majorityBaseline(), org.assertj.core.api.Assertions.within(0.02));
    }

    @Test
    void thereIsNothingToTune() {
        ProtocolSpec tune = new ProtocolSpec.FineTune("tune", 40, 100, 2, 20, 0.001, 2, 2, 301, CheckpointChoice.ALL);
        TaskSpec root = new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR);
        assertThatThrownBy(
                        () -> new Evaluation().evaluate("run", 10, run(), new float[0], root, tune, PlatformSpec.CPU))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("protocol 'tune' tunes weights, and a lookup table has none");
    }
}
