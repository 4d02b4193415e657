package basin.flatness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.events.Interval;
import basin.events.Measured;
import basin.events.Quantity;
import basin.events.spec.EstimatorSpec;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.Measurement;
import basin.flatness.estimator.MeasurementSettings;
import basin.lm.engine.Torch;
import basin.lm.language.GrammarFile;
import basin.lm.language.Pcfg;
import basin.lm.model.EncoderFolder;
import basin.lm.model.FolderModel;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Flatness of a model in a folder, by the probe's own estimators, without any record. The thread that calls is a platform thread; one
 * at a time.
 */
public final class FolderProbe {
    private static final double CONFIDENCE = 0.95;

    private final FolderModel model;
    private final FolderModel.OwnEncoder own;
    private final Pcfg language;
    private final boolean precise;

    private FolderProbe(FolderModel model, FolderModel.OwnEncoder own, Pcfg language, boolean precise) {
        this.model = model;
        this.own = own;
        this.language = language;
        this.precise = precise;
    }

    /** Is told how many pairs are done, of how many. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many. */
        void at(int done, int all);
    }

    /**
     * One measured quantity.
     *
     * @param value with its standard error over pairs, in {@code unit}
     * @param interval over pairs, allowing for their skew
     * @param pairs independent pairs of fresh batch and fresh probe
     * @param effectiveRank tr(A)²/‖A‖²_F where the estimator gives it
     * @param parameters parameters included
     */
    public record Reading(
            Quantity quantity,
            Measured value,
            Interval interval,
            int pairs,
            Optional<Double> effectiveRank,
            long parameters,
            String unit) {}

    /**
     * What the network says of one sequence.
     *
     * @param tokens as the network reads them
     * @param places positions of the tokens whose scores are given, from 0
     * @param logits one row a place, one score a token of the vocabulary
     */
    public record Scored(List<Integer> tokens, List<Integer> places, List<List<Double>> logits) {
        public Scored {
            tokens = List.copyOf(tokens);
            places = List.copyOf(places);
            logits = List.copyOf(logits);
        }
    }

    /**
     * A folder that {@code infra/basin export} wrote, measured on the language beside it, with its exact conditionals as targets.
     *
     * @param precise in float64 instead of float32
     * @throws IllegalArgumentException in one sentence, where the folder holds no such model
     */
    public static FolderProbe onOwnLanguage(Path folder, boolean precise) {
        FolderModel model = FolderModel.open(folder);
        Path file = folder.resolve(EncoderFolder.LANGUAGE);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(folder + " holds no " + EncoderFolder.LANGUAGE
                    + ": name a folder that infra/basin export wrote, or give a text with --text.");
        }
        Pcfg language;
        try {
            language = GrammarFile.parse(Files.readString(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " cannot be read: check that it is a text file that you may read.", unreadable);
        }
        FolderModel.OwnEncoder own = model.asEncoder()
                .filter(one ->
                        one.shape().words() == language.words() && one.shape().longest() >= language.longest())
                .orElseThrow(() -> new IllegalArgumentException("The model in " + folder
                        + " does not read the language of "
                        + file + ", " + language.words() + " words in sentences of at most " + language.longest()
                        + ": give a text with --text."));
        return new FolderProbe(model, own, language, precise);
    }

    /** The architecture, as {@code config.json} calls it. */
    public String type() {
        return model.network().type();
    }

    /** How the files store the weights, such as {@code F32}. */
    public String storedAs() {
        return model.storedAs();
    }

    /** All numbers of the network, tied ones once. */
    public int parameters() {
        return model.network().parameterCount();
    }

    /** Tensors of the files that the network does not use. */
    public List<String> unused() {
        return model.unused();
    }

    /** The version of an estimator. */
    public static int version(EstimatorSpec asked) {
        return Estimators.named(asked.estimator()).version();
    }

    /**
     * Measures.
     *
     * @throws ArithmeticException where a value is no finite number
     */
    public List<Reading> measure(EstimatorSpec asked, Progress progress) {
        FlatnessEstimator estimator = Estimators.named(asked.estimator());
        Encoder encoder = new Encoder(own.shape());
        EncoderSurface surface =
                precise ? EncoderSurface.precise(encoder, own.theta()) : EncoderSurface.single(encoder, singles());
        LanguageBatches fresh = new LanguageBatches(language, asked.batch(), asked.seed());
        BatchSource<MaskedBatch> batches = pair -> {
            progress.at(pair, asked.pairs());
            return fresh.batch(pair);
        };
        List<Measurement> measured =
                estimator.measure(surface, batches, new MeasurementSettings(asked.pairs(), asked.seed(), CONFIDENCE));
        progress.at(asked.pairs(), asked.pairs());
        return measured.stream()
                .map(one -> new Reading(
                        one.quantity(),
                        one.value(),
                        one.interval(),
                        one.pairs(),
                        one.effectiveRank(),
                        one.parameters(),
                        one.unit()))
                .toList();
    }

    private float[] singles() {
        double[] theta = own.theta();
        float[] singles = new float[theta.length];
        for (int i = 0; i < singles.length; i++) {
            singles[i] = (float) theta[i];
        }
        return singles;
    }

    /** What the network says of the examples of the first batch. */
    public List<Scored> scores(EstimatorSpec asked) {
        MaskedBatch batch = new LanguageBatches(language, asked.batch(), asked.seed()).batch(0);
        int[][] sentences = new int[batch.size()][];
        int[] positions = new int[batch.size()];
        for (int i = 0; i < positions.length; i++) {
            sentences[i] = batch.sentence(i);
            positions[i] = batch.position(i);
        }
        double[] flat = Torch.unrecorded(() -> {
            try (NDManager scope = Torch.scope()) {
                NDArray theta = precise ? scope.create(own.theta()) : scope.create(singles());
                return new Encoder(own.shape())
                        .maskedLogits(theta, TokenBatch.masked(sentences, positions))
                        .toType(DataType.FLOAT64, false)
                        .toDoubleArray();
            }
        });
        int vocabulary = own.shape().vocabulary();
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            List<Integer> tokens = new ArrayList<>(List.of(EncoderShape.START));
            for (int t = 0; t < sentences[i].length; t++) {
                tokens.add(t == positions[i] ? EncoderShape.MASK : EncoderShape.FIRST_WORD + sentences[i][t]);
            }
            scored.add(new Scored(
                    tokens,
                    List.of(positions[i] + 1),
                    List.of(Arrays.stream(flat, i * vocabulary, (i + 1) * vocabulary)
                            .boxed()
                            .toList())));
        }
        return scored;
    }
}
