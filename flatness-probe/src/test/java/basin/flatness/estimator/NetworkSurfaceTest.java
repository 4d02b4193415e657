package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.engine.Torch;
import basin.network.folder.FolderModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the curvature of a network from a folder with that of Basin's own encoder, and for other
 * networks with references.
 */
class NetworkSurfaceTest {
    private static final long SEED = 7;

    private static FolderModel model(String name) {
        return FolderModel.open(Path.of("../infra/network/src/test/resources/basin/network/folder", name));
    }

    /** Returns lines of different lengths and thus different numbers of predictions. */
    private static TokenBatch causal() {
        return TokenBatch.of(
                new int[][] {{0, 5, 3, 9}, {2, 7, 7}, {4, 10}},
                new int[] {0, 0, 0, 1, 1, 2},
                new int[] {0, 1, 2, 0, 1, 0},
                new int[] {5, 3, 9, 7, 7, 10});
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "roberta-general", "bert", "gpt2", "opt"})
    void normsFromOneBackwardPassAreThoseOfOneASample(String name) {
        FolderModel model = model(name);
        NetworkSurface surface = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        OutputProbe probe = ProbeSampler.outputSigns(SEED, 0, 0);
        TokenBatch one = TokenBatch.of(
                new int[][] {{0, 5, 3, 4, 7}, {0, 3, 8}}, new int[] {0, 1}, new int[] {2, 1}, new int[] {6, 9});
        for (TokenBatch batch : List.of(causal(), one)) {
            double[] norms = surface.gradientNorms(batch, probe);
            double[][] ofTensors = surface.gradientNormsOfTensors(batch, probe);
            for (int i = 0; i < batch.size(); i++) {
                double[] gradient = gradient(model, batch, i, probe);
                assertThat(norms[i]).isCloseTo(Vectors.squaredNorm(gradient), within(1e-9));
                for (int tensor = 0; tensor < ofTensors.length; tensor++) {
                    Parameter named = surface.tensors().get(tensor);
                    assertThat(ofTensors[tensor][i])
                            .as("%s", named.name())
                            .isCloseTo(Vectors.squaredNorm(gradient, named), within(1e-9));
                }
            }
        }
    }

    /** Returns the gradient of one sample's Σ row·log p, by an ordinary backward pass. */
    private static double[] gradient(FolderModel model, TokenBatch batch, int sample, OutputProbe probe) {
        TokenBatch one = batch.part(sample, sample + 1);
        int vocabulary = model.network().vocabulary();
        return Torch.recording(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray leaf = Torch.leaf(scope.create(model.theta()));
                NDArray logits = model.network().logits(leaf, one);
                double[] probabilities = Torch.unrecorded(() -> Torch.doubles(logits.softmax(-1)));
                double[] rows = new double[probabilities.length];
                for (int k = 0; k < one.predictions(); k++) {
                    double[] prediction = Arrays.copyOfRange(probabilities, k * vocabulary, (k + 1) * vocabulary);
                    double[] target = new double[vocabulary];
                    target[one.firstTargetOf(k)] = 1;
                    double[] row = Vectors.row(probe, sample, k, prediction, target);
                    for (int y = 0; y < vocabulary; y++) {
                        rows[k * vocabulary + y] = row[y] / Math.sqrt(one.predictions());
                    }
                }
                NDArray along = scope.create(rows, new Shape(one.predictions(), vocabulary));
                return Torch.doubles(
                        Torch.gradient(logits.logSoftmax(-1).mul(along).sum(), leaf));
            }
        });
    }

    @Test
    void formsOfSeveralPredictionsEqualDifferences() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        Direction signs = ProbeSampler.signs(SEED, 0, 0, surface.parameters());
        CurvatureProduct product = Vectors.products(surface, causal(), signs).getFirst();
        Midpoint middle = surface.midpoint(causal());
        ForwardForms.Forms forms =
                ForwardForms.of(middle, causal().size(), signs, 1e-4 * Math.sqrt(surface.parameters()));
        assertThat(forms.hessian()).isCloseTo(product.hessianForm(), within(1e-4 * Math.abs(product.hessianForm())));
        assertThat(forms.fisher()).isCloseTo(product.fisherForm(), within(1e-4 * product.fisherForm()));
    }

    @Test
    void gradientsOfSampledLabelsHaveTheFishersTrace() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        TokenBatch two = TokenBatch.of(new int[][] {{2, 7, 3}}, new int[2], new int[] {0, 1}, new int[] {7, 3});
        int vocabulary = model.network().vocabulary();
        double[] probabilities = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                return Torch.doubles(
                        model.network().logits(scope.create(model.theta()), two).softmax(-1));
            }
        });
        double[][] predictions = {
            Arrays.copyOf(probabilities, vocabulary), Arrays.copyOfRange(probabilities, vocabulary, 2 * vocabulary)
        };
        double expected = 0;
        for (int first = 0; first < vocabulary; first++) {
            for (int second = 0; second < vocabulary; second++) {
                int[] labels = {first, second};
                double norm = surface.gradientNorms(two, (OutputProbe.Labels)
                        (example, place) -> midway(predictions[place], labels[place]))[0];
                expected += predictions[0][labels[0]] * predictions[1][labels[1]] * norm;
            }
        }
        double trace = 0;
        for (CurvatureProduct one : surface.products(two, Vectors.units(surface.parameters()), Arena.ofAuto())) {
            trace += one.fisherForm();
        }
        assertThat(expected).isCloseTo(trace, within(1e-8 * trace));
    }

    /** Returns a number that falls on a label, by inversion of the prediction. */
    private static double midway(double[] prediction, int label) {
        return Arrays.stream(prediction, 0, label).sum() + prediction[label] / 2;
    }

    @Test
    void partsChangeNothing() {
        FolderModel model = model("gpt2");
        NetworkSurface whole = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        NetworkSurface parts = whole.inPartsOf(40);
        Direction signs = ProbeSampler.signs(SEED, 0, 0, whole.parameters());
        CurvatureProduct expected = Vectors.products(whole, causal(), signs).getFirst();
        CurvatureProduct product = Vectors.products(parts, causal(), signs).getFirst();
        assertThat(product.hessianForm()).isCloseTo(expected.hessianForm(), within(1e-9));
        assertThat(product.fisherForm()).isCloseTo(expected.fisherForm(), within(1e-9));
        OutputProbe probe = ProbeSampler.outputSigns(SEED, 0, 0);
        assertThat(parts.joinedGradientNorm(causal(), probe))
                .isCloseTo(whole.joinedGradientNorm(causal(), probe), within(1e-9));
        assertThat(parts.losses(causal(), signs, 0.01))
                .containsExactly(whole.losses(causal(), signs, 0.01), within(1e-12));
    }

    @Test
    void theGradientAndItsTensorsAddUp() {
        FolderModel model = model("gpt2");
        NetworkSurface surface = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        Direction signs = ProbeSampler.signs(SEED, 0, 0, surface.parameters());
        double along = Directions.dot(signs, surface.gradient(causal(), Arena.ofAuto()));
        double step = 1e-6;
        double difference = 0;
        double[] up = surface.losses(causal(), signs, step);
        double[] down = surface.losses(causal(), signs, -step);
        for (int i = 0; i < up.length; i++) {
            difference += (up[i] - down[i]) / (2 * step) / up.length;
        }
        assertThat(along).isCloseTo(difference, within(1e-6));
        OutputProbe probe = ProbeSampler.outputSigns(SEED, 0, 0);
        double[] whole = surface.gradientNorms(causal(), probe);
        double[] sums = new double[whole.length];
        for (double[] block : surface.gradientNormsOfTensors(causal(), probe)) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += block[i];
            }
        }
        assertThat(sums).containsExactly(whole, within(1e-9));
    }
}
