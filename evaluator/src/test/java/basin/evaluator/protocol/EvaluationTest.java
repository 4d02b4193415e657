package basin.evaluator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.evaluator.task.TaskData;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.network.Initialisation;
import basin.record.Event;
import basin.study.CheckpointChoice;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Seeds;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests the protocols on a small network that is trained briefly. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationTest {
    private static final LanguageSpec TREE = new LanguageSpec.Tree(2, 4, 2, 12, 3);
    private static final LanguageSpec VARIABLE = new LanguageSpec.RandomGrammar(4, 6, 6, 2);
    private static final TaskSpec ROOT = new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR);
    private static final TaskSpec HALF = new TaskSpec("half", 0, 2, TaskSpec.Label.INSIDE);

    private final Evaluation evaluation = new Evaluation();
    private Trained tree = Trained.after(0, TREE, 8);

    @BeforeAll
    void train() {
        tree = Trained.after(300, TREE, 16);
    }

    private static ProtocolSpec.LinearProbe probe(ProtocolSpec.Features features, int project, int repetitions) {
        return new ProtocolSpec.LinearProbe(
                "probe", features, project, 100, 500, 30, 25, 1e-2, repetitions, 7, CheckpointChoice.ALL);
    }

    private static ProtocolSpec.FineTune fineTune(double learningRate, int repetitions) {
        return new ProtocolSpec.FineTune(
                "fine-tune", 100, 300, 10, 25, learningRate, 5, repetitions, 7, CheckpointChoice.ALL);
    }

    private Event.DownstreamMeasured evaluate(Evaluation by, TaskSpec task, ProtocolSpec protocol) throws Exception {
        return by.evaluate("run", 300, tree.run(), tree.theta(), task, protocol, PlatformSpec.CPU);
    }

    @Test
    void trainingTellsOnTheProbeAndItKeepsBelowTheCeiling() throws Exception {
        Event.DownstreamMeasured root = evaluate(evaluation, ROOT, probe(ProtocolSpec.Features.CONCATENATED, 0, 5));
        assertThat(root.accuracies()).hasSize(5);
        assertThat(root.accuracy().value())
                .isCloseTo(
                        root.accuracies().stream().mapToDouble(a -> a).average().orElseThrow(), within(1e-12));
        assertThat(root.classes()).isEqualTo(4);
        assertThat(root.leftOut()).isZero();
        assertThat(root.accuracy().value()).isGreaterThan(root.majorityBaseline() + 0.1);
        // Test examples are common to all repetitions, so a classifier may exceed the expectation
        // by chance; tolerance 4 binomial standard errors.
        assertThat(root.accuracy().value())
                .isLessThan(root.bayesAccuracy().orElseThrow().value() + 4 * Math.sqrt(0.25 / 500));
        Event.DownstreamMeasured half = evaluate(evaluation, HALF, probe(ProtocolSpec.Features.CONCATENATED, 0, 5));
        assertThat(half.bayesAccuracy().orElseThrow().value()).isEqualTo(1);
        assertThat(half.accuracy().value()).isGreaterThan(half.untrained().value());
    }

    @Test
    void resultsDoNotDependOnTheOrderOfTheWork() throws Exception {
        List<TaskSpec> tasks = List.of(ROOT, HALF);
        List<ProtocolSpec> protocols = List.of(
                probe(ProtocolSpec.Features.CONCATENATED, 0, 2),
                probe(ProtocolSpec.Features.CONCATENATED, 5, 2),
                probe(ProtocolSpec.Features.MEAN, 0, 2),
                fineTune(1e-3, 2));
        List<Event> onward = new ArrayList<>();
        for (TaskSpec task : tasks) {
            for (ProtocolSpec protocol : protocols) {
                onward.add(evaluate(evaluation, task, protocol));
            }
        }
        List<Event> backward = new ArrayList<>();
        Evaluation other = new Evaluation();
        for (TaskSpec task : tasks.reversed()) {
            for (ProtocolSpec protocol : protocols.reversed()) {
                backward.addFirst(evaluate(other, task, protocol));
                // Repeated by an evaluation with an empty cache.
                assertThat(evaluate(new Evaluation(), task, protocol)).isEqualTo(backward.getFirst());
            }
        }
        assertThat(backward).isEqualTo(onward);
    }

    @Test
    void aRepetitionIsTheSameAloneAndAmongOthers() throws Exception {
        // Bit-identical, because each repetition is trained separately.
        for (int project : new int[] {0, 5}) {
            List<Double> three = evaluate(evaluation, ROOT, probe(ProtocolSpec.Features.CONCATENATED, project, 3))
                    .accuracies();
            assertThat(evaluate(evaluation, ROOT, probe(ProtocolSpec.Features.CONCATENATED, project, 1))
                            .accuracies())
                    .containsExactly(three.getFirst());
        }
    }

    @Test
    void fineTuningImprovesOnItsStart() throws Exception {
        double tuned = evaluate(evaluation, HALF, fineTune(3e-3, 2)).accuracy().value();
        double start = evaluate(evaluation, HALF, fineTune(1e-12, 2)).accuracy().value();
        assertThat(tuned).isGreaterThan(start + 0.2);
    }

    @Test
    void doublePrecisionTellsTheSame() throws Exception {
        PlatformSpec precise = new PlatformSpec("cpu", "float64");
        for (ProtocolSpec protocol : List.of(probe(ProtocolSpec.Features.CONCATENATED, 0, 1), fineTune(1e-3, 1))) {
            double single = evaluate(evaluation, ROOT, protocol).accuracy().value();
            double twice = evaluation
                    .evaluate("run", 300, tree.run(), tree.theta(), ROOT, protocol, precise)
                    .accuracy()
                    .value();
            assertThat(twice).isCloseTo(single, within(0.02));
        }
    }

    @Test
    void weightsThatHoldNothingGiveChance() throws Exception {
        // All states are equal, so the classifier predicts a single class: the one with most
        // examples.
        float[] empty = new float[tree.theta().length];
        Event.DownstreamMeasured measured = evaluation.evaluate(
                "run", 0, tree.run(), empty, ROOT, probe(ProtocolSpec.Features.CONCATENATED, 0, 1), PlatformSpec.CPU);
        double[] shares = new double[4];
        for (int label : data(TREE, ROOT).test().labels()) {
            shares[label] += 1.0 / 500;
        }
        assertThat(Arrays.stream(shares))
                .anyMatch(share -> Math.abs(share - measured.accuracy().value()) < 1e-9);
        // With one repetition the standard error is that of the test examples.
        double a = measured.accuracy().value();
        assertThat(measured.accuracy().standardError()).isCloseTo(Math.sqrt(a * (1 - a) / 500), within(1e-12));
    }

    private static TaskData data(LanguageSpec language, TaskSpec task) {
        return TaskData.draw(Languages.of(language), task, 100, 500, 1, 7);
    }

    @Test
    void sentencesWithoutTheSpanAreLeftOutAndCounted() throws Exception {
        Trained variable = Trained.after(0, VARIABLE, 8);
        TaskSpec third = new TaskSpec("third", 1, 2, TaskSpec.Label.ANCESTOR);
        Event.DownstreamMeasured measured = evaluation.evaluate(
                "run",
                0,
                variable.run(),
                variable.theta(),
                third,
                probe(ProtocolSpec.Features.MEAN, 6, 2),
                PlatformSpec.CPU);
        double long3 = 0;
        for (int length = 3; length <= 6; length++) {
            long3 += Languages.of(VARIABLE).lengthProbability(length);
        }
        assertThat(measured.leftOut()).isBetween(1 - long3, 0.999);
        // The network is untrained, and the protocol is the same.
        assertThat(measured.untrained()).isEqualTo(measured.accuracy());
    }

    @Test
    void featuresAreTheStatesZeroFilledOrTheirMean() throws Exception {
        Trained variable = Trained.after(0, VARIABLE, 8);
        EvaluatedNetwork network = variable.network();
        int[][] sentences = {{0}, {1, 2, 3, 4, 5, 0}, {2, 2, 1}};
        LinearProbe probe = new LinearProbe();
        Features all = probe.features(network, sentences, probe(ProtocolSpec.Features.CONCATENATED, 0, 1));
        Features mean = probe.features(network, sentences, probe(ProtocolSpec.Features.MEAN, 0, 1));
        assertThat(all.columns()).isEqualTo(7 * 8);
        assertThat(mean.columns()).isEqualTo(8);
        for (int i = 0; i < sentences.length; i++) {
            int numbers = (sentences[i].length + 1) * 8;
            // A sentence alone, without padding, has the same states.
            Features alone = probe.features(
                    network, new int[][] {sentences[i]}, probe(ProtocolSpec.Features.CONCATENATED, 0, 1));
            for (int k = 0; k < all.columns(); k++) {
                float value = all.values()[all.offset(i) + k];
                assertThat(value).isCloseTo(alone.values()[k], within(1e-5f));
                assertThat(value == 0).isEqualTo(k >= numbers);
            }
            for (int k = 0; k < 8; k++) {
                double sum = 0;
                for (int t = 0; t <= sentences[i].length; t++) {
                    sum += all.values()[all.offset(i) + t * 8 + k];
                }
                assertThat((double) mean.values()[mean.offset(i) + k])
                        .isCloseTo(sum / (sentences[i].length + 1), within(1e-6));
            }
        }
    }

    @Test
    void projectionIsLinearOfCommonDimensionAndTheSameForAllNetworks() throws Exception {
        int[][] sentences = data(TREE, ROOT).sentences();
        LinearProbe probe = new LinearProbe();
        var raw = probe(ProtocolSpec.Features.CONCATENATED, 0, 1);
        var projected = probe(ProtocolSpec.Features.CONCATENATED, 5, 1);
        EvaluatedNetwork first = tree.network();
        EvaluatedNetwork second = Trained.after(0, TREE, 16).network();
        for (EvaluatedNetwork network :
                List.of(first, second, Trained.after(0, TREE, 8).network())) {
            Features from = probe.features(network, sentences, raw);
            Features to = probe.features(network, sentences, projected);
            assertThat(to.columns()).isEqualTo(5);
            Projection same = Projection.of(from.columns(), 5, projected.seed());
            float[] expected = new float[5];
            same.project(from.values(), from.offset(17), expected, 0);
            assertThat(Arrays.copyOfRange(to.values(), to.offset(17), to.offset(18)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void projectedFeaturesKeepTheirVariance() {
        int columns = 400;
        int dimensions = 300;
        float[] row = new float[columns];
        RandomGenerator random = Seeds.generator(1, "row");
        for (int i = 0; i < columns; i++) {
            row[i] = random.nextBoolean() ? 1 : -1;
        }
        float[] projected = new float[dimensions];
        Projection.of(columns, dimensions, 3).project(row, 0, projected, 0);
        double squares = 0;
        for (float value : projected) {
            squares += value * value / dimensions;
        }
        // Chi-squared with 300 degrees of freedom; tolerance 4 standard deviations of the mean
        // square, exceeded once in 16,000 times.
        assertThat(squares).isCloseTo(1, within(4 * Math.sqrt(2.0 / dimensions)));
    }

    @Test
    void theUntrainedNetworkIsThatOfTheRunsSeed() throws Exception {
        float[] initial = Networks.initial(tree.run());
        Event.DownstreamMeasured start = evaluation.evaluate(
                "run", 0, tree.run(), initial, ROOT, probe(ProtocolSpec.Features.MEAN, 0, 2), PlatformSpec.CPU);
        assertThat(start.accuracy()).isEqualTo(start.untrained());
        assertThat(evaluate(evaluation, ROOT, probe(ProtocolSpec.Features.MEAN, 0, 2))
                        .untrained())
                .isEqualTo(start.accuracy());
        assertThat(initial)
                .isEqualTo(Initialisation.of(
                        Networks.shape(tree.run()),
                        0.02,
                        Seeds.derive(tree.run().seed(), "initial-weights")));
    }

    @Test
    void theRateRisesAndFalls() {
        ProtocolSpec.FineTune spec = fineTune(1.0, 1);
        assertThat(FineTuning.learningRate(spec, 1, 40)).isEqualTo(0.2);
        assertThat(FineTuning.learningRate(spec, 5, 40)).isEqualTo(1);
        assertThat(FineTuning.learningRate(spec, 40, 40)).isCloseTo(1.0 / 36, within(1e-12));
        ProtocolSpec.FineTune cold =
                new ProtocolSpec.FineTune("cold", 100, 300, 10, 25, 1.0, 0, 1, 7, CheckpointChoice.ALL);
        assertThat(FineTuning.learningRate(cold, 1, 40)).isEqualTo(1);
    }
}
