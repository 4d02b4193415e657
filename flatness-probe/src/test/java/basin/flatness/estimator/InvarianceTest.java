package basin.flatness.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import basin.flatness.measurement.ProgressListener;
import basin.network.EncoderShape;
import basin.network.FunctionPreservingExpansion;
import basin.network.Parameter;
import basin.network.TokenBatch;
import basin.record.LayerTraces;
import basin.record.Measured;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.ExpansionRecipe;
import basin.study.SampleSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests how every measure changes under reparameterisations that preserve the function. The
 * expected values are read from {@code infra/docs/measures.md}: every cell of its table is the
 * ratio of a measure after a move to before it.
 */
class InvarianceTest {
    private static final Path DOCUMENT = Path.of("../infra/docs/measures.md");
    private static final String BODY = "roberta_prelayernorm.";
    private static final String LAYER = BODY + "encoder.layer.0.";
    private static final EncoderShape SHAPE = TinyEncoder.SHAPE;
    private static final TokenBatch EVERYTHING = TinyEncoder.LANGUAGE.everything();
    private static final double RADIUS = 0.005;
    /** Number of copies of the residual stream after enlargement. */
    private static final int COPIES = 2;

    private static final Network BEFORE = new Network(SHAPE, TinyEncoder.doubles(TinyEncoder.theta()));
    private static final Map<String, Measured> MEASURED = measures(BEFORE);

    /** A network with access to its named tensors. */
    static final class Network {
        private final EncoderShape shape;
        private final double[] theta;

        Network(EncoderShape shape, double[] theta) {
            this.shape = shape;
            this.theta = theta;
        }

        Network copy() {
            return new Network(shape, theta.clone());
        }

        NetworkSurface surface() {
            return Vectors.surface(shape.network(), theta, DataType.FLOAT64);
        }

        Parameter named(String name) {
            return shape.parameters().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        /** Multiplies a tensor's entry at each row and column by a factor; a vector has one row. */
        void scale(String name, Factor factor) {
            Parameter tensor = named(name);
            int columns = columns(tensor);
            for (int i = 0; i < tensor.size(); i++) {
                theta[tensor.offset() + i] *= factor.at(i / columns, i % columns);
            }
        }

        static int columns(Parameter tensor) {
            return (int) tensor.shape()[tensor.shape().length - 1];
        }
    }

    /** A factor for each entry of a tensor. */
    @FunctionalInterface
    interface Factor {
        double at(int row, int column);
    }

    /** A change of weights that preserves the function. */
    enum Move {
        LAYER_NORM_SCALE {
            @Override
            Network of(Network before) {
                return layerNorm(before, channel -> 10);
            }
        },
        LAYER_NORM_SCALE_BY_CHANNEL {
            @Override
            Network of(Network before) {
                return layerNorm(before, channel -> channel % 2 == 0 ? 10 : 0.1);
            }
        },
        VALUE_AND_OUTPUT {
            @Override
            Network of(Network before) {
                Network after = before.copy();
                after.scale(LAYER + "attention.self.value.weight", (row, column) -> 10);
                after.scale(LAYER + "attention.self.value.bias", (row, column) -> 10);
                after.scale(LAYER + "attention.output.dense.weight", (row, column) -> 0.1);
                return after;
            }
        },
        NEURON_PERMUTATION {
            @Override
            Network of(Network before) {
                int units = before.shape.intermediate();
                Network after = before.copy();
                permute(before, after, LAYER + "intermediate.dense.weight", units, true);
                permute(before, after, LAYER + "intermediate.dense.bias", units, false);
                permute(before, after, LAYER + "output.dense.weight", units, false);
                return after;
            }
        },
        EXPANSION {
            @Override
            Network of(Network before) {
                return enlarged(before);
            }
        };

        abstract Network of(Network before);

        /** Returns the title in the document. */
        String title() {
            return switch (this) {
                case LAYER_NORM_SCALE -> "LayerNorm scale";
                case LAYER_NORM_SCALE_BY_CHANNEL -> "LayerNorm scale by channel";
                case VALUE_AND_OUTPUT -> "W_V, W_O";
                case NEURON_PERMUTATION -> "neurons permuted";
                case EXPANSION -> "enlarged twofold";
            };
        }
    }

