package basin.flatness.estimator;

import ai.djl.ndarray.types.DataType;
import basin.language.study.Networks;
import basin.network.LanguageModel;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.Weights;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.study.EstimatorSpec;
import basin.study.Quantity;
import basin.study.RunSpec;
import basin.study.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Values of estimators on two small batches, fewer than an interval needs, for the golden matrix.
 */
public final class GoldenPairs {
    private static final int PAIRS = 2;
    private static final int BATCH = 4;
    private static final double CONFIDENCE = 0.95;
    /** Number of Lanczos steps, few enough that rounding errors have not grown. */
    private static final int STEPS = 4;

    private static final double RESIDUAL = 1e-3;

    private GoldenPairs() {}

    /**
     * Returns the values of every batch for a checkpoint, by quantity.
     *
     * @param weights in the safetensors format
     */
    public static Map<Quantity, double[]> of(EstimatorSpec requested, RunSpec run, byte[] weights) {
        LanguageModel model = Networks.model(run);
        float[] theta = Weights.decode(model.shape(), weights);
        return values(
                requested,
                NetworkSurface.of(model.network(), ParameterSource.of(theta), DataType.FLOAT32, Workers.alone()),
                new LanguageBatches(Networks.language(run), model, BATCH, requested.seed()));
    }

    /** Returns the values of every batch of lines of a text, for a model in a folder. */
    public static Map<Quantity, double[]> of(EstimatorSpec requested, Path folder, Path text, int maxLength)
            throws IOException {
        FolderModel model = FolderModel.open(folder);
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, maxLength)) {
            TextFile lines = TextFile.read(
                    text,
                    tokenizer,
                    model.network().objective(),
                    model.network().vocabulary());
            return values(
                    requested,
                    NetworkSurface.of(model.network(), model.weights(), DataType.FLOAT64, Workers.alone()),
                    pair -> lines.batch(Seeds.generator(requested.seed(), "flatness.text", pair), BATCH));
        }
    }

    private static Map<Quantity, double[]> values(EstimatorSpec requested, LossSurface surface, BatchSource batches) {
        Map<Quantity, double[]> named = new LinkedHashMap<>();
        if (!(Estimators.of(requested) instanceof PairwiseEstimator estimator)) {
            TokenBatch batch = batches.batch(0);
            Lanczos few = Lanczos.run(
                    (vector, memory) -> surface.products(batch, List.of(vector), memory)
                            .getFirst()
                            .hessianProduct(),
                    ProbeSampler.signs(requested.seed(), 0, 0, surface.parameters()),
                    new Lanczos.Goal(STEPS, STEPS, 1, RESIDUAL));
            named.put(Quantity.TOP_EIGENVALUE, few.points());
            return named;
        }
        double[][] values = estimator.valuesOfPairs(
                surface,
                batches,
                new MeasurementSettings(
                        PAIRS, requested.probes().orElse(1), Optional.empty(), requested.seed(), CONFIDENCE));
        for (int i = 0; i < values.length; i++) {
            named.put(estimator.quantities().get(i), values[i]);
        }
        return named;
    }
}
