package basin.language.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.network.DecoderShape;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Torch;
import basin.network.folder.FolderModel;
import basin.network.folder.TextTokenizer;
import basin.study.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of a causal network: its inputs, its loss, its derivatives and its exported folder. In
 * float64 unless noted.
 */
class DecoderTest {
    private static final DecoderShape SHAPE = new DecoderShape(5, 4, 4, 2, 2, 6, true);
    private static final LanguageModel DECODER = LanguageModel.of(SHAPE);
    private static final int[][] SENTENCES = {{0, 1, 2, 0}, {3, 3}, {4, 1, 4}, {2}};
    private static final TokenBatch BATCH = DECODER.training(SENTENCES, new int[SENTENCES.length]);

    private static float[] weights() {
        float[] theta = Initialisation.of(SHAPE, 0.4, 7);
        float[] jitter = new float[theta.length];
        Seeds.gaussian(Seeds.generator(8, "jitter"), jitter);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += 0.1f * jitter[i];
        }
        return theta;
    }

    private static double[] theta() {
        return Weights.widened(weights());
    }

    private static double[] logits(TokenBatch batch) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return DECODER.network().logits(scope.create(theta()), batch).toDoubleArray();
            }
        });
    }

    private static double loss(double[] theta) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return DECODER.loss(scope.create(theta), BATCH).getDouble();
            }
        });
    }

    @Test
    void aSentenceIsReadBehindTheTokenOfItsLengthWithoutItsLastWord() {
        assertThat(SHAPE.vocabulary()).isEqualTo(4 + 5 + 4);
        assertThat(BATCH.tokens()).containsExactly(12, 4, 5, 6, 10, 7, 1, 1, 11, 8, 5, 1, 9, 1, 1, 1);
        assertThat(BATCH.predictions()).isEqualTo(10);
        assertThat(IntStream.range(0, 10).map(BATCH::firstTargetOf)).containsExactly(4, 5, 6, 4, 7, 7, 8, 5, 8, 6);
        assertThat(IntStream.range(0, 10).map(BATCH::placeOf)).containsExactly(0, 1, 2, 3, 0, 1, 0, 1, 2, 0);
        assertThat(DECODER.plain(new int[][] {{3, 3}}).tokens()).containsExactly(10, 7, 7);
        LanguageModel equallyLong = LanguageModel.of(new DecoderShape(5, 4, 4, 2, 2, 6, false));
        assertThat(equallyLong.plain(new int[][] {{3, 3, 0, 0}}).tokens()).startsWith(EncoderShape.START);
        assertThat(equallyLong.shape().vocabulary()).isEqualTo(9);
    }

    @Test
    void noScoreSeesItsOwnWordOrALaterOne() {
        double[] before = logits(DECODER.training(new int[][] {{0, 1, 2, 0}}, new int[1]));
        for (int t = 0; t < 4; t++) {
            int[] other = {0, 1, 2, 0};
            other[t] = 4;
            double[] after = logits(DECODER.training(new int[][] {other}, new int[1]));
            int seen = (t + 1) * SHAPE.vocabulary();
            assertThat(Arrays.copyOf(after, seen)).containsExactly(Arrays.copyOf(before, seen), within(1e-13));
            if (t < 3) {
                assertThat(Math.abs(after[seen] - before[seen])).isGreaterThan(1e-6);
            }
        }
    }

    @Test
    void theLossIsTheMeanOverSentencesOfTheMeanOverTheirWords() {
        double expected = 0;
        for (int[] sentence : SENTENCES) {
            double[] scores = logits(DECODER.training(new int[][] {sentence}, new int[1]));
            for (int t = 0; t < sentence.length; t++) {
                double[] row = Arrays.copyOfRange(scores, t * SHAPE.vocabulary(), (t + 1) * SHAPE.vocabulary());
                double total = Arrays.stream(row).map(Math::exp).sum();
                expected -= (row[4 + sentence[t]] - Math.log(total)) / sentence.length / SENTENCES.length;
            }
        }
        // The reference is computed sentence by sentence, so equality shows that padding has no
        // effect.
        assertThat(loss(theta())).isCloseTo(expected, within(1e-12));
        assertThat(BATCH.part(1, 3).tokens()).containsExactly(10, 7, 1, 11, 8, 5);
        assertThat(IntStream.range(0, 5).map(BATCH.part(1, 3)::sequenceOf)).containsExactly(0, 0, 1, 1, 1);
    }

    @Test
    void theGradientOfEveryParameterEqualsFiniteDifferences() {
        double[] theta = theta();
        double[] gradient = Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                return Torch.gradient(DECODER.loss(leaf, BATCH), leaf).toDoubleArray();
            }
        });
        double step = 1e-5;
        for (Parameter parameter : SHAPE.parameters()) {
            for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
                double kept = theta[i];
                theta[i] = kept + step;
                double up = loss(theta);
                theta[i] = kept - step;
                double down = loss(theta);
                theta[i] = kept;
                assertThat(gradient[i])
                        .as("%s, number %d", parameter.name(), i - parameter.offset())
                        .isCloseTo((up - down) / (2 * step), within(1e-7));
            }
        }
    }

    @Test
    void theLastWordsStateStandsForTheSentence() {
        TokenBatch plain = DECODER.plain(SENTENCES);
        Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = scope.create(theta());
                double[] all = DECODER.network().states(theta, plain).toDoubleArray();
                double[] some = DECODER.network().sentenceStates(theta, plain).toDoubleArray();
                for (int i = 0; i < SENTENCES.length; i++) {
                    int from = (i * plain.length() + SENTENCES[i].length) * SHAPE.width();
                    assertThat(Arrays.copyOfRange(some, i * SHAPE.width(), (i + 1) * SHAPE.width()))
                            .containsExactly(Arrays.copyOfRange(all, from, from + SHAPE.width()));
                }
                return true;
            }
        });
    }

    @Test
    void gainsBeginAtOneBiasesAtZeroAndAllElseIsDrawn() {
        float[] theta = Initialisation.of(SHAPE, 0.4, 7);
        for (Parameter parameter : SHAPE.parameters()) {
            float[] own = Arrays.copyOfRange(theta, parameter.offset(), parameter.offset() + parameter.size());
            if (parameter.name().contains("ln_") || !parameter.decays()) {
                float start = parameter.name().endsWith(".weight") ? 1 : 0;
                assertThat(own).as(parameter.name()).containsOnly(start);
            } else {
                assertThat(own).as(parameter.name()).doesNotContain(0);
            }
        }
    }

    @Test
    void aFolderHoldsTheSameNetwork(@TempDir Path folder) throws IOException {
        Pcfg several = Grammars.random(3, 2, 4, 2);
        Pcfg one = Grammars.tree(2, 3, 2, 6, 1);
        for (Pcfg language : List.of(several, one)) {
            boolean tells = language == several;
            DecoderShape shape = new DecoderShape(language.vocabularySize(), language.maxLength(), 4, 2, 2, 6, tells);
            LanguageModel decoder = LanguageModel.of(shape);
            float[] theta = Initialisation.of(shape, 0.4, 3);
            Path own = Files.createDirectory(folder.resolve(tells ? "several" : "one"));
            DecoderFolder.write(own, shape, theta, language);
            FolderModel model = FolderModel.open(own);
            assertThat(LanguageModel.reading(model.network(), language.vocabularySize())
                            .map(LanguageModel::shape))
                    .contains(shape);
            assertThat(LanguageModel.reading(model.network(), language.vocabularySize() + 1))
                    .isEmpty();
            assertThat(model.unused()).isEmpty();
            TokenBatch batch = decoder.training(
                    language.sentences(2000).orElseThrow().subList(0, 5).toArray(int[][]::new), new int[5]);
            Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    double[] ours = decoder.network()
                            .logits(scope.create(Weights.widened(theta)), batch)
                            .toDoubleArray();
                    assertThat(model.network()
                                    .logits(scope.create(model.theta()), batch)
                                    .toDoubleArray())
                            .containsExactly(ours);
                    return true;
                }
            });
            try (TextTokenizer tokenizer = TextTokenizer.open(own, shape.longestSequence())) {
                String text = tells ? "<length=3> w1 w0 w1" : "w1 w0 w5 w2";
                assertThat(tokenizer.encode(text).ids())
                        .containsExactly(tells ? new int[] {8, 5, 4, 5} : new int[] {0, 5, 4, 9, 6});
            }
        }
    }
}
