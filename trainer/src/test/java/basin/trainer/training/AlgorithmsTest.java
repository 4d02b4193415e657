package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import basin.language.study.Networks;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Torch;
import basin.record.Event;
import basin.study.AlgorithmSpec;
import basin.study.CheckpointSpec;
import basin.study.Json;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.SampleSize;
import basin.study.Schedule;
import basin.study.Seeds;
import basin.study.SizeSpec;
import basin.study.TrainingSpec;
import basin.study.Trigger;
import basin.study.ValidationSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the step of each algorithm, that it learns, and that a killed run equals an
 * uninterrupted one.
 */
class AlgorithmsTest {
    private static final LanguageSpec LANGUAGE = new LanguageSpec.Tree(2, 3, 2, 6, 1);
    private static final int SHORT = 60;
    private static final int LONG = 600;

    private static AlgorithmSpec algorithm(String form) {
        try {
            return Json.mapper().readValue(form.replace('\'', '"'), AlgorithmSpec.class);
        } catch (java.io.IOException unreadable) {
            throw new IllegalArgumentException(form, unreadable);
        }
    }

    private static RunSpec run(String algorithm, double learningRate) {
        return run(algorithm, learningRate, SHORT, 1);
    }

    /** Returns a run of another algorithm on another language, of {@link #SHORT} steps. */
    static RunSpec run(LanguageSpec language, AlgorithmSpec algorithm, double learningRate) {
        RunSpec like = run("'adamw'", learningRate);
        return new RunSpec(
                language,
                like.size(),
                algorithm,
                learningRate,
                like.seed(),
                like.training(),
                like.checkpoints(),
                like.validation(),
                like.platform(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Returns a run with checkpoints at half of the steps and at the end, and a validation every
     * ten times {@code every} steps.
     */
    private static RunSpec run(String algorithm, double learningRate, int steps, int every) {
        return new RunSpec(
                LANGUAGE,
                new SizeSpec("d8", 8, 1, 2, 0),
                algorithm(algorithm),
                learningRate,
                5,
                new TrainingSpec(steps, 32, Schedule.LINEAR, 0.1, 0.9, 0.98, 1e-6, 0.01, 0.3, Optional.empty()),
                new CheckpointSpec(Optional.empty(), steps / 2, List.of()),
                new ValidationSpec(512, 64, every, 3),
                PlatformSpec.CPU,
                Optional.empty(),
                Optional.empty());
    }

    private static List<PreTraining.Advance> all(RunSpec spec) throws Exception {
        PreTraining training = new PreTraining();
        List<PreTraining.Advance> advances = new ArrayList<>();
        TrainingState state = training.initial(spec);
        while (state.step() < spec.training().steps()) {
            advances.add(training.advance("run", spec, state, loss -> {}));
            state = advances.getLast().state();
        }
        return advances;
    }

    /**
     * Returns the run's checkpoints if its thread is interrupted in the middle of every segment,
     * and each segment restarts from the encoded bytes of its initial state.
     */
    private static List<PreTraining.Advance> killed(RunSpec spec) throws Exception {
        List<PreTraining.Advance> advances = new ArrayList<>();
        TrainingState state = new PreTraining().initial(spec);
        while (state.step() < spec.training().steps()) {
            TrainingState from = state;
            assertThatThrownBy(() -> new PreTraining()
                            .advance(
                                    "run",
                                    spec,
                                    from,
                                    loss -> Thread.currentThread().interrupt()))
                    .isInstanceOf(InterruptedException.class);
            TrainingState again = TrainingState.decode(from.encode(), from.theta().length);
            advances.add(new PreTraining().advance("run", spec, again, loss -> {}));
            state = advances.getLast().state();
        }
        return advances;
    }

    /**
     * Algorithm, learning rate, and an excess loss that {@link #LONG} steps must undercut. The
     * excess loss is above 0.7 untrained, and 0.6 for word frequencies.
     */
    static List<Arguments> algorithms() {
        String sgd = "{'kind':'sgd','momentum':0.9}";
        return List.of(
                Arguments.of("'adamw'", 0.02, 0.1),
                Arguments.of(sgd, 0.05, 0.2),
                Arguments.of("{'kind':'sgd','momentum':0}", 0.3, 0.3),
                Arguments.of("{'kind':'sam','rho':0.02}", 0.02, 0.1),
                Arguments.of("{'kind':'sam','rho':0.01,'base':" + sgd + "}", 0.05, 0.3),
                Arguments.of("{'kind':'label-noise','probability':0.05,'base':" + sgd + "}", 0.05, 0.3),
                Arguments.of(
                        "{'kind':'adversarial','weight':0.03,'examples':64,'ridge':0.001,'seed':3,"
                                + "'task':{'name':'root','start':0,'length':0,'label':'ANCESTOR'}}",
                        0.02,
                        0.2),
                Arguments.of("{'kind':'average','decay':0.95}", 0.02, 0.1),
                Arguments.of("{'kind':'average','from':0.75,'base':" + sgd + "}", 0.05, 0.25),
                Arguments.of(
                        "{'kind':'average','decay':0.9,'from':0.3,'base':{'kind':'label-noise','probability':0.02,"
                                + "'base':{'kind':'sam','rho':0.01}}}",
                        0.02,
                        0.2));
    }

    /** Every third algorithm, or all of them in a whole run of the tests. */
    static List<Arguments> algorithmsThatLearn() {
        List<Arguments> all = algorithms();
        return SampleSize.isWhole()
                ? all
                : IntStream.range(0, all.size())
                        .filter(i -> i % 3 == 0)
                        .mapToObj(all::get)
                        .toList();
    }

    @Tag("sampled")
    @ParameterizedTest
    @MethodSource("algorithmsThatLearn")
    void everyAlgorithmLearns(String form, double learningRate, double excess) throws Exception {
        RunSpec spec = run(form, learningRate, LONG, 50);
        PreTraining training = new PreTraining();
        List<Double> losses = new ArrayList<>();
        TrainingState state = training.initial(spec);
        while (state.step() < LONG) {
            state = training.advance(
                            "run", spec, state, loss -> losses.add(loss.excess().value()))
                    .state();
        }
        assertThat(losses.getLast()).isLessThan(excess);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aKilledRunIsTheSameRunBitForBit(String form, double learningRate, double excess) throws Exception {
        RunSpec spec = run(form, learningRate);
        List<PreTraining.Advance> whole = all(spec);
        List<PreTraining.Advance> killed = killed(spec);
        assertThat(killed).hasSameSizeAs(whole).hasSize(2);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(killed.get(i).weights()).isEqualTo(whole.get(i).weights());
            assertThat(killed.get(i).state().encode())
                    .isEqualTo(whole.get(i).state().encode());
            assertThat(killed.get(i).loss()).isEqualTo(whole.get(i).loss());
        }
    }

    @Test
    void everyAlgorithmIsAnotherRun() throws Exception {
        List<byte[]> ends = new ArrayList<>();
        for (String form : List.of(
                "'adamw'",
                "{'kind':'sgd','momentum':0.9}",
                "{'kind':'sam','rho':0.05}",
                "{'kind':'label-noise','probability':0.1}",
                "{'kind':'average','decay':0.5}")) {
            PreTraining training = new PreTraining();
            RunSpec spec = run(form, 0.02);
            ends.add(training.advance("run", spec, training.initial(spec), loss -> {})
                    .weights());
        }
        assertThat(ends.stream().map(ByteBuffer::wrap)).doesNotHaveDuplicates();
    }

    private static double[] gradient(LanguageModel model, double[] theta, TokenBatch batch) {
        try (NDManager scope = Torch.scope()) {
            NDArray leaf = Torch.leaf(scope.create(theta));
            NDArray loss = Torch.recording(() -> model.loss(leaf, batch));
            return Torch.gradient(loss, leaf).toDoubleArray();
        }
    }

    @Test
    void aStepOfSamIsTheOptimisersWithTheGradientFromAbove() {
        double rho = 0.3;
        double learningRate = 0.5;
        RunSpec spec = run("{'kind':'sam','rho':" + rho + ",'base':{'kind':'sgd','momentum':0}}", learningRate);
        LanguageModel model = Networks.model(spec);
        float[] start = Networks.initial(spec);
        double[] theta = new double[start.length];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = start[i];
        }
        TokenBatch batch =
                TokenBatch.masked(new int[][] {{0, 1, 2, 3}, {5, 4, 3, 2}, {1, 1, 0, 5}}, new int[] {1, 3, 0});
        double[] own = gradient(model, theta, batch);
        double norm = Math.sqrt(java.util.Arrays.stream(own).map(g -> g * g).sum());
        double[] above = theta.clone();
        for (int i = 0; i < above.length; i++) {
            above[i] += rho * own[i] / norm;
        }
        double[] gradient = gradient(model, above, batch);
        float[] decays = basin.network.AdamW.decays(model.shape());
        try (Stepper stepper = new Stepper(model, spec, Networks.language(spec), TrainingState.initial(spec, start))) {
            double loss = stepper.step(1, learningRate, batch);
            assertThat(loss).isPositive();
            double moved = 0;
            for (int i = 0; i < theta.length; i++) {
                double expected = theta[i] * (1 - learningRate * 0.01 * decays[i]) - learningRate * gradient[i];
                assertThat(stepper.theta()[i]).isCloseTo((float) expected, within(2e-6f));
                moved = Math.max(moved, Math.abs(learningRate * (gradient[i] - own[i])));
            }
            assertThat(moved).as("the two gradients differ").isGreaterThan(1e-3);
        }
    }

    @Test
    void labelsAreReplacedByUniformWordsAsOftenAsAsked() {
        int sentences = 20_000;
        int words = 5;
        int[][] same = new int[sentences][];
        java.util.Arrays.setAll(same, i -> new int[] {3, 1});
        TokenBatch batch = TokenBatch.masked(same, new int[sentences]);
        RandomGenerator random = Seeds.generator(7, "label-noise", 1);
        TokenBatch noisy = LabelNoise.in(batch, 0.3, words, random);
        int[] counts = new int[words];
        for (int i = 0; i < sentences; i++) {
            counts[noisy.firstTargetOf(i) - EncoderShape.FIRST_WORD]++;
        }
        for (int word = 0; word < words; word++) {
            double share = word == 3 ? 0.7 + 0.3 / words : 0.3 / words;
            double error = Math.sqrt(share * (1 - share) / sentences);
            assertThat((double) counts[word] / sentences).isCloseTo(share, within(4 * error));
        }
        assertThat(noisy.tokens()).isEqualTo(batch.tokens());
        TokenBatch again = LabelNoise.in(batch, 0.3, words, Seeds.generator(7, "label-noise", 1));
        for (int i = 0; i < sentences; i++) {
            assertThat(again.firstTargetOf(i)).isEqualTo(noisy.firstTargetOf(i));
        }
    }

    @Test
    void anAverageIsTheWeightedMeanOfTheWeightsAfterEachStep() {
        float[][] weights = {{1, -8}, {2, 4}, {4, 2}, {8, 1}, {16, 0.5f}};
        AlgorithmSpec.Average exponential =
                new AlgorithmSpec.Average(Optional.of(0.5), Optional.empty(), RunSpec.ADAMW);
        AlgorithmSpec.Average tail = new AlgorithmSpec.Average(Optional.empty(), Optional.of(0.4), RunSpec.ADAMW);
        WeightAverage decaying = new WeightAverage(exponential, 5, new double[2]);
        WeightAverage plain = new WeightAverage(tail, 5, new double[2]);
        for (int step = 1; step <= 5; step++) {
            decaying.add(step, weights[step - 1]);
            plain.add(step, weights[step - 1]);
            double sum = 0;
            double total = 0;
            for (int s = 1; s <= step; s++) {
                sum += Math.pow(0.5, step - s) * weights[s - 1][0];
                total += Math.pow(0.5, step - s);
            }
            assertThat(decaying.at(step, weights[step - 1])[0]).isCloseTo((float) (sum / total), within(1e-6f));
            if (step <= 2) {
                assertThat(plain.at(step, weights[step - 1])).isEqualTo(weights[step - 1]);
            }
        }
        assertThat(plain.at(5, weights[4])[0]).isCloseTo((4 + 8 + 16) / 3f, within(1e-6f));
        assertThat(plain.at(5, weights[4])[1]).isCloseTo((2 + 1 + 0.5f) / 3f, within(1e-6f));
    }

    @Test
    void theCheckpointOfAnAverageIsTheAverageAndTrainingGoesOnFromTheWeightsThemselves() throws Exception {
        RunSpec plain = run("'adamw'", 0.02);
        RunSpec averaged = run("{'kind':'average','decay':0.9}", 0.02);
        PreTraining.Advance one = all(plain).getLast();
        PreTraining.Advance other = all(averaged).getLast();
        assertThat(other.state().theta()).isEqualTo(one.state().theta());
        float[] published = Weights.decode(Networks.shape(averaged), other.weights());
        assertThat(published).isNotEqualTo(other.state().theta());
        assertThat(other.loss().excess()).isNotEqualTo(one.loss().excess());
        double norm = 0;
        for (float weight : published) {
            norm += (double) weight * weight;
        }
        assertThat(other.loss().weightNorm()).isCloseTo(Math.sqrt(norm), within(1e-9));
    }

    @Test
    void aStateOfPlainAdamWKeepsTheFormThatItAlwaysHad() {
        TrainingState state = new TrainingState(
                7,
                70,
                1,
                List.of(0.5),
                0.25,
                new float[] {1, 2},
                List.of(new float[] {3, 4}, new float[] {5, 6}),
                new double[0]);
        ByteBuffer old = ByteBuffer.allocate(4 + 4 + 8 + 4 + 4 + 8 + 8 + 4 + 24);
        old.putInt(0x42534e31)
                .putInt(7)
                .putLong(70)
                .putInt(1)
                .putInt(1)
                .putDouble(0.5)
                .putDouble(0.25)
                .putInt(2);
        old.order(ByteOrder.LITTLE_ENDIAN);
        for (float number = 1; number <= 6; number++) {
            old.putFloat(number);
        }
        assertThat(state.encode()).isEqualTo(old.array());
        assertThat(TrainingState.decode(old.array(), 2).encode()).isEqualTo(old.array());
        TrainingState other = new TrainingState(
                7, 70, 1, List.of(), 0.25, new float[] {1, 2}, List.of(new float[] {3, 4}), new double[] {1e-9, 2});
        TrainingState read = TrainingState.decode(other.encode(), 2);
        assertThat(read.encode()).isEqualTo(other.encode());
        assertThat(read.average()).containsExactly(1e-9, 2);
        byte[] short1 = java.util.Arrays.copyOf(other.encode(), other.encode().length - 8);
        assertThatThrownBy(() -> TrainingState.decode(short1, 2)).isInstanceOf(Refusal.class);
    }

    @Test
    void aTableIsThereAtOnceAtTheOptimumAndWithoutWeights() throws Exception {
        RunSpec spec = run("'lookup-table'", 0.02);
        List<Event.LossMeasured> losses = new ArrayList<>();
        PreTraining training = new PreTraining();
        PreTraining.Advance only = training.advance("run", spec, training.initial(spec), losses::add);
        assertThat(only.state().step()).isEqualTo(SHORT);
        assertThat(only.triggers()).containsExactly(new Trigger(Trigger.Kind.LAST, SHORT));
        assertThat(losses).containsExactly(only.loss());
        assertThat(only.loss().excess().value()).isZero();
        assertThat(only.loss().lossNats())
                .isEqualTo(all(run("'adamw'", 0.02))
                        .getLast()
                        .loss()
                        .optimum()
                        .orElseThrow()
                        .value());
        assertThat(Networks.parameters(spec)).isZero();
        try (NDManager scope = Torch.scope()) {
            assertThat(NDList.decode(scope, only.weights())).isEmpty();
        }
        assertThat(TrainingState.decode(only.state().encode(), 0).segment()).isEqualTo(1);
        assertThat(training.tokens(spec, SHORT)).isZero();
    }
}
