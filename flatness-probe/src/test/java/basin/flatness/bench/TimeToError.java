package basin.flatness.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.PairValues;
import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.network.folder.TextFile;
import basin.network.folder.TextTokenizer;
import basin.study.Estimator;
import basin.study.Json;
import basin.study.ProgramVersion;
import basin.study.Refusal;
import basin.study.Seeds;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hipparchus.stat.StatUtils;

/**
 * Basin's side of {@code flatness-probe/bench/speed.sh}. {@code data MODEL FOLDER EXAMPLES [TEXT]}
 * writes fresh examples of the language beside an exported model, or lines of a text for a causal
 * model, for both sides. {@code spread MODEL FOLDER EXAMPLES SETTING …} prints the spread of the
 * values of 30 repetitions, each on the given number of these examples, which are the same for
 * every method. It does not use the estimators' own standard errors. {@code time MODEL FOLDER
 * LIMIT SETTING …} prints the time that a setting takes to a standard error of 2 %, by its spread
 * in the folder: measured whole, or, if that takes longer than the limit in seconds, a part of it.
 * A setting is {@code ESTIMATOR:BATCH[:PROBES]}.
 */
public final class TimeToError {
    private static final int REPETITIONS = 30;
    private static final double CONFIDENCE = 0.95;
    private static final int GRADIENT_BATCH = 128;
    private static final double ERROR = 0.02;
    private static final int LEAST_PAIRS = 2;
    /** The file of the spreads, which speed.sh writes. */
    private static final String SPREADS = "spread-ours";

    private TimeToError() {}

    /** An estimator with its examples per batch and probes per batch. */
    private record Setting(String estimator, int batch, int probes) {
        static Setting of(JsonNode line) {
            return new Setting(
                    line.path("spread").asText(),
                    line.path("batch").asInt(),
                    line.path("probes").asInt());
        }

        static Setting of(String text) {
            String[] parts = text.split(":", -1);
            return new Setting(parts[0], Integer.parseInt(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : 1);
        }

        double[][] values(NetworkSurface surface, BatchSource batches, int pairs) {
            return PairValues.of(
                    Estimators.of(Estimator.of(estimator)),
                    surface,
                    batches,
                    new MeasurementSettings(pairs, probes, Optional.empty(), 1, CONFIDENCE));
        }
    }

    /** Runs one command; exits with status 1 and a sentence if a figure cannot be given. */
    public static void main(String[] arguments) throws IOException {
        try {
            run(Arrays.asList(arguments));
        } catch (Refusal refused) {
            System.err.println("speed: " + refused.getMessage());
            System.exit(1);
        }
    }

    private static void run(List<String> arguments) throws IOException {
        Path model = Path.of(arguments.get(1));
        Path folder = Path.of(arguments.get(2));
        String command = arguments.get(0);
        if (command.equals("data")) {
            int number = Integer.parseInt(arguments.get(3));
            if (arguments.size() > 4) {
                writeLines(model, folder, number, Path.of(arguments.get(4)));
            } else {
                write(model, folder, number);
            }
            return;
        }
        FolderModel own = FolderModel.open(model);
        List<Setting> settings =
                arguments.subList(4, arguments.size()).stream().map(Setting::of).toList();
        try (NetworkSurface surface =
                NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT32, Workers.alone())) {
            Examples examples = new Examples(folder);
            if (command.equals("spread")) {
                settings.forEach(setting -> spread(surface, examples, Integer.parseInt(arguments.get(3)), setting));
                return;
            }
            Stopwatch watch = Stopwatch.ofProcessor();
            gradient(watch, surface, examples);
            for (Setting setting : settings) {
                for (JsonNode spread : spreads(folder)) {
                    if (setting.equals(Setting.of(spread)) && isTrace(spread)) {
                        time(watch, surface, examples, setting, spread, Double.parseDouble(arguments.get(3)));
                    }
                }
            }
        }
    }

    private static boolean isTrace(JsonNode spread) {
        return spread.path("quantity").asText().endsWith(".trace");
    }

