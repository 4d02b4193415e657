package basin.evaluator.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.study.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Tests the linear classifier and its gradient. */
class SoftmaxRegressionTest {
    private static final SoftmaxRegression.Training TRAINING = new SoftmaxRegression.Training(100, 50, 1e-2);

    @Test
    void gradientIsThatOfFiniteDifferences() {
        RandomGenerator random = Seeds.generator(1, "gradient");
        int[] sizes = {1, 2, 3, 7, 10};
        for (int columns : sizes) {
            for (int classes : new int[] {1, 2, 3, 6}) {
                Features features = gaussian(random, 9, columns);
                int[] labels = random.ints(9, 0, classes).toArray();
                int[] rows = {3, 1, 8, 0, 4, 7, 2};
                float[] theta = new float[classes * (columns + 1)];
                Seeds.gaussian(random, theta);
                float[] gradient = new float[theta.length];
                double loss = SoftmaxRegression.lossAndGradient(features, labels, classes, rows, theta, gradient);
                assertThat(loss).isCloseTo(loss(features, labels, classes, rows, theta, 0, 0), within(1e-5));
                for (int i = 0; i < theta.length; i++) {
                    double h = 1e-5;
                    double expected = (loss(features, labels, classes, rows, theta, i, h)
                                    - loss(features, labels, classes, rows, theta, i, -h))
                            / (2 * h);
                    assertThat((double) gradient[i]).isCloseTo(expected, within(2e-6));
                }
            }
        }
    }

    @Test
    void separableClassesAreToldApartWithoutError() {
        RandomGenerator random = Seeds.generator(2, "separable");
        int classes = 5;
        int[] labels = random.ints(400, 0, classes).toArray();
        float[] values = new float[400 * 20];
        Seeds.gaussian(random, values);
        for (int i = 0; i < labels.length; i++) {
            for (int f = 0; f < 20; f++) {
                values[i * 20 + f] = 0.3f * values[i * 20 + f] + (f % classes == labels[i] ? 2 : 0);
            }
        }
        Features features = Features.of(values, 20);
        SoftmaxRegression trained =
                SoftmaxRegression.train(features.rows(0, 200), Arrays.copyOf(labels, 200), classes, TRAINING, 3, 0);
        assertThat(trained.accuracy(features.rows(200, 400), Arrays.copyOfRange(labels, 200, 400)))
                .isEqualTo(1);
    }

    @Test
    void featuresWithoutInformationGiveChance() {
        RandomGenerator random = Seeds.generator(4, "chance");
        int classes = 4;
        int test = 4000;
        Features features = gaussian(random, 200 + test, 30);
        int[] labels = random.ints(200 + test, 0, classes).toArray();
        SoftmaxRegression trained =
                SoftmaxRegression.train(features.rows(0, 200), Arrays.copyOf(labels, 200), classes, TRAINING, 5, 0);
        double accuracy = trained.accuracy(features.rows(200, 200 + test), Arrays.copyOfRange(labels, 200, 200 + test));
        // The labels are independent of the predictions, so the count is binomial; 4 standard
        // errors are exceeded once in 16,000 times.
        assertThat(accuracy).isCloseTo(0.25, within(4 * Math.sqrt(0.25 * 0.75 / test)));
    }

    @Test
    void rowsOfALargerMatrixTrainTheSameClassifier() {
        RandomGenerator random = Seeds.generator(6, "rows");
        Features features = gaussian(random, 60, 9);
        int[] labels = random.ints(60, 0, 3).toArray();
        Features copied = Features.of(Arrays.copyOfRange(features.values(), 20 * 9, 60 * 9), 9);
        int[] own = Arrays.copyOfRange(labels, 20, 60);
        double inPlace = SoftmaxRegression.train(features.rows(20, 60), own, 3, TRAINING, 7, 2)
                .accuracy(features, labels);
        double onCopy = SoftmaxRegression.train(copied, own, 3, TRAINING, 7, 2).accuracy(features, labels);
        assertThat(inPlace).isEqualTo(onCopy);
    }

    @Test
    void orderDependsOnSeedAndRepetitionAlone() {
        RandomGenerator random = Seeds.generator(8, "order");
        Features features = gaussian(random, 40, 5);
        int[] labels = random.ints(40, 0, 2).toArray();
        SoftmaxRegression.Training one = new SoftmaxRegression.Training(1, 10, 1e-2);
        float[] first = SoftmaxRegression.train(features, labels, 2, one, 9, 0).theta();
        assertThat(SoftmaxRegression.train(features, labels, 2, one, 9, 0).theta())
                .isEqualTo(first);
        assertThat(SoftmaxRegression.train(features, labels, 2, one, 9, 1).theta())
                .isNotEqualTo(first);
        assertThat(SoftmaxRegression.train(features, labels, 2, one, 10, 0).theta())
                .isNotEqualTo(first);
    }

    private static Features gaussian(RandomGenerator random, int rows, int columns) {
        float[] values = new float[rows * columns];
        Seeds.gaussian(random, values);
        return Features.of(values, columns);
    }

    /** Returns the mean cross-entropy in double precision, with one weight perturbed. */
    private static double loss(
            Features features, int[] labels, int classes, int[] rows, float[] theta, int moved, double by) {
        int columns = features.columns();
        double loss = 0;
        for (int row : rows) {
            double sum = 0;
            double own = 0;
            for (int c = 0; c < classes; c++) {
                int bias = classes * columns + c;
                double score = theta[bias] + (bias == moved ? by : 0);
                for (int f = 0; f < columns; f++) {
                    int weight = c * columns + f;
                    score += (theta[weight] + (weight == moved ? by : 0)) * features.values()[features.offset(row) + f];
                }
                sum += Math.exp(score);
                own = c == labels[row] ? score : own;
            }
            loss += Math.log(sum) - own;
        }
        return loss / rows.length;
    }
}
