package basin.cli.ingest;

import basin.study.Program;
import basin.study.Refusal;
import basin.study.file.IngestFile;
import basin.study.file.YamlText;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A manifest proposed from what lies in a folder: runs and steps from the names of folders, sizes
 * from {@code config.json}, learning rates from {@code trainer_state.json}. What no file tells is
 * marked in the proposal.
 */
public final class ManifestProposal {
    private static final Pattern RATE =
            Pattern.compile("(?:lr|rate)[-_=]?([0-9]+(?:[.][0-9]+)?(?:e-?[0-9]+)?)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SEED = Pattern.compile("seed[-_=]?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);
    private static final Pattern HELD_OUT = Pattern.compile("held|valid|dev|test|eval", Pattern.CASE_INSENSITIVE);

    /** A network's shape by its configuration. */
    private record Shape(int width, int layers, int heads, int intermediate) {}

    /** A run, as far as its files tell. */
    private record Run(String name, Shape shape, Optional<BigDecimal> learningRate, Optional<Long> seed, int last) {}

    private ManifestProposal() {}

    /**
     * Returns the manifest that is proposed for a folder, as YAML. Its first lines are comments
     * that say what the user has to check or give.
     *
     * @throws Refusal if no run with checkpoints lies in the folder
     */
    public static String of(Path folder) throws IOException {
        List<Run> runs = new ArrayList<>();
        for (Path own : folders(folder)) {
            String name = String.valueOf(own.getFileName());
            List<CheckpointFolder> checkpoints = CheckpointFolder.of(folder, name).stream()
                    .filter(one -> CheckpointFolder.holdsModel(one.path()))
                    .toList();
            if (!checkpoints.isEmpty()) {
                runs.add(run(name, checkpoints.getLast()));
            }
        }
        if (runs.isEmpty()) {
            throw new Refusal("--watch " + folder + " holds no basin.yaml and no folder RUN/step-N or RUN/checkpoint-N"
                    + " with a model: name the folder that holds the runs.");
        }
        return proposal(folder, runs);
    }

