package basin.flatness.bench;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.measurement.Measurement;
import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.network.LanguageModel;
import basin.network.engine.Torch;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.hipparchus.stat.StatUtils;

/**
 * A leak test, run by {@code flatness-probe/bench/leaks.sh}. Runs many consecutive measurements on
 * an exported model, cycling through all estimators at their minimum sample. Reports the engine's
 * live arrays and the process's resident memory after each.
 */
public final class Leaks {
    private static final double CONFIDENCE = 0.95;
    private static final double MAX_GROWTH = 1.05;

    private Leaks() {}

    /**
     * Runs the test.
     *
     * @param arguments model folder and number of measurements
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int number = Integer.parseInt(arguments[1]);
        FolderModel own = FolderModel.open(folder);
        NetworkSurface surface = NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT64, Workers.alone());
        Pcfg language = GrammarFile.read(folder.resolve("language.json"));
        LanguageModel reader =
                LanguageModel.reading(own.network(), language.vocabularySize()).orElseThrow();
        List<FlatnessEstimator> estimators = Arrays.stream(Estimator.values())
                .filter(Estimator::hasProbes)
                .map(Estimators::of)
                .toList();
        double[] resident = new double[number];
        int[] arrays = new int[number];
        for (int i = 0; i < number; i++) {
            FlatnessEstimator estimator = estimators.get(i % estimators.size());
            int pairs = estimator.minPairs();
            int batch = Math.ceilDiv(estimator.minExamples(), pairs);
            List<Measurement> measured = estimator.measure(
                    surface,
                    new LanguageBatches(language, reader, batch, i),
                    new MeasurementSettings(pairs, i, CONFIDENCE));
            if (measured.isEmpty()) {
                throw new IllegalStateException(estimator.name() + " measured nothing.");
            }
            arrays[i] = Torch.liveArrays();
            resident[i] = resident();
            if ((i + 1) % Math.max(1, number / 10) == 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%,d measurements, %d arrays, %.0f MB resident%n",
                        i + 1,
                        arrays[i],
                        resident[i] / 1e6);
            }
        }
        double second = StatUtils.percentile(Arrays.copyOfRange(resident, number / 4, number / 2), 50);
        double last = StatUtils.percentile(Arrays.copyOfRange(resident, number - number / 4, number), 50);
        int different = (int) Arrays.stream(arrays).distinct().count();
        System.out.printf(
                Locale.ROOT,
                "live native arrays after each: %s; resident memory, last quarter's median / second's: %.3f%n",
                different == 1 ? "always " + arrays[0] : different + " different numbers",
                last / second);
        if (different > 1 || last / second > MAX_GROWTH) {
            System.exit(1);
        }
    }

    private static double resident() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(one -> one.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Double.parseDouble(line.replaceAll("\\D", ""));
    }
}