    /** A factor for each channel. */
    @FunctionalInterface
    interface ChannelFactor {
        double of(int channel);
    }

    /**
     * Multiplies gain and bias of the attention's LayerNorm by a factor and divides the weights
     * that read it by the same factor.
     */
    private static Network layerNorm(Network before, ChannelFactor factor) {
        Network after = before.copy();
        for (String part : List.of("weight", "bias")) {
            after.scale(LAYER + "attention.LayerNorm." + part, (row, column) -> factor.of(column));
        }
        for (String reader : List.of("query", "key", "value")) {
            after.scale(LAYER + "attention.self." + reader + ".weight", (row, column) -> 1 / factor.of(column));
        }
        return after;
    }

    /** Moves every hidden unit by one position, cyclically. */
    private static void permute(Network before, Network after, String name, int units, boolean rows) {
        Parameter tensor = before.named(name);
        int columns = Network.columns(tensor);
        for (int i = 0; i < tensor.size(); i++) {
            int row = i / columns;
            int column = i % columns;
            int to = rows ? (row + 1) % units * columns + column : row * columns + (column + 1) % units;
            after.theta[tensor.offset() + to] = before.theta[tensor.offset() + i];
        }
    }

    private static Network enlarged(Network before) {
        EncoderShape old = before.shape;
        EncoderShape shape = new EncoderShape(
                old.vocabularySize(),
                old.maxLength(),
                COPIES * old.width(),
                old.layers(),
                COPIES * old.heads(),
                COPIES * old.intermediate());
        return new Network(
                shape, new FunctionPreservingExpansion(old, shape, ExpansionRecipe.TILED).apply(before.theta));
    }