    private static List<Path> folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new Refusal("--watch " + folder + " is no folder: name the folder that holds the runs.");
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).sorted().toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static Run run(String name, CheckpointFolder last) {
        JsonNode config = guess(last, "config.json");
        int width = number(config, "hidden_size", "n_embd", "d_model", "dim");
        Shape shape = new Shape(
                width,
                number(config, "num_hidden_layers", "n_layer", "n_layers"),
                number(config, "num_attention_heads", "n_head", "n_heads"),
                number(config, "intermediate_size", "n_inner", "ffn_dim", "hidden_dim", "mlp_hidden_size"));
        JsonNode state = guess(last, CheckpointFolder.TRAINER_STATE);
        // The largest rate of the log is the peak, up to the warm-up's last step.
        Optional<BigDecimal> logged = state.path("log_history")
                .valueStream()
                .map(entry -> entry.path("learning_rate"))
                .filter(rate -> rate.isNumber() && rate.asDouble() > 0)
                .map(rate -> BigDecimal.valueOf(rate.asDouble()))
                .max(BigDecimal::compareTo);
        return new Run(
                name,
                shape,
                named(RATE, name)
                        .map(BigDecimal::new)
                        .filter(rate -> rate.signum() > 0)
                        .or(() -> logged),
                named(SEED, name).map(Long::valueOf),
                Math.max(last.step(), state.path("max_steps").asInt(0)));
    }

    private static Optional<String> named(Pattern pattern, String name) {
        Matcher found = pattern.matcher(name);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    /** Returns what a file holds; nothing if it is absent or cannot be read, as this is a guess. */
    private static JsonNode guess(CheckpointFolder checkpoint, String file) {
        try {
            return checkpoint.json(file);
        } catch (IOException | Refusal unreadable) {
            return MissingNode.getInstance();
        }
    }

    private static int number(JsonNode config, String... names) {
        for (String name : names) {
            if (config.path(name).canConvertToInt() && config.path(name).asInt() > 0) {
                return config.path(name).asInt();
            }
        }
        return 0;
    }

    private static String proposal(Path folder, List<Run> runs) throws IOException {
        List<String> open = new ArrayList<>();
        Map<Shape, String> sizes = sizes(runs);
        int steps = runs.stream().mapToInt(Run::last).max().orElseThrow();
        Optional<String> text = text(folder);
        open.add("text: "
                + text.map(found -> "is " + found + " a text that no run was trained on?")
                        .orElse("put a text that no run was trained on beside the manifest, one sentence per line"));
        if (runs.stream().anyMatch(run -> run.learningRate().isEmpty())) {
            open.add("runs.learningRate: 0.001 stands where no file tells it");
        }
        if (runs.stream().anyMatch(run -> run.seed().isEmpty())) {
            open.add("runs.seed: numbers that tell runs of the same size and rate apart stand where no name tells it");
        }
        open.add("runs.algorithm: adamw, the trainer's usual one, stands everywhere");
        open.add("tasks: give those of your scores, if you have any");
        StringBuilder yaml =
                new StringBuilder("# Proposed by " + Program.NAME + " ingest from what lies in this folder. Check:\n");
        open.forEach(clause -> yaml.append("#   ").append(clause).append('\n'));
        yaml.append("study: ")
                .append(name(folder))
                .append("\ntext: ")
                .append(YamlText.scalar(text.orElse("held-out.txt")))
                .append("\nsteps: ")
                .append(steps)
                .append("\nsizes:\n");
        sizes.forEach((shape, name) -> yaml.append(String.format(
                Locale.ROOT,
                "  - {name: %s, width: %d, layers: %d, heads: %d, intermediate: %d}\n",
                name,
                shape.width(),
                shape.layers(),
                shape.heads(),
                shape.intermediate())));
        yaml.append("runs:\n");
        Set<String> taken = new HashSet<>();
        for (Run run : runs) {
            String rate = run.learningRate()
                    .map(known -> known.stripTrailingZeros().toPlainString())
                    .orElse("0.001");
            String same = sizes.get(run.shape()) + " " + rate + " ";
            long seed = run.seed().orElse(1L);
            while (run.seed().isEmpty() && taken.contains(same + seed)) {
                seed++;
            }
            taken.add(same + seed);
            yaml.append(String.format(
                    Locale.ROOT,
                    "  - {name: %s, size: %s, algorithm: adamw, learningRate: %s, seed: %d%s}\n",
                    YamlText.scalar(run.name()),
                    sizes.get(run.shape()),
                    rate,
                    seed,
                    run.last() == steps ? "" : ", steps: " + run.last()));
        }
        yaml.append("tasks: []   # such as [{name: arc_easy, baseline: 0.25}]\n");
        yaml.append("analysis: {match: []}   # held-out losses at which runs are compared, such as [3.2]\n");
        IngestFile.read(yaml.toString(), "The proposal for " + folder);
        return yaml.toString();
    }

    /** Returns a name for each shape: d and the width, and the layers if widths are the same. */
    private static Map<Shape, String> sizes(List<Run> runs) {
        Map<Shape, String> sizes = new LinkedHashMap<>();
        for (Run run : runs) {
            Shape shape = run.shape();
            if (shape.width() == 0 || shape.layers() == 0 || shape.heads() == 0) {
                throw new Refusal("The config.json of run " + run.name() + " does not tell its width, layers and"
                        + " heads: write basin.yaml yourself, as infra/docs/own-checkpoints.md shows.");
            }
            String name = "d" + shape.width();
            String longer = sizes.containsValue(name) ? name + "-" + shape.layers() : name;
            String longest =
                    sizes.containsValue(longer) ? longer + "-" + shape.heads() + "-" + shape.intermediate() : longer;
            sizes.putIfAbsent(shape, longest);
        }
        return sizes;
    }

    private static Optional<String> text(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            List<String> texts = inside.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList();
            return texts.stream()
                    .filter(name -> HELD_OUT.matcher(name).find())
                    .findFirst()
                    .or(() -> texts.stream().findFirst());
        }
    }

    private static String name(Path folder) {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                .replaceAll("[^A-Za-z0-9._+-]", "-")
                .replaceAll("^[^A-Za-z0-9]+", "");
        return YamlText.scalar(
                name.isEmpty() || name.equals("null") ? "my-models" : name.substring(0, Math.min(40, name.length())));
    }
}
