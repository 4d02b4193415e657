package basin.flatness.bench;

import basin.flatness.estimator.BatchSource;
import basin.flatness.estimator.EncoderSurface;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MaskedBatch;
import basin.flatness.estimator.Measurement;
import basin.flatness.estimator.MeasurementSettings;
import basin.lm.language.GrammarFile;
import basin.lm.language.Pcfg;
import basin.lm.model.FolderModel;
import basin.lm.network.Encoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hipparchus.stat.StatUtils;

/**
 * Our side of {@code flatness-probe/bench/speed.sh}: {@code data MODEL FOLDER EXAMPLES} writes fresh examples of the language beside an
 * exported model for the other side; {@code time MODEL FOLDER SECONDS ESTIMATOR:BATCH[:PROBES] …} measures them and prints a line of JSON an
 * estimator and quantity. As on the other side, an estimator's variance is that of 30 repetitions, whatever it says itself.
 */
public final class TimeToError {
    private static final int REPETITIONS = 30;
    private static final double CONFIDENCE = 0.95;
    private static final double TARGET = 0.02;
    private static final int GRADIENT_BATCH = 128;

    private TimeToError() {}

    /** Runs one side. */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[1]);
        Path folder = Path.of(arguments[2]);
        if (arguments[0].equals("data")) {
            write(model, folder, Integer.parseInt(arguments[3]));
        } else {
            FolderModel.OwnEncoder own = FolderModel.open(model).asEncoder().orElseThrow();
            EncoderSurface surface = EncoderSurface.single(new Encoder(own.shape()), own.theta());
            Examples examples = new Examples(folder);
            gradient(surface, examples);
            for (String setting : Arrays.asList(arguments).subList(4, arguments.length)) {
                time(surface, examples, Double.parseDouble(arguments[3]), setting);
            }
        }
    }

    private static void write(Path model, Path folder, int number) throws IOException {
        Pcfg language = GrammarFile.parse(Files.readString(model.resolve("language.json")));
        MaskedBatch all = new LanguageBatches(language, number, 1).batch(0);
        int length = all.sentence(0).length;
        ByteBuffer sentences = ByteBuffer.allocate(4 * number * (length + 1)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer targets = ByteBuffer.allocate(8 * number * language.words()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < number; i++) {
            for (int word : all.sentence(i)) {
                sentences.putInt(word);
            }
            sentences.putInt(all.position(i));
            for (double probability : all.target(i)) {
                targets.putDouble(probability);
            }
        }
        Files.write(folder.resolve("sentences.int32"), sentences.array());
        Files.write(folder.resolve("targets.float64"), targets.array());
        Files.writeString(
                folder.resolve("data.json"),
                "{\"examples\": " + number + ", \"length\": " + length + ", \"words\": " + language.words() + "}\n");
    }

    /** The examples of a file in their order, each used once until all have been. */
    private static final class Examples {
        private final MaskedBatch all;
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
            this.all = new MaskedBatch(sentences, positions, targets);
        }

        /** Every estimator meets the same examples, the rare ones that weigh much among them. */
        void rewind() {
            next = 0;
        }

        MaskedBatch take(int size) {
            if (next + size > all.size()) {
                next = 0;
            }
            next += size;
            return all.part(next - size, next);
        }

        /** Batches for one repetition: always the same for the same number within it. */
        BatchSource<MaskedBatch> batches(int size) {
            List<MaskedBatch> given = new ArrayList<>();
            return pair -> {
                while (given.size() <= pair) {
                    given.add(take(size));
                }
                return given.get(pair);
            };
        }
    }

    private static void gradient(EncoderSurface surface, Examples examples) {
        double[] seconds = new double[6];
        for (int i = 0; i < seconds.length; i++) {
            MaskedBatch batch = examples.take(GRADIENT_BATCH);
            long start = System.nanoTime();
            double norm = surface.joinedGradientNorm(
                    batch,
                    (example, place, prediction, target, row) -> System.arraycopy(target, 0, row, 0, row.length));
            seconds[i] = (System.nanoTime() - start) / 1e9;
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

    private static void time(EncoderSurface surface, Examples examples, double limit, String setting) {
        String[] parts = setting.split(":", -1);
        FlatnessEstimator estimator = Estimators.named(parts[0]);
        int batch = Integer.parseInt(parts[1]);
        int probes = parts.length > 2 ? Integer.parseInt(parts[2]) : 1;
        examples.rewind();
        int least = Math.max(estimator.leastPairs(), Math.ceilDiv(estimator.leastExamples(), batch));
        long start = System.nanoTime();
        List<Measurement> _ = measure(surface, examples, estimator, batch, probes, least, 0);
        double first = (System.nanoTime() - start) / 1e9;
        int pairs = (int) Math.max(least, least * limit / REPETITIONS / first);
        double[] seconds = new double[REPETITIONS];
        double[][] values = new double[estimator.quantities().size()][REPETITIONS];
        double[][] told = new double[estimator.quantities().size()][REPETITIONS];
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            start = System.nanoTime();
            List<Measurement> measured = measure(surface, examples, estimator, batch, probes, pairs, 1 + repetition);
            seconds[repetition] = (System.nanoTime() - start) / 1e9;
            for (int q = 0; q < values.length; q++) {
                values[q][repetition] = measured.get(q).value().value();
                told[q][repetition] = measured.get(q).value().standardError();
            }
        }
        double each = StatUtils.percentile(seconds, 50);
        for (int q = 0; q < values.length; q++) {
            double mean = StatUtils.mean(values[q]);
            double relative = Math.sqrt(StatUtils.variance(values[q])) / Math.abs(mean);
            System.out.printf(
                    Locale.ROOT,
                    "{\"method\": \"%s\", \"quantity\": \"%s\", \"batch\": %d, \"probes\": %d, \"mean\": %.5g,"
                        + " \"relative\": %.4f, \"told\": %.4f, \"seconds\": %.5f, \"to2\": %.3f, \"values\": %d}%n",
                    parts[0],
                    estimator.quantities().get(q).id(),
                    batch,
                    probes,
                    mean,
                    relative * Math.sqrt(pairs),
                    Math.sqrt(StatUtils.mean(squares(told[q]))) / Math.abs(mean) * Math.sqrt(pairs),
                    each / pairs,
                    each * (relative / TARGET) * (relative / TARGET),
                    pairs);
        }
    }

    private static double[] squares(double[] values) {
        return Arrays.stream(values).map(value -> value * value).toArray();
    }

    private static List<Measurement> measure(
            EncoderSurface surface,
            Examples examples,
            FlatnessEstimator estimator,
            int batch,
            int probes,
            int pairs,
            long seed) {
        return estimator.measure(
                surface,
                examples.batches(batch),
                new MeasurementSettings(pairs, probes, java.util.Optional.empty(), seed, CONFIDENCE));
    }
}
