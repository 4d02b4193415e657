package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.MaskedSentences;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.language.text.TextLanguage;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Torch;
import basin.record.Event;
import basin.record.Measured;
import basin.study.CheckpointSpec;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.PlatformSpec;
import basin.study.RunSpec;
import basin.study.Schedule;
import basin.study.Seeds;
import basin.study.SizeSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import basin.study.file.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the held-out loss: its value, and that training lowers it. */
class HeldOutLossTest {
    private static final List<String> WORDS = List.of("fox", "hen", "owl", "mouse", "otter", "fish", "goat", "thistle");

    @TempDir
    private Path folder;

    /** Returns a run on sentences of two word pairs. One word of a pair determines the other. */
    private RunSpec run(double pairs, int steps) throws IOException {
        RandomGenerator random = Seeds.generator(11, "sentences");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int first = 2 * random.nextInt(4);
            int second = 2 * random.nextInt(4);
            String line = WORDS.get(first) + " " + WORDS.get(first + 1) + " " + WORDS.get(second) + " "
                    + WORDS.get(second + 1);
            // Numbers make the sentences distinct, so that some can be held out. Each number is the
            // unknown word.
            lines.add(random.nextBoolean() ? line + " " + i : i + " " + line);
        }
        Path file = folder.resolve("text.txt");
        Files.write(file, lines);
        LanguageSpec text = new LanguageSpec.Text(List.of(DataFiles.remember(file)), "words", 100, 8, pairs, 0.3, 3);
        return new RunSpec(
                text,
                new SizeSpec("d16", 16, 1, 2, 0),
                RunSpec.ADAMW,
                0.02,
                5,
                new TrainingSpec(steps, 64, Schedule.LINEAR, 0.1, 0.9, 0.98, 1e-6, 0.01, 0.02, Optional.empty()),
                new CheckpointSpec(Optional.empty(), 0, List.of(2.0)),
                new ValidationSpec(300, 100, 20, 3),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
    }

    private static TextLanguage text(RunSpec spec) {
        return (TextLanguage) Languages.source(spec.language());
    }

    /** Returns −ln p of the masked word of each sentence, computed one sentence at a time. */
    private static double[] alone(RunSpec spec, float[] theta) {
        MaskedSentences drawn = text(spec).validation(Seeds.generator(3, "validation"), 300);
        LanguageModel model = Networks.model(spec);
        double[] losses = new double[300];
        for (int i = 0; i < 300; i++) {
            int[] sentence = drawn.sentences()[i];
            int hidden = drawn.positions()[i];
            TokenBatch batch = TokenBatch.masked(new int[][] {sentence}, new int[] {hidden});
            float[] scores = Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    NDArray own = scope.create(theta);
                    return model.network().logits(own, batch).toFloatArray();
                }
            });
            double total = 0;
            for (float score : scores) {
                total += Math.exp(score);
            }
            losses[i] = Math.log(total) - scores[EncoderShape.FIRST_WORD + sentence[hidden]];
        }
        return losses;
    }

    private static double unigramEntropy(RunSpec spec) {
        MaskedSentences drawn = text(spec).validation(Seeds.generator(3, "validation"), 300);
        Map<Integer, Double> counts = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            counts.merge(drawn.sentences()[i][drawn.positions()[i]], 1.0, Double::sum);
        }
        return counts.values().stream()
                .mapToDouble(count -> -count / 300 * Math.log(count / 300))
                .sum();
    }

    @Test
    void theLossIsTheMeanOverHeldOutSentencesOneByOne() throws Exception {
        RunSpec spec = run(0.3, 20);
        PreTraining training = new PreTraining();
        PreTraining.Advance end = training.advance("run", spec, training.initial(spec), loss -> {});
        float[] theta = Weights.decode(Networks.shape(spec), end.weights());
        double[] losses = alone(spec, theta);
        double mean = 0;
        for (double loss : losses) {
            mean += loss / losses.length;
        }
        double squares = 0;
        for (double loss : losses) {
            squares += (loss - mean) * (loss - mean);
        }
        Event.LossMeasured reported = end.loss();
        assertThat(reported.excess().value()).isCloseTo(mean, within(1e-5));
        assertThat(reported.excess().standardError()).isCloseTo(Math.sqrt(squares / 299 / 300), within(1e-5));
        assertThat(reported.lossNats()).isEqualTo(reported.excess().value());
        assertThat(reported.optimum()).isEmpty();
        assertThat(reported.sentences()).isEqualTo(300);
    }

    @Test
    void anUntrainedNetworkKnowsNothingAndATrainedOneMoreThanFrequencies() throws Exception {
        RunSpec spec = run(0, 300);
        TextLanguage text = text(spec);
        assertThat(text.vocabularySize()).isEqualTo(1 + WORDS.size());
        LanguageModel model = Networks.model(spec);
        Measured before = ExcessLoss.measure(
                model, Networks.initial(spec), ValidationSet.draw(text, spec.validation(), Objective.MASKED), 300, 0);
        // The network also has outputs for four special tokens.
        assertThat(before.value()).isCloseTo(Math.log(text.vocabularySize() + EncoderShape.FIRST_WORD), within(0.1));
        PreTraining training = new PreTraining();
        TrainingState state = training.initial(spec);
        List<PreTraining.Advance> advances = new ArrayList<>();
        while (state.step() < 300) {
            advances.add(training.advance("run", spec, state, loss -> {}));
            state = advances.getLast().state();
        }
        double unigram = unigramEntropy(spec);
        assertThat(unigram).isBetween(1.9, 2.2);
        // The partner determines which of the eight words it is, and a visible number excludes a
        // second one.
        assertThat(advances.getLast().loss().excess().value()).isLessThan(unigram - 0.5);
        assertThat(advances.getFirst().loss().excess().value())
                .as("the first at or below the target")
                .isLessThanOrEqualTo(2.0);
        assertThat(state.reached()).containsExactly(2.0);
    }
}
