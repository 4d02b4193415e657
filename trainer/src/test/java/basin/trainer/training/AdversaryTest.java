package basin.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import basin.language.Language;
import basin.language.study.Languages;
import basin.language.study.Networks;
import basin.language.task.Tasks;
import basin.network.AdamW;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.study.AlgorithmSpec;
import basin.study.LanguageSpec;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.Seeds;
import basin.study.TaskSpec;
import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/**
 * Tests of the adversary's loss against an explicitly fitted head, and of its gradient against
 * finite differences.
 */
class AdversaryTest {
    private static final TaskSpec ROOT = new TaskSpec("root", 0, 0, TaskSpec.Label.ANCESTOR);
    /** A language with sentences of several lengths, so that there is padding. */
    private static final LanguageSpec LANGUAGE = new LanguageSpec.RandomGrammar(3, 5, 4, 3);

    private static final double WEIGHT = 0.7;
    private static final AlgorithmSpec.Adversarial SPEC =
            new AlgorithmSpec.Adversarial(WEIGHT, ROOT, 24, 0.001, 9, RunSpec.ADAMW);
    private static final Language WORDS = Languages.of(LANGUAGE);
    private static final Adversary ADVERSARY = new Adversary(SPEC, WORDS);
    private static final LanguageModel ENCODER =
            LanguageModel.of(new basin.network.EncoderShape(WORDS.vocabularySize(), WORDS.maxLength(), 4, 1, 2, 6));
    private static final TokenBatch BATCH =
            TokenBatch.masked(new int[][] {{0, 1, 2}, {3, 3}, {4, 1, 4, 0}}, new int[] {1, 0, 3});

    private static double[] theta() {
        double[] theta = new double[ENCODER.shape().parameterCount()];
        Seeds.gaussian(Seeds.generator(41, "theta"), theta);
        for (int i = 0; i < theta.length; i++) {
            theta[i] *= 0.5;
        }
        return theta;
    }

