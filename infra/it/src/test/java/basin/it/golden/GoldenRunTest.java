package basin.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import basin.cli.Typed;
import basin.study.file.SampleManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the tables of three sources with golden files: a study run on the embedded broker, the
 * same record under another question, and ingested checkpoints. On the numeric profile that wrote
 * the files, they must be identical byte for byte. On another profile, text must be identical
 * except for digests. Losses and flatness must then agree within a relative {@value #OTHER_POINT},
 * and accuracies and a table's statistics within an absolute {@value #OTHER_STATISTIC}, because an
 * accuracy may change by a few of forty examples, and a statistic of few runs by a rank.
 *
 * <p>The command in {@link GoldenMatrixTest} writes the files.
 */
class GoldenRunTest {
    private static final List<String> TABLES =
            List.of("checkpoints.csv", "flatness.csv", "downstream.csv", "correlations.csv");
    private static final double OTHER_POINT = 5e-3;
    private static final double OTHER_STATISTIC = 0.1;

    @TempDir
    private Path folder;

    private static final String STUDY = """
        name: golden
        language: {kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}
        sizes:
          - {name: d4, width: 4, layers: 1, heads: 2, intermediate: 8}
          - {name: d6, width: 6, layers: 1, heads: 2, intermediate: 8}
        algorithms: [adamw, {kind: sgd, momentum: 0.9, learningRates: [0.1]}]
        learningRates: [0.02]
        seeds: [1, 2]
        training: {steps: 30, batch: 16, schedule: linear, warmup: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1.0e-6, weightDecay: 0.01, initialDeviation: 0.2}
        checkpoints: {geometric: {first: 15, ratio: 2.0}, every: 0, excess: [0.6]}
        validation: {sentences: 64, quickSentences: 32, every: 5, seed: 101}
        flatness:
          - {estimator: fisher.output, pairs: 40, batch: 16, seed: 201}
        tasks:
          - {name: root, start: 0, length: 0, label: ancestor}
        protocols:
          - {kind: linear-probe, name: probe, features: concatenated, project: 0, labels: 40, test: 40, epochs: 3, batch: 10, learningRate: 0.01, repetitions: 2, seed: 301, checkpoints: all}
        analysis: {match: [0.6], band: 0.6, minRuns: 5, permutations: 99, resamples: 100, confidence: 0.95, seed: 401}
        platform: {device: cpu, dtype: float32}
        """;

    private static final String QUESTION = """
        band: 0.3
        minRuns: 4
        statistics: [kendall]
        """;

    private static final String MANIFEST = SampleManifest.of("golden", "lines.txt", 3);

    private static void ends(Typed typed) {
        assertThat(typed.status()).as(typed.out() + typed.error()).isZero();
    }

    @Test
    void runAndReplay() throws IOException {
        String data = folder.resolve("data").toString();
        Path study = Files.writeString(folder.resolve("golden.yaml"), STUDY);
        Path live = folder.resolve("live");
        ends(Program.basin(
                "run", study.toString(), "--data", data, "--out", live.toString(), "--port", "0", "--exit-when-done"));
        check("run", live);
        Path question = Files.writeString(folder.resolve("question.yaml"), QUESTION);
        Path replayed = folder.resolve("replayed");
        ends(Program.basin(
                "replay",
                "--data",
                data,
                "--study",
                "golden",
                "--analysis",
                question.toString(),
                "--out",
                replayed.toString()));
        check("replay", replayed);
        assertThat(replayed.resolve("correlations.csv"))
                .content()
                .isNotEqualTo(Files.readString(live.resolve("correlations.csv")));
    }

    @Test
    void ingest() throws IOException {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        Inputs.write(folder);
        Files.copy(folder.resolve("lines.txt"), watched.resolve("lines.txt"));
        Files.writeString(watched.resolve("basin.yaml"), MANIFEST);
        Path own = folder.resolve("own");
        Program.writeOwnEncoder(own);
        scaled("gpt2", own, watched.resolve("run-a/step-10"), 1);
        scaled("gpt2", own, watched.resolve("run-a/step-20"), 1.5f);
        scaled("opt", own, watched.resolve("run-b/step-20"), 2);
        scaled("roberta", own, watched.resolve("run-c/step-20"), 1);
        Path scores = Files.writeString(folder.resolve("scores.csv"), """
            run,step,task,score,stderr,n
            run-a,20,questions,0.5,0.02,
            run-b,20,questions,0.6,0.03,
            run-c,20,questions,0.7,,400
            """);
        Path out = Files.createDirectory(folder.resolve("out"));
        ends(Program.basin(
                "ingest",
                "--once",
                "--watch",
                watched.toString(),
                "--scores",
                scores.toString(),
                "--data",
                folder.resolve("data").toString(),
                "--out",
                out.toString()));
        check("ingest", out);
    }

    /** Writes a model of that layout with all weights scaled. */
    private static void scaled(String layout, Path tokenizer, Path to, float scale) throws IOException {
        Files.createDirectories(to);
        Path from = Inputs.MODELS.resolve(layout);
        Files.copy(from.resolve("config.json"), to.resolve("config.json"));
        Files.copy(tokenizer.resolve("tokenizer.json"), to.resolve("tokenizer.json"));
        byte[] bytes = Files.readAllBytes(from.resolve("model.safetensors"));
        ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int place = 8 + (int) numbers.getLong(0); place < bytes.length; place += 4) {
            numbers.putFloat(place, scale * numbers.getFloat(place));
        }
        Files.write(to.resolve("model.safetensors"), bytes);
    }

    /** Compares the tables in a folder with the golden ones, or writes the golden ones. */
    private static void check(String name, Path out) throws IOException {
        Path golden = GoldenFile.FOLDER.resolve(name);
        Path profile = golden.resolve("profile.txt");
        if (GoldenFile.writes()) {
            Files.createDirectories(golden);
            Files.writeString(profile, Program.profile() + "\n");
            for (String file : TABLES) {
                Files.writeString(golden.resolve(file), Files.readString(out.resolve(file)));
            }
            return;
        }
        boolean same = Files.readString(profile).strip().equals(Program.profile());
        for (String file : TABLES) {
            String expected = Files.readString(golden.resolve(file));
            String computed = Files.readString(out.resolve(file));
            if (same) {
                assertThat(computed)
                        .as("%s/%s; to write it: %s", name, file, GoldenFile.COMMAND)
                        .isEqualTo(expected);
            } else {
                assertThat(differences(expected, computed))
                        .as("%s/%s on another profile; to write it: %s", name, file, GoldenFile.COMMAND)
                        .isEmpty();
            }
        }
    }

    private static List<String> differences(String expected, String computed) {
        List<String> golden = expected.lines().toList();
        List<String> now = computed.lines().toList();
        List<String> differences = new ArrayList<>();
        if (golden.size() != now.size()) {
            differences.add(golden.size() + " lines, now " + now.size());
            return differences;
        }
        String[] columns = cells(golden.getFirst());
        for (int line = 0; line < golden.size(); line++) {
            String[] before = cells(golden.get(line));
            String[] after = cells(now.get(line));
            boolean coarse =
                    List.of(columns).contains("comparison") || List.of(columns).contains("accuracy");
            for (int cell = 0; cell < Math.max(before.length, after.length); cell++) {
                if (before.length != after.length || !agree(coarse, before[cell], after[cell])) {
                    differences.add("\n  golden " + golden.get(line) + "\n  now    " + now.get(line));
                    break;
                }
            }
        }
        return differences;
    }

    /** Splits a line at commas outside quotes. */
    private static String[] cells(String line) {
        return line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    }

    /**
     * Returns whether a cell of another profile agrees. Text must be equal.
     */
    private static boolean agree(boolean coarse, String before, String after) {
        if (before.equals(after)) {
            return true;
        }
        try {
            double golden = Double.parseDouble(before);
            double allowed = coarse ? OTHER_STATISTIC : OTHER_POINT * Math.abs(golden);
            return Math.abs(golden - Double.parseDouble(after)) <= allowed;
        } catch (NumberFormatException text) {
            return false;
        }
    }
}
