package basin.flatness.bench;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.OutputProbe;
import basin.flatness.estimator.PairValues;
import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.network.EncoderShape;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * Basin's side of {@code flatness-probe/bench/speed.sh}. {@code data MODEL FOLDER EXAMPLES} writes
 * fresh examples of the language beside an exported model, for both sides. {@code spread MODEL
 * FOLDER EXAMPLES SETTING …} prints the spread of the values of 30 repetitions, each on the given
 * number of these examples, which are the same for every method. It does not use the estimators'
 * own standard errors. {@code time MODEL FOLDER SETTING …} prints the cost per example. A setting
 * is {@code ESTIMATOR:BATCH[:PROBES]}.
 */
public final class TimeToError {
    private static final int REPETITIONS = 30;
    private static final double CONFIDENCE = 0.95;
    private static final int GRADIENT_BATCH = 128;
    private static final int TIMED = 3;

    private TimeToError() {}

    /** An estimator with its examples per batch and probes per batch. */
    private record Setting(String estimator, int batch, int probes) {
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

    /** Runs one command. */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[1]);
        Path folder = Path.of(arguments[2]);
        if (arguments[0].equals("data")) {
            write(model, folder, Integer.parseInt(arguments[3]));
            return;
        }
        FolderModel own = FolderModel.open(model);
        NetworkSurface surface = NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT32, Workers.alone());
        Examples examples = new Examples(folder);
        boolean spread = arguments[0].equals("spread");
        if (!spread) {
            gradient(surface, examples);
        }
        for (String text : Arrays.asList(arguments).subList(spread ? 4 : 3, arguments.length)) {
            if (spread) {
                spread(surface, examples, Integer.parseInt(arguments[3]), Setting.of(text));
            } else {
                time(surface, examples, Setting.of(text));
            }
        }
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
        Files.writeString(
                folder.resolve("data.json"),
                "{\"examples\": " + number + ", \"length\": " + length + ", \"words\": " + language.vocabularySize()
                        + "}\n");
    }

    /** The examples of a file in order, each used once until all have been used. */
    private static final class Examples {
        private final TokenBatch all;
        private int next;

        Examples(Path folder) throws IOException {
            String[] shape = Files.readString(folder.resolve("data.json"))
                    .replaceAll("[^0-9,]", "")
                    .split(",", -1);
            int number = Integer.parseInt(shape[0]);
            int length = Integer.parseInt(shape[1]);
            int words = Integer.parseInt(shape[2]);
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
            this.all = TokenBatch.masked(sentences, positions).withTargets(EncoderShape.FIRST_WORD, targets);
        }

        TokenBatch take(int size) {
            if (next + size > all.size()) {
                next = 0;
            }
            next += size;
            return all.part(next - size, next);
        }

        /** Returns consecutive batches from the first example on, the same for every estimator. */
        BatchSource batches(int size) {
            return pair -> all.part(pair * size, (pair + 1) * size);
        }
    }

    private static void gradient(NetworkSurface surface, Examples examples) {
        double[] seconds = new double[6];
        for (int i = 0; i < seconds.length; i++) {
            TokenBatch batch = examples.take(GRADIENT_BATCH);
            double start = processorSeconds();
            double norm = surface.joinedGradientNorm(batch, (OutputProbe.Labels) (example, place) -> 0.5);
            seconds[i] = processorSeconds() - start;
            if (!Double.isFinite(norm)) {
                throw new ArithmeticException("The loss has no gradient at these weights.");
            }
        }
        System.out.printf(
                Locale.ROOT,
                "{\"method\": \"gradient\", \"batch\": %d, \"seconds\": %.6f}%n",
                GRADIENT_BATCH,
                StatUtils.percentile(seconds, 1, seconds.length - 1, 50));
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

    /**
     * Prints the cost per example and the fixed cost of a measurement, separated by two lengths of
     * measurement.
     */
    private static void time(NetworkSurface surface, Examples examples, Setting setting) {
        int few = 2;
        int more = few + Math.max(2, GRADIENT_BATCH / setting.batch());
        double shorter = seconds(surface, examples, setting, few);
        double longer = seconds(surface, examples, setting, more);
        double pair = (longer - shorter) / (more - few);
        System.out.printf(
                Locale.ROOT,
                "{\"method\": \"%s\", \"batch\": %d, \"probes\": %d, \"seconds\": %.7f, \"before\": %.4f}%n",
                setting.estimator(),
                setting.batch(),
                setting.probes(),
                pair / setting.batch(),
                Math.max(0, shorter - few * pair));
    }

    private static double seconds(NetworkSurface surface, Examples examples, Setting setting, int pairs) {
        double[] seconds = new double[TIMED + 1];
        for (int i = 0; i < seconds.length; i++) {
            double start = processorSeconds();
            double[][] values = setting.values(surface, examples.batches(setting.batch()), pairs);
            seconds[i] = processorSeconds() - start;
            if (values[0].length < pairs) {
                throw new IllegalStateException(setting.estimator() + " measured too little.");
            }
        }
        // Excludes the first time, which includes compilation.
        return StatUtils.percentile(seconds, 1, TIMED, 50);
    }

    /**
     * Returns the CPU time used by this process, in seconds, including compiler and garbage
     * collector; on an idle machine it equals the elapsed time.
     */
    private static double processorSeconds() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }
}