    /** Returns the validation loss of a head that is fitted by its normal equations. */
    private static double explicitly(double[] features, int[] labels, int classes, int fitted, double ridge) {
        int columns = features.length / labels.length;
        RealMatrix all = new Array2DRowRealMatrix(labels.length, columns + 1);
        RealMatrix targets = new Array2DRowRealMatrix(labels.length, classes);
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < columns; j++) {
                all.setEntry(i, j, features[i * columns + j]);
            }
            all.setEntry(i, columns, 1);
            targets.setEntry(i, labels[i], 1);
        }
        RealMatrix fit = all.getSubMatrix(0, fitted - 1, 0, columns);
        RealMatrix normal = fit.transposeMultiply(fit)
                .scalarMultiply(1.0 / fitted)
                .add(MatrixUtils.createRealIdentityMatrix(columns + 1).scalarMultiply(ridge));
        RealMatrix head = new LUDecomposition(normal)
                .getSolver()
                .solve(fit.transposeMultiply(targets.getSubMatrix(0, fitted - 1, 0, classes - 1))
                        .scalarMultiply(1.0 / fitted));
        double norm = all.getSubMatrix(fitted, labels.length - 1, 0, columns)
                .multiply(head)
                .subtract(targets.getSubMatrix(fitted, labels.length - 1, 0, classes - 1))
                .getFrobeniusNorm();
        return norm * norm / (labels.length - fitted);
    }

    @Test
    void theHeadIsTheRidgeRegressionAndEveryDerivativeEqualsFiniteDifferences() {
        int[] labels = {0, 1, 2, 1, 0, 2, 2, 1, 0, 1, 2, 0};
        double[] features = Seeds.generator(42, "features")
                .doubles(labels.length * 5L, -1, 1)
                .toArray();
        RidgeHead.Validation found = RidgeHead.of(features, labels, 3, 9, 0.01);
        assertThat(found.loss()).isCloseTo(explicitly(features, labels, 3, 9, 0.01), within(1e-10));
        double step = 1e-5;
        for (int i = 0; i < features.length; i++) {
            double kept = features[i];
            features[i] = kept + step;
            double up = explicitly(features, labels, 3, 9, 0.01);
            features[i] = kept - step;
            double down = explicitly(features, labels, 3, 9, 0.01);
            features[i] = kept;
            assertThat(found.gradient()[i]).as("feature %d", i).isCloseTo((up - down) / (2 * step), within(1e-7));
        }
        features[3] = Double.NaN;
        assertThat(RidgeHead.of(features, labels, 3, 9, 0.01).loss()).isNaN();
    }

    private static double loss(double[] theta) {
        return Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = scope.create(theta);
                double own = ENCODER.loss(leaf, BATCH).getDouble();
                return own - WEIGHT * ADVERSARY.validationLoss(ENCODER, leaf, ADVERSARY.heldOut(1));
            }
        });
    }

    private static double[] gradient(double[] theta) {
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(theta));
                NDArray own = ENCODER.loss(leaf, BATCH);
                return Torch.gradient(ADVERSARY.against(own, ENCODER, leaf, ADVERSARY.heldOut(1)), leaf)
                        .toDoubleArray();
            }
        });
    }

    @Test
    void theGradientOfWhatIsMinimisedEqualsFiniteDifferences() {
        AdversaryBatch heldOut = ADVERSARY.heldOut(1);
        assertThat(Arrays.stream(heldOut.sentences())
                        .mapToInt(one -> one.length)
                        .distinct()
                        .count())
                .as("lengths")
                .isGreaterThan(1);
        assertThat(Arrays.stream(heldOut.labels()).distinct().count())
                .as("labels")
                .isGreaterThan(1);
        double[] theta = theta();
        double[] gradient = gradient(theta);
        double step = 1e-5;
        for (int i = 0; i < theta.length; i++) {
            double kept = theta[i];
            theta[i] = kept + step;
            double up = loss(theta);
            theta[i] = kept - step;
            double down = loss(theta);
            theta[i] = kept;
            double difference = (up - down) / (2 * step);
            assertThat(gradient[i])
                    .as("parameter %d", i)
                    .isCloseTo(difference, within(1e-6 * Math.max(1, Math.abs(difference))));
        }
    }

    @Test
    void aStepTakesThatGradient() {
        RunSpec spec = AlgorithmsTest.run(
                LANGUAGE, new AlgorithmSpec.Adversarial(WEIGHT, ROOT, 24, 0.001, 9, new AlgorithmSpec.Sgd(0)), 0.1);
        double[] theta = theta();
        float[] start = new float[theta.length];
        for (int i = 0; i < theta.length; i++) {
            start[i] = (float) theta[i];
            theta[i] = start[i];
        }
        double[] gradient = gradient(theta);
        float[] decays = AdamW.decays(ENCODER.shape());
        try (Stepper stepper = new Stepper(ENCODER, spec, WORDS, TrainingState.initial(spec, start))) {
            assertThat(stepper.step(1, 0.1, BATCH)).isPositive();
            for (int i = 0; i < theta.length; i++) {
                double expected = theta[i] * (1 - 0.1 * 0.01 * decays[i]) - 0.1 * gradient[i];
                assertThat(stepper.theta()[i])
                        .as("parameter %d", i)
                        .isCloseTo((float) expected, within(1e-4f * (float) Math.max(1, Math.abs(gradient[i]))));
            }
        }
    }

    @Test
    void trainingAgainstATaskKeepsItsLabelsFromAHead() throws Exception {
        LanguageSpec tree = new LanguageSpec.Tree(2, 3, 2, 6, 1);
        Adversary look = new Adversary(
                new AlgorithmSpec.Adversarial(1, ROOT, 1024, 0.001, 77, RunSpec.ADAMW), Languages.of(tree));
        double[] lost = new double[2];
        for (int i = 0; i < 2; i++) {
            AlgorithmSpec algorithm =
                    i == 0 ? RunSpec.ADAMW : new AlgorithmSpec.Adversarial(1, ROOT, 64, 0.001, 9, RunSpec.ADAMW);
            RunSpec spec = AlgorithmsTest.run(tree, algorithm, 0.02);
            PreTraining training = new PreTraining();
            TrainingState state = training.initial(spec);
            while (state.step() < spec.training().steps()) {
                state = training.advance("run", spec, state, loss -> {}).state();
            }
            try (NDManager scope = Torch.scope()) {
                lost[i] = look.validationLoss(Networks.model(spec), scope.create(state.theta()), look.heldOut(1));
            }
        }
        assertThat(lost[1]).as("against the task, beside %s", lost[0]).isGreaterThan(lost[0] + 0.02);
    }

    @Test
    void aTaskWithoutLabelsIsRefused() {
        // Words 1 and 2 of a tree's four are cousins: no symbol ever covers exactly these.
        TaskSpec cousins = new TaskSpec("cousins", 1, 2, TaskSpec.Label.ANCESTOR);
        Language tree = Languages.of(new LanguageSpec.Tree(2, 3, 2, 6, 1));
        assertThatThrownBy(
                        () -> AdversaryBatch.draw(Tasks.of(tree, cousins), "cousins", 16, Seeds.generator(1, "test")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("algorithms.task is 'cousins', which has no label for 20000 sentences");
    }
}
