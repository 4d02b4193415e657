package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import basin.lm.model.FolderModel;
import basin.lm.network.Encoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A folder's network gives the same curvature as our own encoder where it is one, and the right one where it is not. */
class NetworkSurfaceTest {
    private static final long SEED = 7;

    private static FolderModel model(String name) {
        return FolderModel.open(Path.of("../infra/lm/src/test/resources/basin/lm/model", name));
    }

    private static TokenSequences.Example example(int[] tokens, int[] places, int[] labels) {
        return new TokenSequences.Example(tokens, places, labels);
    }

    /** Lines of different lengths, and so of different numbers of predictions. */
    private static TokenSequences causal() {
        return new TokenSequences(List.of(
                example(new int[] {0, 5, 3, 9}, new int[] {0, 1, 2}, new int[] {5, 3, 9}),
                example(new int[] {2, 7, 7}, new int[] {0, 1}, new int[] {7, 7}),
                example(new int[] {4, 10}, new int[] {0}, new int[] {10})));
    }

    @Test
    void aNetworkLikeOurOwnHasOurOwnCurvature() {
        FolderModel model = model("roberta");
        FolderModel.OwnEncoder own = model.asEncoder().orElseThrow();
        EncoderSurface expected = EncoderSurface.precise(new Encoder(own.shape()), own.theta());
        NetworkSurface surface = NetworkSurface.precise(model.network(), model.theta());
        double[][] targets = new double[2][own.shape().words()];
        targets[0][2] = 1;
        targets[1][5] = 1;
        MaskedBatch masked = new MaskedBatch(new int[][] {{1, 2, 0, 3}, {5, 4}}, new int[] {1, 0}, targets);
        TokenSequences batch = new TokenSequences(List.of(
                example(new int[] {0, 5, 3, 4, 7}, new int[] {2}, new int[] {6}),
                example(new int[] {0, 3, 8}, new int[] {1}, new int[] {9})));
        // The orders of their parameters differ, so only what does not hang on it is compared.
        double[] ones = new double[surface.parameters()];
        java.util.Arrays.fill(ones, 1);
        CurvatureProduct product = surface.products(batch, List.of(ones)).getFirst();
        CurvatureProduct theirs = expected.products(masked, List.of(ones)).getFirst();
        assertThat(product.hessianForm()).isCloseTo(theirs.hessianForm(), within(1e-9));
        assertThat(product.fisherForm()).isCloseTo(theirs.fisherForm(), within(1e-9));
        assertThat(product.squaredNorm()).isCloseTo(theirs.squaredNorm(), within(1e-7));
        OutputProbe probe = Draws.outputSigns(SEED, 0, 0);
        assertThat(surface.gradientNorms(batch, probe))
                .containsExactly(expected.gradientNorms(masked, probe), within(1e-9));
        assertThat(surface.joinedGradientNorm(batch, probe))
                .isCloseTo(expected.joinedGradientNorm(masked, probe), within(1e-9));
        Outlook look = surface.look(batch, ones, 0.01);
        Outlook other = expected.look(masked, ones, 0.01);
        assertThat(look.losses()).containsExactly(other.losses(), within(1e-12));
        assertThat(look.spreads()).containsExactly(other.spreads(), within(1e-12));
        assertThat(look.misses()).containsExactly(other.misses(), within(1e-12));
    }

    @Test
    void formsOfSeveralPredictionsEqualDifferences() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = NetworkSurface.precise(model.network(), model.theta());
        double[] signs = Draws.signs(SEED, 0, 0, surface.parameters());
        CurvatureProduct product = surface.products(causal(), List.of(signs)).getFirst();
        Outlook middle = surface.look(causal(), signs, 0);
        ForwardForms.Forms forms = ForwardForms.of(surface, causal(), middle, signs, 1e-4 * Math.sqrt(signs.length));
        assertThat(forms.hessian()).isCloseTo(product.hessianForm(), within(1e-4 * Math.abs(product.hessianForm())));
        assertThat(forms.fisher()).isCloseTo(product.fisherForm(), within(1e-4 * product.fisherForm()));
    }

    @Test
    void gradientsOfSampledLabelsHaveTheFishersTrace() {
        FolderModel model = model("gpt2-f64");
        NetworkSurface surface = NetworkSurface.precise(model.network(), model.theta());
        TokenSequences two =
                new TokenSequences(List.of(example(new int[] {2, 7, 3}, new int[] {0, 1}, new int[] {7, 3})));
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
        NetworkSurface whole = NetworkSurface.precise(model.network(), model.theta());
        NetworkSurface parts = whole.inPartsOf(40);
        double[] signs = Draws.signs(SEED, 0, 0, whole.parameters());
        CurvatureProduct expected = whole.products(causal(), List.of(signs)).getFirst();
        CurvatureProduct product = parts.products(causal(), List.of(signs)).getFirst();
        assertThat(product.hessianForm()).isCloseTo(expected.hessianForm(), within(1e-9));
        assertThat(product.fisherForm()).isCloseTo(expected.fisherForm(), within(1e-9));
        OutputProbe probe = Draws.outputSigns(SEED, 0, 0);
        assertThat(parts.joinedGradientNorm(causal(), probe))
                .isCloseTo(whole.joinedGradientNorm(causal(), probe), within(1e-9));
        assertThat(parts.look(causal(), signs, 0.01).losses())
                .containsExactly(whole.look(causal(), signs, 0.01).losses(), within(1e-12));
    }

    @Test
    void theGradientAndItsTensorsAddUp() {
        FolderModel model = model("gpt2");
        NetworkSurface surface = NetworkSurface.precise(model.network(), model.theta());
        double[] signs = Draws.signs(SEED, 0, 0, surface.parameters());
        double[] gradient = surface.gradient(causal());
        double along = 0;
        for (int i = 0; i < signs.length; i++) {
            along += signs[i] * gradient[i];
        }
        double step = 1e-6;
        double difference = 0;
        double[] up = surface.look(causal(), signs, step).losses();
        double[] down = surface.look(causal(), signs, -step).losses();
        for (int i = 0; i < up.length; i++) {
            difference += (up[i] - down[i]) / (2 * step) / up.length;
        }
        assertThat(along).isCloseTo(difference, within(1e-6));
        OutputProbe probe = Draws.outputSigns(SEED, 0, 0);
        double[] whole = surface.gradientNorms(causal(), probe);
        double[] sums = new double[whole.length];
        for (double[] block : surface.gradientNormsOfBlocks(causal(), probe)) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += block[i];
            }
        }
        assertThat(sums).containsExactly(whole, within(1e-9));
    }
}
