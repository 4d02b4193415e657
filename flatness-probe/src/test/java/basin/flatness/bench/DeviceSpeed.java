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
import basin.network.engine.Devices;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import basin.study.Estimator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.hipparchus.stat.StatUtils;

/**
 * A speed benchmark of the devices of this machine, run by {@code flatness-probe/bench/devices.sh}.
 * Runs the same measurements on every device and compares them with the CPU: in float64 for the
 * values, in float32 for the time. Times are medians of five interleaved rounds.
 */
public final class DeviceSpeed {
    private static final double CONFIDENCE = 0.95;
    private static final int ROUNDS = 5;

    private DeviceSpeed() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments model folder, sentences per batch, and estimators
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int batch = Integer.parseInt(arguments[1]);
        FolderModel own = FolderModel.open(folder);
        NetworkSurface single = NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT32, Workers.alone());
        NetworkSurface precise = NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT64, Workers.alone());
        Pcfg language = GrammarFile.read(folder.resolve("language.json"));
        LanguageModel reader =
                LanguageModel.reading(own.network(), language.vocabularySize()).orElseThrow();
        List<String> devices = Devices.here();
        if (devices.size() == 1) {
            System.out.println("This machine has the CPU alone: there is nothing to compare it with.");
        }
        for (int named = 2; named < arguments.length; named++) {
            FlatnessEstimator estimator = Estimators.of(Estimator.of(arguments[named]));
            LanguageBatches batches = new LanguageBatches(language, reader, batch, named);
            List<Measurement> reference = on(Devices.CPU, precise, estimator, batches);
            double[][] seconds = new double[devices.size()][ROUNDS];
            double[] off = new double[devices.size()];
            for (int round = 0; round < ROUNDS; round++) {
                for (int device = 0; device < devices.size(); device++) {
                    long start = System.nanoTime();
                    List<Measurement> measured = on(devices.get(device), single, estimator, batches);
                    seconds[device][round] = (System.nanoTime() - start) / 1e9;
                    off[device] = distance(measured, reference);
                }
            }
            double cpu = StatUtils.percentile(seconds[0], 50);
            for (int device = 0; device < devices.size(); device++) {
                double own50 = StatUtils.percentile(seconds[device], 50);
                System.out.printf(
                        Locale.ROOT,
                        "%s on %s: %.3f s, %.1f times as fast as the CPU; values within %.1e of float64 on the CPU%n",
                        estimator.name(),
                        devices.get(device),
                        own50,
                        cpu / own50,
                        off[device]);
            }
        }
    }

    private static List<Measurement> on(
            String device, NetworkSurface surface, FlatnessEstimator estimator, LanguageBatches batches) {
        try (Devices.Use _ = Devices.use(device)) {
            int pairs = estimator.minPairs();
            return estimator.measure(surface, batches, new MeasurementSettings(pairs, 1, CONFIDENCE));
        }
    }

    /** Returns the largest relative distance of a value from its reference. */
    private static double distance(List<Measurement> measured, List<Measurement> reference) {
        double largest = 0;
        for (int q = 0; q < reference.size(); q++) {
            double exact = reference.get(q).value().value();
            largest = Math.max(largest, Math.abs(measured.get(q).value().value() - exact) / Math.abs(exact));
        }
        return largest;
    }
}