    /** Returns every measure of the whole language; sampled measures have a standard error. */
    private static Map<String, Measured> measures(Network network) {
        NetworkSurface surface = network.surface();
        int parameters = surface.parameters();
        List<CurvatureProduct> products =
                Vectors.products(surface, EVERYTHING, Vectors.units(parameters).toArray(Direction[]::new));
        double[][] hessian = new double[parameters][parameters];
        double trace = 0;
        double fisher = 0;
        double adaptive = 0;
        double weighted = 0;
        for (int i = 0; i < parameters; i++) {
            for (int j = 0; j < parameters; j++) {
                hessian[i][j] = (products.get(i).hessianProduct().get(j)
                                + products.get(j).hessianProduct().get(i))
                        / 2;
            }
            trace += hessian[i][i];
            fisher += products.get(i).fisherForm();
            adaptive += network.theta[i] * network.theta[i] * hessian[i][i];
        }
        for (Parameter tensor : surface.tensors()) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                weighted += Vectors.squaredNorm(network.theta, tensor) * hessian[i][i];
            }
        }
        double top =
                new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(hessian), 1e-14, true).getEigenvalue(0);
        Map<String, Measured> measures = new LinkedHashMap<>();
        measures.put("tr H", Measured.exact(trace));
        measures.put("tr F", Measured.exact(fisher));
        measures.put("tr H / p", Measured.exact(trace / parameters));
        measures.put("adaptive trace", Measured.exact(adaptive));
        measures.put("weighted trace", Measured.exact(weighted));
        measures.put("largest eigenvalue", Measured.exact(top));
        measures.put("average sharpness", sharpness(surface, "sharpness.average"));
        measures.put("adaptive sharpness", sharpness(surface, "sharpness.adaptive"));
        // Has no standard error, because every batch is the whole language.
        measures.put("SAM sharpness", sharpness(surface, "sharpness.sam"));
        return measures;
    }

    private static Measured sharpness(NetworkSurface surface, String name) {
        int pairs = name.endsWith("sam") ? 40 : 400;
        return Estimators.of(new EstimatorSpec(Estimator.of(name), pairs, 192, 61, Optional.of(RADIUS)))
                .measure(surface, pair -> EVERYTHING, new MeasurementSettings(pairs, 61, 0.95))
                .getFirst()
                .value();
    }

    /**
     * Returns one move that changes every kind of measure; the full run returns all, which takes
     * longer.
     */
    static List<Move> moves() {
        return Stream.of(Move.values())
                .filter(move -> SampleSize.isWhole() || move == Move.LAYER_NORM_SCALE_BY_CHANNEL)
                .toList();
    }

    @Tag("sampled")
    @ParameterizedTest
    @MethodSource("moves")
    void theFunctionStaysAndTheMeasuresDoWhatTheDocumentSays(Move move) throws IOException {
        Network after = move.of(BEFORE);
        assertThat(after.theta).isNotEqualTo(BEFORE.theta);
        double[] losses = losses(after);
        double[] losesBefore = losses(BEFORE);
        for (int example = 0; example < losses.length; example++) {
            assertThat(losses[example]).isCloseTo(losesBefore[example], within(1e-10));
        }
        Map<String, Measured> measures = measures(after);
        Map<String, String> cells = cells(move.title());
        assertThat(cells.keySet()).isEqualTo(MEASURED.keySet());
        Map<String, String> found = new LinkedHashMap<>();
        measures.forEach((name, value) -> found.put(
                name,
                String.format(Locale.ROOT, "%.3g", value.value() / before(name).value())));
        measures.forEach((name, value) -> {
            double ratio = value.value() / before(name).value();
            double error = Math.abs(ratio) * Math.hypot(relativeError(value), relativeError(before(name)));
            String said = Objects.requireNonNull(cells.get(name));
            if (said.equals("1")) {
                // Exact measures must agree to all digits; sampled ones differ, because permuted
                // weights have other draws.
                assertThat(ratio).as("%s in %s", name, found).isCloseTo(1, within(1e-6 + 4 * error));
            } else {
                assertThat(ratio)
                        .as("%s in %s", name, found)
                        .isCloseTo(Double.parseDouble(said), within(0.01 * Math.abs(ratio)));
                assertThat(Math.abs(ratio - 1)).as("%s changes", name).isGreaterThan(0.02 + 3 * error);
            }
        });
    }

    private static double relativeError(Measured value) {
        return value.standardError() / Math.abs(value.value());
    }

    private static Measured before(String name) {
        return Objects.requireNonNull(MEASURED.get(name));
    }

    private static double[] losses(Network network) {
        return network.surface().losses(EVERYTHING);
    }

    /** Returns a move's column in the table: ratios by measure. */
    private static Map<String, String> cells(String title) throws IOException {
        List<List<String>> rows = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .map(String::strip)
                        .filter(cell -> !cell.isEmpty())
                        .toList())
                .toList();
        int head = 0;
        while (!rows.get(head).contains(title)) {
            head++;
        }
        int column = rows.get(head).indexOf(title);
        Map<String, String> cells = new LinkedHashMap<>();
        for (List<String> row : rows.subList(head + 2, head + 2 + MEASURED.size())) {
            cells.put(row.getFirst(), row.get(column));
        }
        return cells;
    }

    @ParameterizedTest
    @EnumSource(names = {"LAYER_NORM_SCALE", "VALUE_AND_OUTPUT"})
    void theWeightedTraceStaysTensorByTensorWhereOneFactorGoesThroughATensor(Move move) {
        List<LayerTraces> before = layers(BEFORE);
        List<LayerTraces> after = layers(move.of(BEFORE));
        for (int layer = 0; layer < before.size(); layer++) {
            double share = before.get(layer).squaredNorm()
                    * before.get(layer).hessian().value();
            assertThat(after.get(layer).squaredNorm()
                            * after.get(layer).hessian().value())
                    .as(before.get(layer).name())
                    .isCloseTo(
                            share,
                            within(4
                                            * before.get(layer).squaredNorm()
                                            * before.get(layer).hessian().standardError()
                                    + 4
                                            * after.get(layer).squaredNorm()
                                            * after.get(layer).hessian().standardError()
                                    + 1e-9));
        }
    }

    private static List<LayerTraces> layers(Network network) {
        return Estimators.of(Estimator.of("layers.exact"))
                .find(
                        network.surface(),
                        pair -> EVERYTHING,
                        new MeasurementSettings(40, 62, 0.95),
                        ProgressListener.NONE)
                .layers()
                .orElseThrow();
    }
}
