package basin.flatness.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.util.cuda.CudaUtils;
import basin.flatness.estimator.Estimators;
import basin.flatness.estimator.FlatnessEstimator;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.MeasurementSettings;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.PairValues;
import basin.flatness.measurement.Measurement;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.LanguageModel;
import basin.network.Network;
import basin.network.ParameterSource;
import basin.network.TokenBatch;
import basin.network.engine.Devices;
import basin.network.engine.NumericProfile;
import basin.network.engine.Workers;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.ProgramVersion;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A comparison of a device with the CPU, run by {@code flatness-probe/bench/devices.sh}: versions,
 * every estimator against float64 on the CPU, and speeds. Writes the first part of a Markdown page
 * to standard output. Exit status 1 if a value differs by more than it may.
 */
public final class DeviceReport {
    private static final double CONFIDENCE = 0.95;
    private static final int SEED = 29;
    private static final double RADIUS = 0.01;
    /** Largest difference in float64, relative to value and standard error together. */
    private static final double MAX_DOUBLE = 1e-7;
    /** Largest difference in float32, in standard errors. */
    private static final double MAX_SINGLE = 0.1;

    private static final int[] BATCHES = {64, 512};
    private static final int LEAST_PAIRS = 2;
    private static final List<Estimator> TIMED =
            List.of(Estimator.FISHER_OUTPUT, Estimator.HESSIAN_SPLIT, Estimator.HESSIAN_FORWARD, Estimator.PAIRED);

    private final PrintStream out;
    private final String device;
    private int wrong;

    private DeviceReport(PrintStream out, String device) {
        this.out = out;
        this.device = device;
    }

    /**
     * Writes the page, or with {@code settle} before the device its name on this machine.
     *
     * @param arguments the device, such as auto
     */
    public static void main(String[] arguments) {
        String device = Devices.settle(arguments[arguments.length - 1]);
        if (arguments[0].equals("settle")) {
            System.out.println(device);
            return;
        }
        DeviceReport report = new DeviceReport(System.out, device);
        report.versions();
        report.kit();
        report.speeds();
        System.exit(report.wrong == 0 ? 0 : 1);
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }

    private void versions() {
        boolean cuda = !device.equals(Devices.CPU);
        line("# %s against the CPU%n", device);
        if (!cuda) {
            line("No CUDA device was used: this page compares the CPU with itself, which tests the benchmark alone.%n");
        }
        line("| what | version |");
        line("|---|---|");
        line("| Basin | %s |", ProgramVersion.current());
        line("| libtorch | %s |", Engine.getEngine("PyTorch").getVersion());
        line("| JNI bridge | %s |", bridge());
        line("| CUDA | %s |", cuda ? CudaUtils.getCudaVersionString() : "not used");
        line("| compute capability | %s |", cuda ? CudaUtils.getComputeCapability(0) : "not used");
        line("| arithmetic of the CPU | %s |", NumericProfile.here());
    }

