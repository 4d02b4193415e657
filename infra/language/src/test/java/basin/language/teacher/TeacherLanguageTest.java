package basin.language.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import basin.language.Frequencies;
import basin.language.MaskedSentences;
import basin.language.NextWords;
import basin.language.OptimalLoss;
import basin.language.study.AbsentModelException;
import basin.language.study.Languages;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.network.folder.FolderModel;
import basin.network.folder.SafetensorsWriter;
import basin.study.LanguageSpec;
import basin.study.Objective;
import basin.study.Refusal;
import basin.study.SampleSize;
import basin.study.Seeds;
import basin.study.file.ModelFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of a teacher's text against the probabilities of all sentences, each scored separately by
 * the whole model.
 */
class TeacherLanguageTest {
    /** Every combination of layout, words, lengths and temperature comes once in twelve. */
    private static final int TEACHERS = SampleSize.of(12, 36);

    private static Path folder(String name) {
        return Path.of("../network/src/test/resources/basin/network/folder", name);
    }

    /** Returns a model with the layout of that folder and other weights. */
    private static FolderModel random(String layout, Path to, int seed) throws IOException {
        Files.createDirectories(to);
        Files.copy(folder(layout).resolve("config.json"), to.resolve("config.json"));
        Network network = FolderModel.open(folder(layout)).network();
        float[] weights = new float[network.parameterCount()];
        Seeds.gaussian(Seeds.generator(seed, "teacher-weights"), weights);
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= 0.7f;
        }
        SafetensorsWriter.write(to.resolve("model.safetensors"), network.parameters(), weights);
        return FolderModel.open(to);
    }

    /**
     * Returns the log probability under the whole model, token by token, without batching or
     * restriction of the network.
     */
    private static double logProbability(
            FolderModel model, int start, int[] tokens, double temperature, int[] sentence) {
        int[] read = new int[sentence.length];
        read[0] = start;
        for (int t = 1; t < read.length; t++) {
            read[t] = tokens[sentence[t - 1]];
        }
        double[][] scores = scores(model, read);
        double sum = 0;
        for (int t = 0; t < sentence.length; t++) {
            double[] row = scores[t];
            double total = 0;
            for (int token : tokens) {
                total += Math.exp(row[token] / temperature);
            }
            sum += row[tokens[sentence[t]]] / temperature - Math.log(total);
        }
        return sum;
    }

    private static double[][] scores(FolderModel model, int[] read) {
        int vocabulary = model.network().vocabulary();
        double[] flat = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return model.network()
                        .logits(
                                scope.create(model.theta()),
                                TokenBatch.at(
                                        new int[][] {read},
                                        new int[read.length],
                                        IntStream.range(0, read.length).toArray()))
                        .toDoubleArray();
            }
        });
        double[][] rows = new double[read.length][];
        for (int t = 0; t < rows.length; t++) {
            rows[t] = Arrays.copyOfRange(flat, t * vocabulary, (t + 1) * vocabulary);
        }
        return rows;
    }

    private static List<Integer> key(int[] sentence) {
        return Arrays.stream(sentence).boxed().toList();
    }

    @Tag("sampled")
    @Test
    void everythingEqualsTheProbabilitiesOfAllSentences(@TempDir Path folder) throws IOException {
        for (int seed = 0; seed < TEACHERS; seed++) {
            boolean opt = seed % 2 == 1;
            FolderModel model = random(opt ? "opt" : "gpt2-f64", folder.resolve("teacher" + seed), seed);
            int start = opt ? 2 : 0;
            int words = 2 + seed % 2;
            int minLength = 1 + seed % 3;
            double temperature = new double[] {1, 0.5, 1.7, 0.9}[seed % 4];
            TeacherLanguage language = TeacherLanguage.of(model, words, minLength, 3, temperature, seed);
            assertThat(language.tokens()).hasSize(words).isSorted().doesNotContain(start, 2);
            Map<List<Integer>, Double> truth = new HashMap<>();
            double lengths = 4 - minLength;
            for (int[] sentence : language.sentences(1000).orElseThrow()) {
                double log = logProbability(model, start, language.tokens(), temperature, sentence);
                truth.put(key(sentence), Math.exp(log) / lengths);
                assertThat(language.logProbability(sentence)).isCloseTo(log - Math.log(lengths), within(1e-11));
            }
            assertThat(truth.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-11));
            double optimum = 0;
            for (Map.Entry<List<Integer>, Double> one : truth.entrySet()) {
                int[] sentence = one.getKey().stream().mapToInt(i -> i).toArray();
                NextWords.agree(language, sentence, truth);
                double[][] rows = language.conditionals(sentence);
                for (int t = 0; t < sentence.length; t++) {
                    double total = 0;
                    double[] row = new double[words];
                    for (int word = 0; word < words; word++) {
                        int[] other = sentence.clone();
                        other[t] = word;
                        row[word] = truth.getOrDefault(key(other), 0.0);
                        total += row[word];
                    }
                    for (int word = 0; word < words; word++) {
                        row[word] /= total;
                        optimum -= one.getValue() / sentence.length * row[word] * Math.log(row[word]);
                        assertThat(rows[t][word]).isCloseTo(row[word], within(1e-10));
                    }
                }
            }
            assertThat(OptimalLoss.of(language, 2, 1).nats()).isCloseTo(optimum, within(1e-10));
            assertThat(OptimalLoss.of(language, Objective.CAUSAL, 2, 1).nats())
                    .isCloseTo(NextWords.optimum(truth, words), within(1e-10));
            assertThat(IntStream.rangeClosed(1, 3)
                            .mapToDouble(language::lengthProbability)
                            .sum())
                    .isEqualTo(1);
            assertThat(language.sentences(truth.size() - 1)).isEmpty();
        }
    }

    @Test
    void drawsHaveTheirProbabilities(@TempDir Path folder) throws IOException {
        Frequencies.agree(TeacherLanguage.of(random("gpt2", folder.resolve("one"), 5), 3, 2, 4, 1, 1), 20_000, 3);
        Frequencies.agree(TeacherLanguage.of(random("opt", folder.resolve("two"), 6), 3, 2, 3, 0.8, 1), 20_000, 4);
    }

    @Test
    void sentencesAreTheSameHoweverManyAreDrawnAtOnce() {
        TeacherLanguage language = TeacherLanguage.of(FolderModel.open(folder("gpt2")), 6, 3, 6, 0.5, 1);
        RandomGenerator random = Seeds.generator(1, "same");
        MaskedSentences many = language.masked(Seeds.generator(1, "same"), 50);
        for (int i = 0; i < 50; i++) {
            assertThat(language.sample(random)).isEqualTo(many.sentences()[i]);
            assertThat(many.positions()[i]).isBetween(0, many.sentences()[i].length - 1);
        }
        assertThat(Arrays.stream(many.sentences())
                        .mapToInt(sentence -> sentence.length)
                        .distinct()
                        .sorted())
                .containsExactly(3, 4, 5, 6);
    }

    @Test
    void theKeptTokensAreThoseThatTheModelPredictsMostOften() {
        // At this low temperature the model always generates the most likely token. It therefore
        // generates a single text, whose predicted probabilities can be summed independently.
        FolderModel model = FolderModel.open(folder("gpt2"));
        double temperature = 1e-5;
        double[] frequency = new double[11];
        int[] text = {0};
        for (int t = 0; t < 4; t++) {
            double[] row = scores(model, text)[t];
            int best = 1;
            double total = 0;
            for (int token = 0; token < 11; token++) {
                boolean special = token == 0 || token == 2;
                best = !special && row[token] > row[best] ? token : best;
            }
            for (int token = 0; token < 11; token++) {
                row[token] = token == 0 || token == 2 ? 0 : Math.exp((row[token] - row[best]) / temperature);
                total += row[token];
            }
            for (int token = 0; token < 11; token++) {
                frequency[token] += row[token] / total;
            }
            text = Arrays.copyOf(text, t + 2);
            text[t + 1] = best;
        }
        for (int words : new int[] {2, 3, 9}) {
            int[] expected = IntStream.range(0, 11)
                    .filter(token -> token != 0 && token != 2)
                    .boxed()
                    .sorted((one, other) -> Double.compare(frequency[other], frequency[one]))
                    .limit(words)
                    .mapToInt(i -> i)
                    .sorted()
                    .toArray();
            assertThat(TeacherLanguage.of(model, words, 1, 4, temperature, 7).tokens())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aSpecIsTheSameLanguageWhereverItsFolderLies(@TempDir Path folder) throws IOException {
        FolderModel made = random("gpt2", folder.resolve("here"), 9);
        String hash = ModelFolders.remember(made.folder());
        LanguageSpec spec = new LanguageSpec.Teacher(hash, 4, 2, 5, 1, 3);
        int[] sentence = Languages.of(spec).sample(Seeds.generator(1, "where"));
        Files.move(folder.resolve("here"), folder.resolve("there"));
        // Another specification of the same model, because languages are cached.
        LanguageSpec other = new LanguageSpec.Teacher(hash, 4, 2, 5, 1, 4);
        assertThatThrownBy(() -> Languages.of(other))
                .isInstanceOf(AbsentModelException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessage("language.weights is " + hash
                        + ": no folder with such a model is known here; list it, or the folder above it, in"
                        + " BASIN_MODELS.");
        ModelFolders.remember(folder.resolve("there"));
        assertThat(Languages.of(other).vocabularySize()).isEqualTo(4);
        assertThat(Languages.of(spec).sample(Seeds.generator(1, "where"))).isEqualTo(sentence);
    }

    @Test
    void whatCannotTeachIsRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> TeacherLanguage.of(FolderModel.open(folder("roberta")), 4, 1, 3, 1, 1))
                .withMessageStartingWith("model_type is roberta-prelayernorm in the config.json of")
                .withMessageEndingWith("give a model that predicts the next token, of type gpt2 or opt.");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> TeacherLanguage.of(FolderModel.open(folder("gpt2")), 4, 1, 8, 1, 1))
                .withMessageStartingWith("language.maxLength is 8: give at most 7");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> TeacherLanguage.of(FolderModel.open(folder("gpt2")), 10, 1, 3, 1, 1))
                .withMessageStartingWith("language.tokens is 10: give at most 9");
        TeacherLanguage language = TeacherLanguage.of(FolderModel.open(folder("gpt2")), 4, 2, 3, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> language.conditional(new int[] {4, 0}, 0))
                .withMessageContaining("has word 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> language.conditional(new int[] {3}, 0))
                .withMessageContaining("sentences of 2 to 3");
    }
}
