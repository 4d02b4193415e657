package basin.study.file;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest of tiny models, of which some thousand tokens are a text. */
public final class SampleManifest {
    private static final List<String> RUNS = List.of(
            "{name: run-a, size: tiny, algorithm: muon, learningRate: 0.01, seed: 1}",
            "{name: run-b, size: tiny, algorithm: muon, learningRate: 0.02, seed: 1}",
            "{name: run-c, size: tiny, algorithm: adamw, learningRate: 0.01, seed: 1}",
            "{name: run-d, size: tiny, algorithm: adamw, learningRate: 0.02, seed: 1}");

    private SampleManifest() {}

    /** Returns the manifest of the first runs of four, with a held-out text beside it. */
    public static String of(String study, String text, int runs) {
        return """
            study: %s
            text: %s
            sentences: 640
            seed: 5
            steps: 20
            sizes:
              - {name: tiny, width: 8, layers: 2, heads: 2, intermediate: 0}
            runs:
            %s
            flatness:
              - {estimator: fisher.output, pairs: 40, batch: 16, seed: 7}
            tasks:
              - {name: questions, baseline: 0.25}
            analysis: {match: [3.0], band: 10, minRuns: 3, permutations: 99, resamples: 100, confidence: 0.95, seed: 1}
            platform: {device: cpu, dtype: float32}
            """.formatted(
                study, text, RUNS.stream().limit(runs).map(run -> "  - " + run).collect(Collectors.joining("\n")));
    }
}
