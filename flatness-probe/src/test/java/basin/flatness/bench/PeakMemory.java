package basin.flatness.bench;

import ai.djl.ndarray.types.DataType;
import basin.flatness.estimator.LanguageBatches;
import basin.flatness.estimator.Midpoint;
import basin.flatness.estimator.NetworkSurface;
import basin.flatness.estimator.OutputProbe;
import basin.language.GrammarFile;
import basin.language.Pcfg;
import basin.network.LanguageModel;
import basin.network.TokenBatch;
import basin.network.engine.Workers;
import basin.network.folder.FolderModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A benchmark of peak memory, run by {@code flatness-probe/bench/memory.sh}: the resident memory
 * that one evaluation adds at its peak. Counts native memory only, because the whole heap is
 * touched at the start.
 */
public final class PeakMemory {
    private PeakMemory() {}

    /**
     * Runs the benchmark.
     *
     * @param arguments model folder; {@code forward}, {@code gradient}, {@code fisher} or {@code
     *     hessian}; number of sentences
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int sentences = Integer.parseInt(arguments[2]);
        FolderModel own = FolderModel.open(folder);
        NetworkSurface surface = NetworkSurface.of(own.network(), own.weights(), DataType.FLOAT32, Workers.alone());
        Pcfg language = GrammarFile.read(folder.resolve("language.json"));
        LanguageModel reader =
                LanguageModel.reading(own.network(), language.vocabularySize()).orElseThrow();
        TokenBatch batch = new LanguageBatches(language, reader, sentences, 1).batch(0);
        // Initialises the engine on one sentence.
        evaluate(arguments[1], surface, batch.part(0, 1));
        long before = status("VmRSS:");
        // Resets the kernel's record of peak memory.
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        evaluate(arguments[1], surface, batch);
        System.out.printf(
                Locale.ROOT,
                "%s of %d sentences: %.1f MB%n",
                arguments[1],
                sentences,
                (status("VmHWM:") - before) / 1024.0);
    }

    private static void evaluate(String what, NetworkSurface surface, TokenBatch batch) {
        double[] result = switch (what) {
            case "forward" -> surface.losses(batch);
            case "gradient" -> {
                try (Arena memory = Arena.ofShared()) {
                    yield new double[] {surface.gradient(batch, memory).get(0)};
                }
            }
            case "fisher" -> surface.gradientNorms(batch, firstLabel());
            case "hessian" -> {
                try (Midpoint middle = surface.midpoint(batch)) {
                    yield middle.differences(surface.theta(), 1e-3).ahead();
                }
            }
            default -> throw new IllegalArgumentException("There is nothing called '" + what + "' to measure.");
        };
        if (!Double.isFinite(result[0])) {
            throw new ArithmeticException("The loss is no number at these weights.");
        }
    }

    /** Returns a probe of a fixed label, because memory does not depend on the label. */
    private static OutputProbe firstLabel() {
        return (OutputProbe.Labels) (example, place) -> 0;
    }

    /** Returns a memory figure in kilobytes. */
    private static long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
