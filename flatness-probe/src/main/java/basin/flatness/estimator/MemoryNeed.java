package basin.flatness.estimator;

import ai.djl.ndarray.types.DataType;
import basin.network.Network;
import basin.network.TokenBatch;
import basin.study.EstimatorSpec;
import basin.study.Refusal;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The memory that a measurement takes beside the Java heap, estimated from the network, the
 * estimator and one batch. Immutable.
 *
 * @param parameters number of parameters
 * @param perParameter bytes for each, of the weights and all vectors as long
 * @param batch bytes for parts of a batch, on all threads
 * @param threads number of threads
 */
public record MemoryNeed(long parameters, long perParameter, long batch, int threads) {
    /** Arrays as large as the scores of a part, at most at once, with those for gradients. */
    private static final int SCORES = 10;

    /** Numbers of every output of a layer that a pass for gradients keeps. */
    private static final int OUTPUTS = 3;

    /** Probes per batch at most, where the estimator chooses their number. */
    private static final int MAX_PROBES = 16;

    private static final double GIGABYTE = 1e9;
    private static final Path FREE = Path.of("/proc/meminfo");

    /** Returns the need of a measurement whose batches are like a given one. */
    public static MemoryNeed of(
            Network network, TokenBatch batch, EstimatorSpec requested, DataType dtype, int threads) {
        long number = dtype.getNumOfBytes();
        List<BatchPart> parts = BatchPart.forNorms(network, batch, BatchPart.MAX_SCORES);
        long largest = 0;
        for (BatchPart part : parts) {
            long tokens = (long) part.batch().size() * part.batch().length();
            long scores = (long) part.batch().predictions() * network.vocabulary();
            largest = Math.max(
                    largest, SCORES * scores + OUTPUTS * network.layout().outputs() * tokens);
        }
        int working = Math.min(threads, parts.size());
        long kept = Math.min(NetworkMidpoint.MAX_KEPT_SCORES, (long) batch.predictions() * network.vocabulary());
        return new MemoryNeed(
                network.parameterCount(),
                perParameter(requested, number, working),
                number * (working * largest + kept),
                threads);
    }

    /**
     * Returns the bytes for each parameter. θ takes one number. Forward passes take θ on either
     * side of it as well, per-sample norms nothing more. A gradient takes one number on each
     * thread, its graph another; sums are in float64.
     */
    private static long perParameter(EstimatorSpec requested, long number, long threads) {
        long probes =
                requested.to().isPresent() ? MAX_PROBES : requested.probes().orElse(1);
        return switch (requested.estimator()) {
            case FISHER_SAMPLED, FISHER_OUTPUT, FISHER_SOFT, FISHER_SELECTED -> number;
            case FISHER_FORWARD,
                    HESSIAN_FORWARD,
                    HESSIAN_SPLIT,
                    HESSIAN_REFINED,
                    ADAPTIVE_FORWARD,
                    SHARPNESS_AVERAGE,
                    SHARPNESS_ADAPTIVE -> 3 * number;
            case FISHER_BATCH -> number * (1 + threads) + Double.BYTES;
            case SHARPNESS_SAM -> number * (2 + threads) + Double.BYTES;
            case HESSIAN_HUTCHINSON, ADAPTIVE_EXACT -> ofProducts(number, threads, probes, 0);
            case PAIRED -> ofProducts(number, threads, 2 * probes, 0);
            case LAYERS_EXACT -> ofProducts(number, threads, 2, 0);
            case HESSIAN_HUTCHPP, HESSIAN_XTRACE ->
                ofProducts(number, threads, Projections.PRODUCTS / 2, 2 * Projections.PRODUCTS);
            case SPECTRUM_LANCZOS -> ofProducts(number, threads, 1, SpectrumEstimator.MIN_STEPS);
        };
    }

    /**
     * Returns the bytes of products at once.
     *
     * @param stored further vectors in float64
     */
    private static long ofProducts(long number, long threads, long products, long stored) {
        return number * (1 + 2 * threads + products * (1 + threads)) + Double.BYTES * (products + stored);
    }

    /** Returns the whole need, in bytes. */
    public long bytes() {
        return parameters * perParameter + batch;
    }

    /**
     * Checks that it fits.
     *
     * @param free bytes that are free
     * @throws Refusal if it does not
     */
    public void check(long free) {
        if (bytes() > free) {
            throw new Refusal("this measurement needs " + this + ", and " + gigabytes(free)
                    + " are free: give a smaller batch, fewer threads, another estimator or a machine with more"
                    + " memory.");
        }
    }

    /**
     * Returns the memory that this process may still take, in bytes: what the machine has free, or
     * the container's limit if that is less.
     */
    public static long free() {
        long all =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        try {
            return Files.readAllLines(FREE).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .reduce(all, Math::min);
        } catch (IOException notLinux) {
            return all;
        }
    }

    /** Returns it in words, such as {@code about 2.9 GB of memory (12 bytes for each of …)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "about %s of memory (%d bytes for each of %,d parameters, and %s for a batch on %d %s)",
                gigabytes(bytes()),
                perParameter,
                parameters,
                gigabytes(batch),
                threads,
                threads == 1 ? "thread" : "threads");
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / GIGABYTE);
    }
}
