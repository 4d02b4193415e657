package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.Measurement;
import basin.network.TokenBatch;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import basin.study.Quantity;
import basin.study.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Traces of published layouts lie within four standard errors of all second derivatives. The
 * population is five lines; the reference uses forward passes alone, two for each parameter.
 */
class LayoutTracesTest {
    private static final Path FOLDERS = Path.of("../infra/network/src/test/resources/basin/network/folder");
    private static final int MOST_PARAMETERS = 2_000;
    private static final int[][] LINES = {{0, 5, 3, 9, 6}, {2, 7, 7}, {4, 10, 8, 8}, {5, 2, 6, 4, 9}, {0, 9, 5}};

    private static final int PAIRS = 100;
    private static final int BATCH = 8;

    /** Returns all lines: each next token predicted, or one token that is masked. */
    private static TokenBatch lines(boolean causal) {
        IntStream.Builder sequences = IntStream.builder();
        IntStream.Builder places = IntStream.builder();
        IntStream.Builder labels = IntStream.builder();
        int[][] rows = new int[LINES.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = LINES[i].clone();
            int masked = 1 + i % 2;
            for (int at = causal ? 1 : masked; at < (causal ? rows[i].length : masked + 1); at++) {
                sequences.add(i);
                places.add(causal ? at - 1 : at);
                labels.add(rows[i][at]);
            }
            if (!causal) {
                rows[i][masked] = 3;
            }
        }
        return TokenBatch.of(
                rows,
                sequences.build().toArray(),
                places.build().toArray(),
                labels.build().toArray());
    }

    static List<String> all() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDERS)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name ->
                            FolderModel.open(FOLDERS.resolve(name)).network().parameterCount() <= MOST_PARAMETERS)
                    .sorted()
                    .toList();
        }
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("all")
    void ofAllFoldersLieWithinFourStandardErrorsOfTheTruth(String name) {
        liesWithinFourStandardErrors(name);
    }

    @Test
    void ofOneFolderLieWithinFourStandardErrorsOfTheTruth() {
        liesWithinFourStandardErrors("olmo2");
    }

    private static void liesWithinFourStandardErrors(String name) {
        FolderModel model = FolderModel.open(FOLDERS.resolve(name));
        NetworkSurface surface = Vectors.surface(model.network(), model.theta(), DataType.FLOAT64);
        TokenBatch lines = lines(model.network().causal());
        Map<Quantity, Double> truth = truth(surface, lines);
        BatchSource batches = pair -> {
            RandomGenerator random = Seeds.generator(19, "lines", pair);
            return lines.only(random.ints(BATCH, 0, LINES.length).toArray());
        };
        for (String estimator : List.of("paired", "fisher.output", "hessian.split", "hessian.forward")) {
            for (Measurement measured : Estimators.of(Estimator.of(estimator))
                    .measure(surface, batches, new MeasurementSettings(PAIRS, 11, EstimatorKit.CONFIDENCE))) {
                double expected = Objects.requireNonNull(truth.get(measured.quantity()));
                double scale = Objects.requireNonNull(truth.get(Quantity.FISHER_TRACE));
                // False-alarm rate: 6e-5 per quantity.
                assertThat(measured.value().value())
                        .as("%s of %s by %s, s.e. %s", measured.quantity(), name, estimator, measured.value())
                        .isCloseTo(expected, within(4 * measured.value().standardError() + 1e-4 * scale));
                if (measured.quantity() == Quantity.FISHER_TRACE) {
                    // Bounds of other quantities would not hold where queries are clipped, a kink.
                    assertThat(measured.value().standardError()).isLessThan(0.3 * scale);
                }
            }
        }
    }

    private static Map<Quantity, Double> truth(NetworkSurface surface, TokenBatch lines) {
        double[] theta = Vectors.array(surface.theta());
        double hessian = 0;
        double adaptive = 0;
        double fisher = 0;
        Midpoint middle = surface.midpoint(lines);
        for (int i = 0; i < theta.length; i++) {
            double[][] forms = ForwardForms.ofExamples(middle, lines.size(), Vectors.unit(theta.length, i), 1e-4);
            for (int line = 0; line < LINES.length; line++) {
                hessian += forms[0][line] / LINES.length;
                adaptive += theta[i] * theta[i] * forms[0][line] / LINES.length;
                fisher += forms[1][line] / LINES.length;
            }
        }
        Map<Quantity, Double> truth = new EnumMap<>(Quantity.class);
        truth.put(Quantity.HESSIAN_TRACE, hessian);
        truth.put(Quantity.ADAPTIVE_TRACE, adaptive);
        truth.put(Quantity.FISHER_TRACE, fisher);
        truth.put(Quantity.HESSIAN_FISHER_GAP, hessian - fisher);
        return truth;
    }
}
