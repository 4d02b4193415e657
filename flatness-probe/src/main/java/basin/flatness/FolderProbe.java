package basin.flatness;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MemoryNeed;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.measurement.Measurement;
import basin.flatness.measurement.ProgressListener;
import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Devices;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.record.Measured;
import basin.study.EstimatorSpec;
import basin.study.Program;
import basin.study.Refusal;
import basin.study.Seeds;
import basin.study.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The flatness of a model in a folder, measured by the probe's own estimators without reading or
 * writing the record. The weights stay on the device until it is closed. Call from platform
 * threads; not thread-safe.
 */
public final class FolderProbe implements AutoCloseable {
    private final FolderModel model;
    private final Settings settings;
    private final SurfaceProbe probe;
    private final String source;
    private final List<String> notes;
    private final Path data;
    private final Function<EstimatorSpec, BatchSource> batches;

    private FolderProbe(
            FolderModel model,
            Settings settings,
            String source,
            Path data,
            List<String> notes,
            Function<EstimatorSpec, BatchSource> batches) {
        this.model = model;
        this.settings = settings;
        this.probe =
                new SurfaceProbe(model.network(), model.weights(), settings.dtype(), Workers.of(settings.threads()));
        this.source = source;
        this.data = data;
        this.notes = new ArrayList<>(model.notes());
        this.notes.addAll(notes);
        if (!model.wrappers().isEmpty()) {
            this.notes.add("Taken off the names of tensors, as PyTorch's wrappers add it: "
                    + String.join(
                            ", ",
                            model.wrappers().stream()
                                    .map(one -> "'" + one + "'")
                                    .toList()) + ".");
        }
        this.batches = batches;
    }

    /**
     * The arithmetic of a measurement.
     *
     * @param precise whether to use float64 instead of float32
     * @param threads number of threads, 1 or more; results do not depend on it
     */
    public record Settings(boolean precise, int threads) {
        DataType dtype() {
            return precise ? DataType.FLOAT64 : DataType.FLOAT32;
        }
    }

    /**
     * The result of a measurement.
     *
     * @param readings one measurement per quantity
     * @param values for each measurement its values, one per batch, whose mean it is
     * @param drawn SHA-256 of the tokens and predicted places of each batch
     * @param sample what was drawn
     * @param seconds wall-clock duration
     * @param gradients cost in ordinary gradients of one example
     */
    public record Result(
            List<Measurement> readings,
            List<List<Double>> values,
            List<String> drawn,
            Sample sample,
            double seconds,
            double gradients) {
        public Result {
            readings = List.copyOf(readings);
            values = values.stream().map(List::copyOf).toList();
            drawn = List.copyOf(drawn);
        }
    }

    /**
     * The loss of a model.
     *
     * @param value mean over examples of each example's mean loss over its predictions, in nats,
     *     with its standard error over examples
     * @param values mean loss of each batch's examples, in nats
     * @param drawn SHA-256 of the tokens and predicted places of each batch
     */
    public record Loss(Measured value, List<Double> values, List<String> drawn) {
        public Loss {
            values = List.copyOf(values);
            drawn = List.copyOf(drawn);
        }
    }

    /**
     * The sample that was drawn for a measurement.
     *
     * @param batches number of different batches
     * @param sentences examples of all batches together
     * @param tokens tokens of all batches together
     * @param predictions predicted tokens of all batches together
     */
    public record Sample(int batches, long sentences, long tokens, long predictions) {}

    /** Batches that counts what it gives; a batch that is asked for again counts once. */
    private static final class CountedBatches implements BatchSource {
        private final BatchSource source;
        private final SortedMap<Integer, String> given = new TreeMap<>();
        private long sentences;
        private long tokens;
        private long predictions;

        CountedBatches(BatchSource source) {
            this.source = source;
        }

        @Override
        public TokenBatch batch(int pair) {
            TokenBatch batch = source.batch(pair);
            if (!given.containsKey(pair)) {
                given.put(pair, digest(batch));
                sentences += batch.size();
                tokens += IntStream.range(0, batch.size())
                        .mapToLong(batch::lengthOf)
                        .sum();
                predictions += batch.predictions();
            }
            return batch;
        }

        Sample sample() {
            return new Sample(given.size(), sentences, tokens, predictions);
        }

        /** Returns what was drawn for each batch, as a digest, in the order of the batches. */
        List<String> drawn() {
            return List.copyOf(given.values());
        }