    /** Returns the name of the JNI bridge's file or folder in the class path. */
    private static String bridge() {
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            String name = String.valueOf(Path.of(entry).getFileName());
            if (name.startsWith("pytorch-jni")) {
                return name;
            }
        }
        return Optional.ofNullable(System.getenv("PYTORCH_LIBRARY_PATH")).orElse("in the program's own files");
    }

    /** A network of random weights and its language. */
    private record Subject(Network network, ParameterSource theta, Pcfg language) {
        static Subject of(EncoderShape shape, Pcfg language) {
            return new Subject(shape.network(), ParameterSource.of(Initialisation.of(shape, 0.1, SEED)), language);
        }

        NetworkSurface surface(DataType dtype) {
            return NetworkSurface.of(network, theta, dtype, Workers.alone());
        }

        LanguageBatches batches(int size) {
            return new LanguageBatches(
                    language,
                    LanguageModel.reading(network, language.vocabularySize()).orElseThrow(),
                    size,
                    SEED);
        }
    }

    private List<Measurement> measured(
            String where, NetworkSurface surface, FlatnessEstimator estimator, LanguageBatches batches, int pairs) {
        try (Devices.Use _ = Devices.use(where)) {
            return estimator.measure(surface, batches, new MeasurementSettings(pairs, SEED, CONFIDENCE));
        }
    }

    private static FlatnessEstimator estimator(Estimator named, int pairs, int batch) {
        return Estimators.of(new EstimatorSpec(
                named,
                pairs,
                batch,
                SEED,
                Optional.empty(),
                Optional.empty(),
                named.hasRadius() ? Optional.of(RADIUS) : Optional.empty()));
    }

    /** Compares every estimator with float64 on the CPU, from the same draws. */
    private void kit() {
        Pcfg language = Grammars.tree(2, 3, 2, 6, 1);
        Subject subject = Subject.of(new EncoderShape(6, 4, 8, 1, 2, 12), language);
        int batch = 16;
        line("%n## Every estimator against float64 on the CPU%n");
        line(
                "The same draws on a network of %,d parameters. A difference in float64 is relative to value and"
                        + " standard error together and may be %.0e; one in float32 is in standard errors and may be"
                        + " %.1f.%n",
                subject.network().parameterCount(), MAX_DOUBLE, MAX_SINGLE);
        line("| estimator | quantity | value | float64 here | float32 here | verdict |");
        line("|---|---|---|---|---|---|");
        for (Estimator named : Estimator.values()) {
            int pairs = Math.max(named.min().pairs(), Math.ceilDiv(named.min().examples(), batch));
            FlatnessEstimator estimator = estimator(named, pairs, batch);
            LanguageBatches batches = subject.batches(batch);
            List<Measurement> reference;
            List<Measurement> doubles;
            List<Measurement> singles;
            try (NetworkSurface cpu = subject.surface(DataType.FLOAT64);
                    NetworkSurface precise = subject.surface(DataType.FLOAT64);
                    NetworkSurface single = subject.surface(DataType.FLOAT32)) {
                reference = measured(Devices.CPU, cpu, estimator, batches, pairs);
                doubles = measured(device, precise, estimator, batches, pairs);
                singles = measured(device, single, estimator, batches, pairs);
            }
            for (int q = 0; q < reference.size(); q++) {
                double value = reference.get(q).value().value();
                double scale = Math.abs(value) + reference.get(q).value().standardError();
                double inDouble = Math.abs(doubles.get(q).value().value() - value) / scale;
                double inSingle = Math.abs(singles.get(q).value().value() - value)
                        / reference.get(q).value().standardError();
                line(
                        "| `%s` | %s | %.6g | %.1e | %.1e | %s |",
                        named.id(),
                        reference.get(q).quantity().id(),
                        value,
                        inDouble,
                        inSingle,
                        verdict(inDouble <= MAX_DOUBLE && inSingle <= MAX_SINGLE));
            }
        }
    }

    private String verdict(boolean right) {
        wrong += right ? 0 : 1;
        return right ? "agrees" : "**differs**";
    }

    /** Times the cheapest estimators on both devices. */
    private void speeds() {
        Subject subject = Subject.of(new EncoderShape(12, 32, 128, 4, 4, 512), Grammars.tree(5, 4, 2, 12, 1));
        line("%n## Speed%n");
        line(
                "A network of %,d parameters in float32, sentences of %d words, one thread: elapsed milliseconds of a"
                        + " batch, after a warm-up, each from a second or more.%n",
                subject.network().parameterCount(), subject.language().maxLength());
        line("| estimator | batch | CPU | %s | times as fast |", device);
        line("|---|---|---|---|---|");
        Stopwatch watch = Stopwatch.of(() -> System.nanoTime() / 1e9);
        try (NetworkSurface cpu = subject.surface(DataType.FLOAT32);
                NetworkSurface other = subject.surface(DataType.FLOAT32)) {
            for (Estimator named : TIMED) {
                for (int batch : BATCHES) {
                    double own = milliseconds(watch, Devices.CPU, cpu, subject, named, batch);
                    double others = milliseconds(watch, device, other, subject, named, batch);
                    line("| `%s` | %d | %.1f | %.1f | %.1f |", named.id(), batch, own, others, own / others);
                }
            }
        }
    }

    private static double milliseconds(
            Stopwatch watch, String where, NetworkSurface surface, Subject subject, Estimator named, int batch) {
        LanguageBatches fresh = subject.batches(batch);
        List<TokenBatch> kept = List.of(fresh.batch(0), fresh.batch(1));
        try (Devices.Use _ = Devices.use(where)) {
            Stopwatch.Timed timed = watch.time(
                    named.id() + " in batches of " + batch,
                    LEAST_PAIRS,
                    LEAST_PAIRS,
                    0,
                    amount -> PairValues.of(
                            estimator(named, named.min().pairs(), batch),
                            surface,
                            pair -> kept.get(pair % kept.size()),
                            new MeasurementSettings(amount, SEED, CONFIDENCE)));
            return 1e3 * timed.seconds() / timed.amount();
        }
    }
}
