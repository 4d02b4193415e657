package basin.flatness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import basin.events.Interval;
import basin.events.Measured;
import basin.events.Quantity;
import basin.events.spec.EstimatorSpec;
import basin.events.spec.Objective;
import basin.events.spec.Refusal;
import basin.flatness.estimator.Batch;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.LossSurface;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.Measurement;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.MeteredSurface;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.SentenceBatches;
import basin.flatness.estimator.TextBatches;
import basin.flatness.estimator.TokenSequences;
import basin.flatness.estimator.Watch;
import basin.lm.engine.Torch;
import basin.lm.language.GrammarFile;
import basin.lm.language.Pcfg;
import basin.lm.model.Decoder;
import basin.lm.model.EncoderFolder;
import basin.lm.model.FolderModel;
import basin.lm.model.Network;
import basin.lm.model.TextFile;
import basin.lm.model.TextTokenizer;
import basin.lm.network.Encoder;
import basin.lm.network.EncoderShape;
import basin.lm.network.TokenBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Flatness of a model in a folder, by the probe's own estimators, without any record. The thread that calls is a platform thread; one
 * at a time.
 */
public final class FolderProbe {
    private static final double CONFIDENCE = 0.95;

    private final FolderModel model;
    private final Subject subject;
    private final Optional<Function<EstimatorSpec, BatchSource<TokenSequences>>> text;
    private final boolean precise;

    private FolderProbe(
            FolderModel model,
            Subject subject,
            Optional<Function<EstimatorSpec, BatchSource<TokenSequences>>> text,
            boolean precise) {
        this.model = model;
        this.subject = subject;
        this.text = text;
        this.precise = precise;
    }

    /** A model with what it is measured on. */
    private interface Subject {
        String told();

        Taken measure(FlatnessEstimator estimator, EstimatorSpec asked, Watch watch);

        List<Scored> scores(EstimatorSpec asked);
    }

    /**
     * What is known so far.
     *
     * @param quantity the one that is known least well
     * @param interval that holds at all looks together, however often one looks
     */
    public record Known(Quantity quantity, Measured value, Interval interval) {}

    /**
     * How far a measurement has come.
     *
     * @param pairs measured
     * @param planned pairs in all, as far as is known
     * @param knowing computes what is known so far: only for whoever wants to see it
     */
    public record Look(int pairs, int planned, Supplier<Known> knowing) {}

    /** Is told how a measurement goes, after each pair once there are as many as an interval needs, and may end it. */
    @FunctionalInterface
    public interface Progress {
        /** Whether to go on; not to depend on the values if the intervals are to hold. */
        boolean at(Look look);
    }

    /** Measurements, and what they took in ordinary gradients of one example. */
    private record Taken(List<Measurement> measurements, double gradients) {}

    /**
     * All that was measured.
     *
     * @param readings one a quantity
     * @param seconds that it took
     * @param gradients what it took, in ordinary gradients of one example
     */
    public record Result(List<Reading> readings, double seconds, double gradients) {
        public Result {
            readings = List.copyOf(readings);
        }
    }