        private static String digest(TokenBatch batch) {
            MessageDigest digest = Sha256.start();
            for (int i = 0; i < batch.size(); i++) {
                int first = batch.firstPredictionOf(i);
                IntStream.Builder numbers = IntStream.builder();
                numbers.accept(batch.lengthOf(i));
                numbers.accept(batch.predictionsOf(i));
                Arrays.stream(batch.sequence(i)).forEach(numbers);
                IntStream.range(first, first + batch.predictionsOf(i))
                        .map(batch::placeOf)
                        .forEach(numbers);
                numbers.build()
                        .forEach(number -> digest.update(ByteBuffer.allocate(Integer.BYTES)
                                .putInt(number)
                                .array()));
            }
            return Sha256.hex(digest);
        }
    }

    /**
     * The network's scores of one sequence.
     *
     * @param tokens as the network reads them
     * @param places positions, from 0, of the tokens whose scores are given
     * @param logits [places, vocabulary], one row per place
     */
    public record Scored(List<Integer> tokens, List<Integer> places, List<List<Double>> logits) {
        public Scored {
            tokens = List.copyOf(tokens);
            places = List.copyOf(places);
            logits = List.copyOf(logits);
        }
    }

    /**
     * Opens a folder that {@code infra/basin export} wrote, to be measured on the language beside
     * the model. The targets are the language's exact conditionals.
     *
     * @throws Refusal if the folder holds no such model; the message is one sentence
     */
    public static FolderProbe onOwnLanguage(Path folder, Settings settings) {
        FolderModel model = FolderModel.open(folder);
        Path file = folder.resolve(EncoderFolder.LANGUAGE);
        if (!Files.exists(file)) {
            throw new Refusal(folder + " holds no " + EncoderFolder.LANGUAGE + ": name a folder that " + Program.NAME
                    + " export wrote, or give a text with --text.");
        }
        Pcfg language = GrammarFile.read(file);
        LanguageModel reader = LanguageModel.reading(model.network(), language.vocabularySize())
                .filter(one -> one.shape().maxLength() >= language.maxLength())
                .orElseThrow(() -> new Refusal("The model in " + folder
                        + " does not read the language of "
                        + file + ", " + language.vocabularySize() + " words in sentences of at most "
                        + language.maxLength()
                        + ": give a text with --text."));
        return new FolderProbe(
                model,
                settings,
                "its own language, " + reader.exactTargets(),
                file,
                List.of(),
                requested -> new LanguageBatches(language, reader, requested.batch(), requested.seed()));
    }

