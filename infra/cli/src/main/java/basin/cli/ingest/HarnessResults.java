package basin.cli.ingest;

import basin.study.IngestedRun;
import basin.study.Refusal;
import basin.study.file.ForeignJson;
import basin.study.file.IngestFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Results of lm-evaluation-harness, {@code results_DATE.json}, of version 0.3 or 0.4. */
final class HarnessResults {
    private static final int MAX_BYTES = 100_000_000;
    private static final String FIX = "let lm-evaluation-harness write it again; it is read again when it has changed";

    private HarnessResults() {}

    /**
     * Reads a file. JSON without results is ignored, because samples and logs are in the same
     * folders.
     *
     * @param taken receives the score of each of the manifest's tasks
     * @param refused receives one sentence for each task whose score cannot be determined
     * @throws Refusal if the file is not JSON, or does not name its checkpoint
     */
    static void read(Path file, IngestFile.Manifest manifest, Consumer<Score.Given> taken, Consumer<String> refused)
            throws IOException {
        JsonNode root = ForeignJson.read(file, MAX_BYTES, FIX);
        if (!root.path("results").isObject()) {
            return;
        }
        ScoredCheckpoint checkpoint = ScoredCheckpoint.of(
                root, file, manifest.runs().stream().map(IngestedRun::name).toList());
        for (IngestFile.Scored task : manifest.tasks()) {
            JsonNode result = root.path("results").path(task.name());
            if (result.isObject()) {
                String where = file + ", " + task.name();
                try {
                    String key = key(where, result, manifest.metric().orElse("acc"));
                    taken.accept(new Score.Given(
                            where,
                            checkpoint.run(),
                            checkpoint.step(),
                            task.name(),
                            number(result.path(key)),
                            number(result.path(errorOf(key))),
                            number(root.path("n-samples").path(task.name()).path("effective"))));
                } catch (Refusal bad) {
                    refused.accept(String.valueOf(bad.getMessage()));
                }
            }
        }
    }

    /**
     * Returns the metric's key: its name (0.3), its name and the filter {@code none} (0.4), or its
     * name and the only filter.
     */
    private static String key(String where, JsonNode result, String metric) {
        if (result.has(metric)) {
            return metric;
        }
        List<String> filtered = result.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> key.startsWith(metric + ","))
                .toList();
        if (filtered.contains(metric + ",none")) {
            return metric + ",none";
        }
        if (filtered.size() == 1) {
            return filtered.getFirst();
        }
        throw new Refusal(where
                + (filtered.isEmpty() ? " has no '" + metric + "'" : " has '" + metric + "' several times")
                + ": give one of its metrics in the manifest, such as metric: "
                + (filtered.isEmpty()
                        ? result.properties().stream()
                                .filter(entry -> entry.getValue().isNumber()
                                        && !entry.getKey().contains("_stderr"))
                                .map(entry -> "'" + entry.getKey() + "'")
                                .findFirst()
                                .orElse("acc")
                        : "'" + filtered.getFirst() + "'")
                + ".");
    }

    /**
     * Returns the key of a metric's standard error, such as {@code acc_stderr,none} for
     * {@code acc,none}.
     */
    private static String errorOf(String key) {
        int comma = key.indexOf(',');
        return comma < 0 ? key + "_stderr" : key.substring(0, comma) + "_stderr" + key.substring(comma);
    }

    private static OptionalDouble number(JsonNode node) {
        return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