    private static List<JsonNode> spreads(Path folder) throws IOException {
        List<JsonNode> spreads = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(SPREADS))) {
            spreads.add(Json.mapper().readTree(line));
        }
        return spreads;
    }

    private static void write(Path model, Path folder, int number) throws IOException {
        Pcfg language = GrammarFile.read(model.resolve("language.json"));
        Network network = FolderModel.open(model).network();
        LanguageModel reader =
                LanguageModel.reading(network, language.vocabularySize()).orElseThrow();
        TokenBatch all = new LanguageBatches(language, reader, number, 1).batch(0);
        int length = all.lengthOf(0) - 1;
        ByteBuffer sentences = ByteBuffer.allocate(4 * number * (length + 1)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer targets =
                ByteBuffer.allocate(8 * number * language.vocabularySize()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < number; i++) {
            for (int t = 1; t <= length; t++) {
                // The word behind the mask is hidden from readers of the file.
                sentences.putInt(t == all.placeOf(i) ? 0 : all.sequence(i)[t] - EncoderShape.FIRST_WORD);
            }
            sentences.putInt(all.placeOf(i) - 1);
            for (double probability : all.targetOf(i)) {
                targets.putDouble(probability);
            }
        }
        Files.write(folder.resolve("sentences.int32"), sentences.array());
        Files.write(folder.resolve("targets.float64"), targets.array());
        describe(folder, number, length, language.vocabularySize());
    }

    /** Writes lines of a text, drawn with replacement; all must have equally many tokens. */
    private static void writeLines(Path model, Path folder, int number, Path text) throws IOException {
        Network network = FolderModel.open(model).network();
        TokenBatch all;
        try (TextTokenizer tokenizer = TextTokenizer.open(model, network.maxLength())) {
            all = TextFile.read(text, tokenizer, network.objective(), network.vocabulary())
                    .batch(Seeds.generator(1, "bench"), number);
        }
        int length = all.length();
        if (!network.causal() || IntStream.range(0, number).anyMatch(i -> all.lengthOf(i) != length)) {
            throw new Refusal(
                    text + " is measured with " + model + ": give a causal model and lines of equally many tokens.");
        }
        ByteBuffer rows = ByteBuffer.allocate(Integer.BYTES * number * length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < number; i++) {
            IntStream.of(all.sequence(i)).forEach(rows::putInt);
        }
        Files.write(folder.resolve("lines.int32"), rows.array());
        describe(folder, number, length, 0);
    }

    /** Describes the files; without words they are the lines of a text. */
    private static void describe(Path folder, int examples, int length, int words) throws IOException {
        Files.writeString(
                folder.resolve("data.json"),
                "{\"examples\": " + examples + ", \"length\": " + length + ", \"words\": " + words + "}\n");
    }

    /** The examples of a folder in order. */
    private static final class Examples {
        private final TokenBatch all;

        Examples(Path folder) throws IOException {
            JsonNode shape = Json.mapper().readTree(folder.resolve("data.json").toFile());
            int number = shape.path("examples").asInt();
            int length = shape.path("length").asInt();
            int words = shape.path("words").asInt();
            this.all = words == 0 ? lines(folder, number, length) : masked(folder, number, length, words);
        }

        private static TokenBatch lines(Path folder, int number, int length) throws IOException {
            int[][] rows = new int[number][length];
            ByteBuffer from = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("lines.int32")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int[] row : rows) {
                Arrays.setAll(row, t -> from.getInt());
            }
            int each = length - 1;
            return TokenBatch.of(
                    rows,
                    IntStream.range(0, number * each).map(k -> k / each).toArray(),
                    IntStream.range(0, number * each).map(k -> k % each).toArray(),
                    IntStream.range(0, number * each)
                            .map(k -> rows[k / each][k % each + 1])
                            .toArray());
        }

        private static TokenBatch masked(Path folder, int number, int length, int words) throws IOException {
            ByteBuffer from = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("sentences.int32")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer probabilities = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("targets.float64")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int[][] sentences = new int[number][length];
            int[] positions = new int[number];
            double[][] targets = new double[number][words];
            for (int i = 0; i < number; i++) {
                for (int t = 0; t < length; t++) {
                    sentences[i][t] = from.getInt();
                }
                positions[i] = from.getInt();
                for (int word = 0; word < words; word++) {
                    targets[i][word] = probabilities.getDouble();
                }
            }
            return TokenBatch.masked(sentences, positions).withTargets(EncoderShape.FIRST_WORD, targets);
        }

        /**
         * Returns consecutive batches from the first example on, the same for every estimator, and
         * from the first one again after the last.
         */
        BatchSource batches(int size) {
            int whole = all.size() / size;
            if (whole == 0) {
                throw new Refusal("a batch of " + size + " examples is asked of " + all.size() + ": give more.");
            }
            return pair -> all.part(pair % whole * size, (pair % whole + 1) * size);
        }
    }

    private static void gradient(Stopwatch watch, NetworkSurface surface, Examples examples) {
        BatchSource batches = examples.batches(GRADIENT_BATCH);
        Stopwatch.Timed timed = watch.time("a gradient", 1, 1, 0, amount -> {
            try (Arena memory = Arena.ofShared()) {
                if (!Double.isFinite(surface.gradient(batches.batch(0), memory).get(0))) {
                    throw new Refusal("the loss has no gradient at these weights: give others.");
                }
            }
        });
        System.out.printf(
                Locale.ROOT,
                "{\"method\": \"gradient\", \"batch\": %d, \"seconds\": %.9f, \"ticks\": %.0f, \"basin\": \"%s\","
                        + " \"libtorch\": \"%s\"}%n",
                GRADIENT_BATCH,
                timed.seconds(),
                timed.ticks(),
                ProgramVersion.current(),
                Engine.getEngine("PyTorch").getVersion());
    }

    private static void spread(NetworkSurface surface, Examples examples, int each, Setting setting) {
        int pairs = each / setting.batch();
        double[][] values = setting.values(surface, examples.batches(setting.batch()), pairs * REPETITIONS);
        for (int q = 0; q < values.length; q++) {
            double[] repetitions = new double[REPETITIONS];
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                repetitions[repetition] = StatUtils.mean(values[q], repetition * pairs, pairs);
            }
            double mean = StatUtils.mean(repetitions);
            System.out.printf(
                    Locale.ROOT,
                    "{\"spread\": \"%s\", \"quantity\": \"%s\", \"batch\": %d, \"probes\": %d, \"mean\": %.5g,"
                            + " \"relative\": %.5f, \"examples\": %d}%n",
                    setting.estimator(),
                    Estimators.of(Estimator.of(setting.estimator()))
                            .quantities()
                            .get(q)
                            .id(),
                    setting.batch(),
                    setting.probes(),
                    mean,
                    Math.sqrt(StatUtils.variance(repetitions)) / Math.abs(mean),
                    pairs * setting.batch());
        }
    }

    /** Prints the time of a setting to the wanted error of a quantity. */
    private static void time(
            Stopwatch watch,
            NetworkSurface surface,
            Examples examples,
            Setting setting,
            JsonNode spread,
            double limit) {
        double relative = spread.path("relative").asDouble();
        double wanted = Math.ceil(spread.path("examples").asInt() * Math.pow(relative / ERROR, 2) / setting.batch());
        if (!(wanted > 0 && wanted < Integer.MAX_VALUE)) {
            throw new Refusal("the spread of " + setting.estimator() + " is " + relative
                    + ", from which no number of batches follows: give more examples.");
        }
        int pairs = (int) Math.max(LEAST_PAIRS, wanted);
        Stopwatch.Timed timed = watch.time(
                setting.estimator() + " in batches of " + setting.batch(),
                LEAST_PAIRS,
                pairs,
                limit,
                amount -> setting.values(surface, examples.batches(setting.batch()), amount));
        System.out.printf(
                Locale.ROOT,
                "{\"method\": \"%s\", \"quantity\": \"%s\", \"batch\": %d, \"probes\": %d, \"wanted\": %d,"
                        + " \"pairs\": %d, \"seconds\": %.7f, \"ticks\": %.0f}%n",
                setting.estimator(),
                spread.path("quantity").asText(),
                setting.batch(),
                setting.probes(),
                pairs,
                timed.amount(),
                timed.seconds(),
                timed.ticks());
    }
}