    /**
     * Opens any model folder, to be measured on the lines of a text. A masked model predicts one
     * masked token per line, a causal model all next tokens. The targets are the observed tokens.
     *
     * @param maxLength tokens to which a line is truncated, if fewer than the network reads
     * @param field the caller's name of {@code maxLength}, used in messages
     * @throws Refusal if the folder holds no such model or the text cannot be read with it; the
     *     message is one sentence
     */
    public static FolderProbe onText(
            Path folder, Path text, Optional<Integer> maxLength, String field, Settings settings) {
        FolderModel model = FolderModel.open(folder);
        Network network = model.network();
        int cut = maxLength.orElseGet(() -> TextTokenizer.maxLength(folder, network.maxLength()));
        if (cut < 2 || cut > network.maxLength()) {
            throw new Refusal(field + " is " + cut + ": give a number of tokens from 2 to " + network.maxLength()
                    + ", which this network reads at most.");
        }
        TextFile lines;
        List<String> notes = new ArrayList<>();
        try (TextTokenizer tokenizer = TextTokenizer.open(folder, cut)) {
            lines = TextFile.read(text, tokenizer, network.objective(), network.vocabulary());
            notes.addAll(tokenizer.notes());
        }
        if (lines.unknown() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d tokens of %s are unknown to the tokenizer; the loss and the traces are those of a text"
                            + " with its unknown token in their places.",
                    lines.unknown(),
                    lines.tokens(),
                    text));
        }
        if (lines.cut() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d lines of %s are cut to %,d tokens%s.",
                    lines.cut(),
                    lines.lines().size(),
                    text,
                    cut,
                    maxLength.isPresent()
                            ? ", as " + field + " says"
                            : cut < network.maxLength()
                                    ? ", as model_max_length in tokenizer_config.json says"
                                    : ", the most that this network reads"));
        }
        String reported = String.format(
                Locale.ROOT,
                "%,d lines of %s, %,d tokens, %s%s",
                lines.lines().size(),
                text,
                lines.tokens(),
                lines.predicted(),
                lines.leftOut() == 0
                        ? ""
                        : String.format(Locale.ROOT, "; %,d lines left out as too short", lines.leftOut()));
        return new FolderProbe(
                model,
                settings,
                reported,
                text,
                notes,
                requested -> pair ->
                        lines.batch(Seeds.generator(requested.seed(), "flatness.text", pair), requested.batch()));
    }

    /** Returns a description of the data on which the model is measured. */
    public String source() {
        return source;
    }

    /** Returns the file of the text, or of the model's own language. */
    public Path data() {
        return data;
    }

    /**
     * Returns one sentence for each thing in the folder or the text that is read otherwise than it
     * stands there: lines that are cut, settings against {@code tokenizer.json}, names of tensors.
     */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Returns the model being measured. */
    public FolderModel model() {
        return model;
    }

    /** Returns the memory that a measurement takes beside the Java heap, on the device. */
    public MemoryNeed memory(EstimatorSpec requested) {
        return MemoryNeed.of(
                model.network(), batches.apply(requested).batch(0), requested, settings.dtype(), settings.threads());
    }

    /**
     * Checks that a measurement fits into the memory of the calling thread's device. That of a CUDA
     * device is not known before.
     *
     * @throws Refusal if it does not; the message is one sentence with both figures
     */
    public void checkMemory(EstimatorSpec requested) {
        if (Devices.chosen().equals(Devices.CPU)) {
            long loaded = probe.surface().residentBytes();
            memory(requested).check(MemoryNeed.free() + loaded);
        }
    }

    /**
     * Measures on the calling thread's {@linkplain basin.network.engine.Devices#use device}.
     *
     * @param listener receives the progress and may stop the measurement
     * @throws Refusal if a value is not finite, or on the CPU if the memory is too small
     */
    public Result measure(EstimatorSpec requested, ProgressListener listener) {
        checkMemory(requested);
        long start = System.nanoTime();
        CountedBatches drawn = new CountedBatches(batches.apply(requested));
        SurfaceProbe.Found found = probe.find(drawn, requested, listener);
        return new Result(
                found.findings().measurements(),
                found.findings().valuesOfPairs(),
                drawn.drawn(),
                drawn.sample(),
                (System.nanoTime() - start) / 1e9,
                found.gradients());
    }

    /**
     * Returns the loss on {@code requested.pairs()} batches, measured on the calling thread's
     * device with forward passes only.
     *
     * @param requested gives the number of batches (at least two), the examples per batch and the
     *     seed
     * @param watcher receives the number of batches measured, after each
     * @throws Refusal if the loss is not finite
     */
    public Loss loss(EstimatorSpec requested, IntConsumer watcher) {
        NetworkSurface surface = probe.surface();
        CountedBatches drawn = new CountedBatches(batches.apply(requested));
        List<Double> values = new ArrayList<>();
        double sum = 0;
        double squares = 0;
        long examples = 0;
        for (int pair = 0; pair < requested.pairs(); pair++) {
            double[] losses = surface.losses(drawn.batch(pair));
            values.add(Arrays.stream(losses).average().orElseThrow());
            for (double loss : losses) {
                sum += loss;
                squares += loss * loss;
                examples++;
            }
            watcher.accept(pair + 1);
        }
        if (!Double.isFinite(squares)) {
            throw new Refusal("the loss on the text is no finite number: give a model whose weights are sound.");
        }
        double mean = sum / examples;
        double variance = Math.max(0, squares / examples - mean * mean) * examples / (examples - 1);
        return new Loss(new Measured(mean, Math.sqrt(variance / examples)), values, drawn.drawn());
    }

    /** Returns the loss of a model that gives every token the same probability, in nats. */
    public double uniformLoss() {
        return Math.log(model.network().vocabulary());
    }

    /**
     * Returns a sentence if a loss shows that the model does not fit the text.
     *
     * @param loss value of {@link #loss}
     */
    public Optional<String> doubt(Measured loss) {
        return loss.value() < uniformLoss()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "The loss, %.3f nats, is not below ln(vocabulary) = %.3f, that of guessing: the model is not"
                                + " trained, or configuration, weights, tokenizer and text do not belong together.",
                        loss.value(),
                        uniformLoss()));
    }

    /**
     * Returns the network's scores of the examples of the first batch, in the dtype of the
     * measurement.
     */
    public List<Scored> scores(EstimatorSpec requested) {
        TokenBatch batch = batches.apply(requested).batch(0);
        int vocabulary = model.network().vocabulary();
        double[] flat = probe.surface().scores(batch);
        return IntStream.range(0, batch.size())
                .mapToObj(i -> {
                    int first = batch.firstPredictionOf(i);
                    int[] predictions = IntStream.range(first, first + batch.predictionsOf(i))
                            .toArray();
                    return new Scored(
                            Arrays.stream(batch.sequence(i)).boxed().toList(),
                            Arrays.stream(predictions).mapToObj(batch::placeOf).toList(),
                            Arrays.stream(predictions)
                                    .mapToObj(k -> Arrays.stream(flat, k * vocabulary, (k + 1) * vocabulary)
                                            .boxed()
                                            .toList())
                                    .toList());
                })
                .toList();
    }

    @Override
    public void close() {
        probe.close();
    }
}
