package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.network.folder.FolderModel;
import java.nio.file.Path;
import java.util.ArrayList;
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
        NetworkSurface surface = NetworkSurface.of(model.network(), model.theta(), DataType.FLOAT64);
        OutputProbe probe = ProbeSampler.outputSigns(SEED, 0, 0);
        TokenBatch one = TokenBatch.of(
                new int[][] {{0, 5, 3, 4, 7}, {0, 3, 8}}, new int[] {0, 1}, new int[] {2, 1}, new int[] {6, 9});
        for (TokenBatch batch : List.of(causal(), one)) {
            double[] norms = surface.gradientNorms(batch, probe);
            double[][] ofTensors = surface.gradientNormsOfTensors(batch, probe);
            for (int i = 0; i < batch.size(); i++) {
                double[] gradient = surface.gradient(new NetworkSurface.Part(batch.part(i, i + 1), i), probe);
                assertThat(norms[i]).isCloseTo(Directions.squaredNorm(gradient), within(1e-9));
                for (int tensor = 0; tensor < ofTensors.length; tensor++) {
                    Parameter named = surface.tensors().get(tensor);
                    assertThat(ofTensors[tensor][i])
                            .as("%s", named.name())
                            .isCloseTo(Directions.squaredNorm(gradient, named), within(1e-9));
                }
            }
        }
    }

    @Test
    void formsOfSeveralPredictionsEqualDifferences() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = NetworkSurface.of(model.network(), model.theta(), DataType.FLOAT64);
        double[] signs = ProbeSampler.signs(SEED, 0, 0, surface.parameters());
        CurvatureProduct product = surface.products(causal(), List.of(signs)).getFirst();
        PerturbedForward middle = surface.forward(causal(), signs, 0);
        ForwardForms.Forms forms = ForwardForms.of(surface, causal(), middle, signs, 1e-4 * Math.sqrt(signs.length));
        assertThat(forms.hessian()).isCloseTo(product.hessianForm(), within(1e-4 * Math.abs(product.hessianForm())));
        assertThat(forms.fisher()).isCloseTo(product.fisherForm(), within(1e-4 * product.fisherForm()));
    }

    @Test
    void gradientsOfSampledLabelsHaveTheFishersTrace() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = NetworkSurface.of(model.network(), model.theta(), DataType.FLOAT64);
        TokenBatch two = TokenBatch.of(new int[][] {{2, 7, 3}}, new int[2], new int[] {0, 1}, new int[] {7, 3});
        int vocabulary = model.network().vocabulary();
        double expected = 0;
        for (int first = 0; first < vocabulary; first++) {
            for (int second = 0; second < vocabulary; second++) {
                int[] labels = {first, second};
                double[] chances = new double[2];
                double norm = surface.gradientNorms(two, (example, place, prediction, target, row) -> {
                    chances[place] = prediction[labels[place]];
                    row[labels[place]] = 1;
                })[0];
                expected += chances[0] * chances[1] * norm;
            }
        }
        double trace = 0;
        List<double[]> units = new ArrayList<>();
        for (int i = 0; i < surface.parameters(); i++) {
            double[] unit = new double[surface.parameters()];
            unit[i] = 1;
            units.add(unit);
        }
        for (CurvatureProduct one : surface.products(two, units)) {
            trace += one.fisherForm();
        }
        assertThat(expected).isCloseTo(trace, within(1e-8 * trace));
    }

    @Test
    void partsChangeNothing() {
        FolderModel model = model("gpt2");
        NetworkSurface whole = NetworkSurface.of(model.network(), model.theta(), DataType.FLOAT64);
        NetworkSurface parts = whole.inPartsOf(40);
        double[] signs = ProbeSampler.signs(SEED, 0, 0, whole.parameters());
        CurvatureProduct expected = whole.products(causal(), List.of(signs)).getFirst();
        CurvatureProduct product = parts.products(causal(), List.of(signs)).getFirst();
        assertThat(product.hessianForm()).isCloseTo(expected.hessianForm(), within(1e-9));
        assertThat(product.fisherForm()).isCloseTo(expected.fisherForm(), within(1e-9));
        OutputProbe probe = ProbeSampler.outputSigns(SEED, 0, 0);
        assertThat(parts.joinedGradientNorm(causal(), probe))
                .isCloseTo(whole.joinedGradientNorm(causal(), probe), within(1e-9));
        assertThat(parts.forward(causal(), signs, 0.01).losses())
                .containsExactly(whole.forward(causal(), signs, 0.01).losses(), within(1e-12));
    }

    @Test
    void theGradientAndItsTensorsAddUp() {
        FolderModel model = model("gpt2");
        NetworkSurface surface = NetworkSurface.of(model.network(), model.theta(), DataType.FLOAT64);
        double[] signs = ProbeSampler.signs(SEED, 0, 0, surface.parameters());
        double[] gradient = surface.gradient(causal());
        double along = 0;
        for (int i = 0; i < signs.length; i++) {
            along += signs[i] * gradient[i];
        }
        double step = 1e-6;
        double difference = 0;
        double[] up = surface.forward(causal(), signs, step).losses();
        double[] down = surface.forward(causal(), signs, -step).losses();
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