    /**
     * One measured quantity.
     *
     * @param value with its standard error over pairs, in {@code unit}
     * @param interval over pairs, allowing for their skew
     * @param pairs fresh batches, each with its own probes
     * @param probes fresh probes a batch
     * @param effectiveRank tr(A)²/‖A‖²_F where the estimator gives it
     * @param parameters parameters included
     */
    public record Reading(
            Quantity quantity,
            Measured value,
            Interval interval,
            int pairs,
            int probes,
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
     * @throws Refusal in one sentence, where the folder holds no such model
     */
    public static FolderProbe onOwnLanguage(Path folder, boolean precise) {
        FolderModel model = FolderModel.open(folder);
        Path file = folder.resolve(EncoderFolder.LANGUAGE);
        if (!Files.exists(file)) {
            throw new Refusal(folder + " holds no " + EncoderFolder.LANGUAGE
                    + ": name a folder that infra/basin export wrote, or give a text with --text.");
        }
        Pcfg language = GrammarFile.read(file);
        Optional<Decoder> decoder = model.asDecoder(language.words())
                .filter(shape -> shape.longest() >= language.longest())
                .map(Decoder::new);
        if (decoder.isPresent()) {
            return new FolderProbe(
                    model,
                    new NetworkSubject(
                            model,
                            precise,
                            "its own language, all next words of a sentence, with exact distributions",
                            asked -> new SentenceBatches(
                                    language, Objective.CAUSAL, decoder.get(), asked.batch(), asked.seed())),
                    Optional.empty(),
                    precise);
        }
        FolderModel.OwnEncoder own = model.asEncoder()
                .filter(one ->
                        one.shape().words() == language.words() && one.shape().longest() >= language.longest())
                .orElseThrow(() -> new Refusal("The model in " + folder
                        + " does not read the language of "
                        + file + ", " + language.words() + " words in sentences of at most " + language.longest()
                        + ": give a text with --text."));
        return new FolderProbe(
                model,
                new OwnEncoderSubject(
                        own,
                        precise,
                        "its own language, with exact conditionals",
                        asked -> new LanguageBatches(language, asked.batch(), asked.seed())),
                Optional.empty(),
                precise);
    }

    /**
     * Any folder, measured on the lines of a text: one masked token a line, or of a causal model all next tokens; the tokens seen are the
     * targets.
     *
     * @param longest tokens that a line is cut to, where they are to be fewer than the network reads
     * @param field what whoever gave {@code longest} calls it, for messages
     * @param precise in float64 instead of float32
     * @throws Refusal in one sentence, where the folder holds no such model, or the text cannot be read with it
     */
    public static FolderProbe onText(Path folder, Path text, OptionalInt longest, String field, boolean precise) {
        FolderModel model = FolderModel.open(folder);
        Network network = model.network();
        int cut = longest.orElse(network.longest());
        if (cut < 2 || cut > network.longest()) {
            throw new Refusal(field + " is " + cut + ": give a number of tokens from 2 to " + network.longest()
                    + ", which this network reads at most.");
        }
        TextFile lines;
        int mask = -1;
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, cut)) {
            if (!network.causal()) {
                mask = tokenizer.mask();
            }
            lines = TextFile.read(text, tokenizer, network.causal());
        }
        int hidden = mask;
        Function<EstimatorSpec, BatchSource<TokenSequences>> batches = asked -> network.causal()
                ? TextBatches.causal(lines, asked.batch(), asked.seed())
                : TextBatches.masked(lines, hidden, asked.batch(), asked.seed());
        String told = String.format(
                Locale.ROOT,
                "%,d lines of %s, %,d tokens, %s%s",
                lines.lines().size(),
                text,
                lines.tokens(),
                network.causal() ? "all next tokens of a line" : "one masked token a line",
                lines.leftOut() == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d lines left out as too short", lines.leftOut()));
        Optional<FolderModel.OwnEncoder> own = model.asEncoder().filter(one -> asOwnRead(lines, hidden));
        return new FolderProbe(
                model,
                own.isPresent()
                        ? new OwnEncoderSubject(own.get(), precise, told, asked -> {
                            BatchSource<TokenSequences> drawn = batches.apply(asked);
                            int words = own.get().shape().words();
                            return pair -> masked(drawn.batch(pair), words);
                        })
                        : new NetworkSubject(model, precise, told, batches),
                Optional.of(batches),
                precise);
    }

    /** Whether every line is the start token and words, as our own encoders read them. */
    private static boolean asOwnRead(TextFile lines, int mask) {
        return mask == EncoderShape.MASK
                && lines.lines().stream()
                        .allMatch(line -> line.ids()[0] == EncoderShape.START
                                && line.ids().length > 1
                                && Arrays.stream(line.ids()).skip(1).allMatch(id -> id >= EncoderShape.FIRST_WORD));
    }

    private static MaskedBatch masked(TokenSequences drawn, int words) {
        int[][] sentences = new int[drawn.size()][];
        int[] positions = new int[drawn.size()];
        double[][] targets = new double[drawn.size()][words];
        for (int i = 0; i < positions.length; i++) {
            TokenSequences.Example one = drawn.example(i);
            positions[i] = one.places()[0] - 1;
            int label = one.firsts()[0] - EncoderShape.FIRST_WORD;
            int[] tokens = one.tokens();
            sentences[i] = new int[tokens.length - 1];
            for (int at = 0; at < sentences[i].length; at++) {
                sentences[i][at] = at == positions[i] ? label : tokens[at + 1] - EncoderShape.FIRST_WORD;
            }
            targets[i][label] = 1;
        }
        return new MaskedBatch(sentences, positions, targets);
    }

    /** On what the model is measured, in words. */
    public String source() {
        return subject.told();
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
        return asked.estimator().version();
    }

    /**
     * Measures on the calling thread's {@linkplain basin.lm.engine.Devices#use device}.
     *
     * @param progress is told how it goes, and may end it
     * @throws Refusal where a value is no finite number
     */
    public Result measure(EstimatorSpec asked, Progress progress) {
        long start = System.nanoTime();
        Watch watch = look -> progress.at(new Look(look.pairs(), look.planned(), () -> {
            Watch.Known known = look.known();
            return new Known(known.quantity(), known.value(), known.interval());
        }));
        Taken taken = subject.measure(Estimators.of(asked), asked, watch);
        return new Result(
                taken.measurements().stream()
                        .map(one -> new Reading(
                                one.quantity(),
                                one.value(),
                                one.interval(),
                                one.pairs(),
                                one.probes(),
                                one.effectiveRank(),
                                one.parameters(),
                                one.unit()))
                        .toList(),
                (System.nanoTime() - start) / 1e9,
                taken.gradients());
    }

