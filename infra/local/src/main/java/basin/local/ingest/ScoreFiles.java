package basin.local.ingest;

import basin.events.IngestFile;
import basin.events.Measured;
import basin.events.spec.IngestedRun;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Scores from files: CSV with the columns {@code run,step,task,score,stderr,n}, or the JSON results of lm-evaluation-harness, whose
 * checkpoint is told by the model's path in them or by the file's own. Files that are no such results, or not to their end, are told and left.
 */
final class ScoreFiles {
    private static final List<String> COLUMNS = List.of("run", "step", "task", "score", "stderr", "n");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final IngestFile.Manifest manifest;
    private final List<String> refused = new ArrayList<>();
    private final List<Score> scores = new ArrayList<>();

    private ScoreFiles(IngestFile.Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * What was read.
     *
     * @param refused one sentence for each file or line that was not taken
     */
    record Read(List<Score> scores, List<String> refused) {}

    /** Reads files and, in folders, every CSV and JSON file below. */
    static Read read(List<Path> places, IngestFile.Manifest manifest) throws IOException {
        ScoreFiles files = new ScoreFiles(manifest);
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> below = Files.walk(place)) {
                    for (Path file : below.filter(Files::isRegularFile)
                            .filter(one -> one.toString().matches(".*[.](csv|json)"))
                            .sorted()
                            .toList()) {
                        files.file(file);
                    }
                }
            } else if (Files.exists(place)) {
                files.file(place);
            }
        }
        return new Read(List.copyOf(files.scores), List.copyOf(files.refused));
    }

    private void file(Path file) throws IOException {
        if (file.toString().endsWith(".csv")) {
            csv(file);
        } else {
            json(file);
        }
    }

    private void csv(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty()
                || !Arrays.asList(lines.getFirst().strip().split(",")).equals(COLUMNS)) {
            refused.add(file + " does not begin with " + String.join(",", COLUMNS) + ": give these columns.");
            return;
        }
        for (int i = 1; i < lines.size(); i++) {
            String where = file + ", line " + (i + 1);
            String[] cells = lines.get(i).strip().split(",", -1);
            if (lines.get(i).isBlank()) {
                continue;
            }
            if (cells.length != COLUMNS.size()) {
                refused.add(where + " has " + cells.length + " columns: give " + COLUMNS.size() + ", "
                        + String.join(",", COLUMNS) + "; stderr or n may be empty.");
            } else if (!cells[1].strip().matches("[0-9]{1,9}")) {
                refused.add(where + ": step is '" + cells[1] + "': give a whole number.");
            } else {
                row(where, cells);
            }
        }
    }

    private void row(String where, String[] cells) {
        for (int column = COLUMNS.indexOf("score"); column < cells.length; column++) {
            if (!cells[column].isBlank() && number(cells[column]).isEmpty()) {
                refused.add(where + ": " + COLUMNS.get(column) + " is '" + cells[column] + "': give a number.");
                return;
            }
        }
        add(
                where,
                cells[0].strip(),
                Integer.parseInt(cells[1].strip()),
                cells[2].strip(),
                number(cells[3]),
                number(cells[4]),
                number(cells[5]));
    }

    private void json(Path file) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (com.fasterxml.jackson.core.JsonProcessingException halfWritten) {
            refused.add(file + " is no JSON to its end: it is read again when it has changed.");
            return;
        }
        if (!root.path("results").isObject()) {
            return; // Other JSON files lie beside the results.
        }
        Optional<Matcher> about =
                checkpoint(root.path("config").path("model_args").toString() + "\n"
                        + root.path("model_name").asText() + "\n" + file.toAbsolutePath());
        if (about.isEmpty()) {
            refused.add(file + " does not tell its checkpoint: let its model's path or its own hold RUN/step-N of a run"
                    + " of the manifest.");
            return;
        }
        String run = about.get().group("run");
        int step = Integer.parseInt(about.get().group("step"));
        String metric = manifest.metric().orElse("acc");
        for (IngestFile.Scored task : manifest.tasks()) {
            JsonNode result = root.path("results").path(task.name());
            if (result.isObject()) {
                add(
                        file + ", " + task.name(),
                        run,
                        step,
                        task.name(),
                        number(result, metric),
                        number(result, metric + "_stderr"),
                        number(root.path("n-samples").path(task.name()), "effective"));
            }
        }
    }

    private Optional<Matcher> checkpoint(String text) {
        for (IngestedRun run : manifest.runs()) {
            Matcher found = Pattern.compile("(?:^|[/\\\\=\"]|__)(?<run>" + Pattern.quote(run.name())
                            + ")(?:[/\\\\]+|__)(?:step|checkpoint)-(?<step>[0-9]{1,9})")
                    .matcher(text);
            if (found.find()) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** A result's number under its name, or under its name and a filter's, of which {@code none} goes first. */
    private static OptionalDouble number(JsonNode result, String name) {
        return Stream.concat(
                        Stream.of(name, name + ",none"),
                        result.properties().stream().map(Map.Entry::getKey).filter(key -> key.startsWith(name + ",")))
                .map(result::path)
                .filter(JsonNode::isNumber)
                .mapToDouble(JsonNode::asDouble)
                .findFirst();
    }

    private static OptionalDouble number(String text) {
        try {
            return text.isBlank() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text.strip()));
        } catch (NumberFormatException none) {
            return OptionalDouble.empty();
        }
    }

    private boolean isNamed(String where, String field, String name, Stream<String> inManifest) {
        List<String> names = inManifest.toList();
        if (!names.contains(name)) {
            refused.add(where + ": " + field + " is '" + name + "', which is not in the manifest: give one of "
                    + String.join(", ", names) + ", or name it there.");
        }
        return names.contains(name);
    }

    private void add(
            String where,
            String run,
            int step,
            String task,
            OptionalDouble score,
            OptionalDouble error,
            OptionalDouble n) {
        if (!isNamed(where, "run", run, manifest.runs().stream().map(IngestedRun::name))
                || !isNamed(where, "task", task, manifest.tasks().stream().map(IngestFile.Scored::name))) {
            return;
        }
        if (score.isEmpty() || !(score.getAsDouble() >= 0 && score.getAsDouble() <= 1)) {
            refused.add(where + ": the score is " + (score.isEmpty() ? "absent" : score.getAsDouble())
                    + ": give a share from 0 to 1.");
            return;
        }
        double value = score.getAsDouble();
        if (error.isEmpty() && !(n.isPresent() && n.getAsDouble() >= 1)) {
            refused.add(where + ": neither a standard error nor n is given: give one of them.");
            return;
        }
        // Of n right or wrong answers.
        double own = error.isPresent() ? error.getAsDouble() : Math.sqrt(value * (1 - value) / n.orElse(1));
        if (!(own >= 0) || !Double.isFinite(own)) {
            refused.add(where + ": the standard error is " + own + ": give a number of 0 or more.");
            return;
        }
        scores.add(new Score(run, step, task, new Measured(value, own)));
    }
}