    /**
     * The loss on the text, on the calling thread's device.
     *
     * @param asked batches, lines a batch and seed
     * @return mean over lines of the mean over a line's predicted tokens, nats, and its standard error over lines
     * @throws Refusal where it is no finite number
     * @throws IllegalStateException where the model is measured on its own language
     */
    public Measured loss(EstimatorSpec asked) {
        Function<EstimatorSpec, BatchSource<TokenSequences>> batches =
                text.orElseThrow(() -> new IllegalStateException("A text's loss is asked for without a text."));
        return TextLoss.of(model, batches.apply(asked), asked.pairs(), precise);
    }

    /** The Euclidean norm of all parameters. */
    public double weightNorm() {
        double squares = 0;
        for (double weight : model.theta()) {
            squares += weight * weight;
        }
        return Math.sqrt(squares);
    }

    /** What the network says of the examples of the first batch, in the arithmetic that it is measured in. */
    public List<Scored> scores(EstimatorSpec asked) {
        return subject.scores(asked);
    }

    private static <B extends Batch<B>> Taken measure(
            FlatnessEstimator estimator,
            LossSurface<B> surface,
            BatchSource<B> batches,
            EstimatorSpec asked,
            Watch watch) {
        MeteredSurface<B> metered = new MeteredSurface<>(surface);
        List<Measurement> measured =
                estimator.measure(metered, batches, MeasurementSettings.of(asked, CONFIDENCE), watch);
        return new Taken(measured, metered.spent());
    }

    private static NDArray array(NDManager scope, double[] theta, boolean precise) {
        return Torch.array(scope, theta, precise ? DataType.FLOAT64 : DataType.FLOAT32, theta.length);
    }

    private static List<Double> row(double[] flat, int number, int vocabulary) {
        return Arrays.stream(flat, number * vocabulary, (number + 1) * vocabulary)
                .boxed()
                .toList();
    }

    /** One of our own encoders, whose gradients of examples come from one backward pass. */
    private record OwnEncoderSubject(
            FolderModel.OwnEncoder own,
            boolean precise,
            String told,
            Function<EstimatorSpec, BatchSource<MaskedBatch>> batches)
            implements Subject {

        @Override
        public Taken measure(FlatnessEstimator estimator, EstimatorSpec asked, Watch watch) {
            Encoder encoder = new Encoder(own.shape());
            EncoderSurface surface = precise
                    ? EncoderSurface.precise(encoder, own.theta())
                    : EncoderSurface.single(encoder, own.theta());
            return FolderProbe.measure(estimator, surface, batches.apply(asked), asked, watch);
        }

        @Override
        public List<Scored> scores(EstimatorSpec asked) {
            MaskedBatch batch = batches.apply(asked).batch(0);
            int[][] sentences = new int[batch.size()][];
            int[] positions = new int[batch.size()];
            for (int i = 0; i < positions.length; i++) {
                sentences[i] = batch.sentence(i);
                positions[i] = batch.position(i);
            }
            double[] flat = Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    return Torch.doubles(new Encoder(own.shape())
                            .maskedLogits(
                                    FolderProbe.array(scope, own.theta(), precise),
                                    TokenBatch.masked(sentences, positions)));
                }
            });
            List<Scored> scored = new ArrayList<>();
            for (int i = 0; i < positions.length; i++) {
                List<Integer> tokens = new ArrayList<>(List.of(EncoderShape.START));
                for (int t = 0; t < sentences[i].length; t++) {
                    tokens.add(t == positions[i] ? EncoderShape.MASK : EncoderShape.FIRST_WORD + sentences[i][t]);
                }
                scored.add(new Scored(
                        tokens,
                        List.of(positions[i] + 1),
                        List.of(row(flat, i, own.shape().vocabulary()))));
            }
            return scored;
        }
    }

    /** Any other network. */
    private record NetworkSubject(
            FolderModel model,
            boolean precise,
            String told,
            Function<EstimatorSpec, BatchSource<TokenSequences>> batches)
            implements Subject {

        @Override
        public Taken measure(FlatnessEstimator estimator, EstimatorSpec asked, Watch watch) {
            NetworkSurface surface = precise
                    ? NetworkSurface.precise(model.network(), model.theta())
                    : NetworkSurface.single(model.network(), model.theta());
            return FolderProbe.measure(estimator, surface, batches.apply(asked), asked, watch);
        }

        @Override
        public List<Scored> scores(EstimatorSpec asked) {
            TokenSequences batch = batches.apply(asked).batch(0);
            double[] flat = Torch.unrecorded(() -> {
                try (NDManager scope = Torch.scope()) {
                    return Torch.doubles(
                            model.network().logits(FolderProbe.array(scope, model.theta(), precise), batch.placed(0)));
                }
            });
            List<Scored> scored = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < batch.size(); i++) {
                TokenSequences.Example one = batch.example(i);
                List<List<Double>> logits = new ArrayList<>();
                for (int place = 0; place < one.places().length; place++) {
                    logits.add(row(flat, at++, model.network().vocabulary()));
                }
                scored.add(new Scored(
                        Arrays.stream(one.tokens()).boxed().toList(),
                        Arrays.stream(one.places()).boxed().toList(),
                        logits));
            }
            return scored;
        }
    }
}
