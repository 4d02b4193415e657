package basin.cli.ingest;

import basin.record.Measured;
import basin.study.IngestedRun;
import basin.study.Refusal;
import basin.study.file.IngestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads scores from {@linkplain ScoreTable CSV tables} and from JSON
 * {@linkplain HarnessResults results} of lm-evaluation-harness. An invalid file or line is refused
 * in one sentence, and the others are read.
 */
final class ScoreFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ScoreFiles.class);
    /** The standard error of a share is largest for a share of one half of one answer. */
    private static final double MAX_STANDARD_ERROR = 0.5;

    /** The deepest folder of scores; lm-evaluation-harness makes two or three. */
    private static final int MAX_DEPTH = 16;

    private final IngestFile.Manifest manifest;
    private final List<String> refused = new ArrayList<>();
    /** All scores that the files contain, by run, step and task, each with its first place. */
    private final Map<List<Object>, Map<Score, String>> scores = new LinkedHashMap<>();

    private ScoreFiles(IngestFile.Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * The scores that were read.
     *
     * @param scores at most one for a run, step and task
     * @param refused one sentence for each file or line that was refused
     */
    record Read(List<Score> scores, List<String> refused) {}

    /**
     * Reads files and, in folders, every CSV and JSON file below. Places that do not exist are
     * ignored, because they may appear later.
     */
    static Read read(List<Path> places, IngestFile.Manifest manifest) {
        ScoreFiles files = new ScoreFiles(manifest);
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> below = Files.walk(place, MAX_DEPTH)) {
                    below.filter(file -> ending(file).matches("csv|json") && Files.isRegularFile(file))
                            .sorted()
                            .forEach(files::file);
                } catch (IOException | UncheckedIOException unreadable) {
                    files.refused.add(place + " cannot be read to its end (" + unreadable.getMessage()
                            + "): check that you may read its folders.");
                }
            } else if (Files.exists(place)) {
                files.file(place);
            }
        }
        return files.read();
    }

    private Read read() {
        List<Score> taken = new ArrayList<>();
        scores.forEach((about, given) -> {
            if (given.size() == 1) {
                taken.addAll(given.keySet());
            } else {
                refused.add("The score of " + about.get(0) + " at step " + about.get(1) + " on " + about.get(2)
                        + " is given differently: "
                        + given.entrySet().stream()
                                .map(one -> one.getKey().value().value() + " ± "
                                        + one.getKey().value().standardError() + " by " + one.getValue())
                                .collect(Collectors.joining(", "))
                        + ": keep one of them.");
            }
        });
        return new Read(List.copyOf(taken), List.copyOf(refused));
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private void file(Path file) {
        try {
            switch (ending(file)) {
                case "csv", "tsv" -> ScoreTable.read(file, this::take, refused::add);
                case "json" -> HarnessResults.read(file, manifest, this::take, refused::add);
                default ->
                    refused.add(file + " is neither CSV nor JSON by its name: give a file that ends in .csv or .json.");
            }
        } catch (Refusal bad) {
            refused.add(String.valueOf(bad.getMessage()));
        } catch (NoSuchFileException gone) {
            // The file is read when it appears again.
        } catch (IOException | UncheckedIOException unreadable) {
            refused.add(file + " cannot be read (" + unreadable.getMessage() + "): check that you may read it.");
        } catch (RuntimeException bug) {
            // One file does not end the watch.
            LOG.error("{} could not be read, which is a bug of Basin; the others are read.", file, bug);
            refused.add(file + " is left out because of a bug of Basin ("
                    + bug.getClass().getSimpleName() + "): report it with its stack trace.");
        }
    }

    private void isNamed(String where, String field, String name, Stream<String> inManifest) {
        List<String> names = inManifest.toList();
        if (!names.contains(name)) {
            throw new Refusal(where + ": " + field + " is '" + name + "', which is not in the manifest: give one of "
                    + String.join(", ", names) + ", or name it there.");
        }
    }

    private void take(Score.Given given) {
        try {
            Score score = checked(given);
            scores.computeIfAbsent(List.of(score.run(), score.step(), score.task()), about -> new LinkedHashMap<>())
                    .putIfAbsent(score, given.where());
        } catch (Refusal bad) {
            refused.add(String.valueOf(bad.getMessage()));
        }
    }

    private Score checked(Score.Given given) {
        String where = given.where();
        isNamed(where, "run", given.run(), manifest.runs().stream().map(IngestedRun::name));
        isNamed(where, "task", given.task(), manifest.tasks().stream().map(IngestFile.Scored::name));
        double value = given.value().orElse(Double.NaN);
        if (!(value >= 0 && value <= 1)) {
            throw new Refusal(where + ": the score is " + (given.value().isEmpty() ? "absent" : value)
                    + ": give a share from 0 to 1.");
        }
        double examples = given.examples().orElse(1);
        if (!(examples >= 1) || examples != Math.rint(examples)) {
            throw new Refusal(where + ": n is " + examples + ": give the whole number of answers, at least 1.");
        }
        if (given.standardError().isEmpty() && given.examples().isEmpty()) {
            throw new Refusal(where + ": neither a standard error nor n is given: give one of them.");
        }
        // The binomial standard error of n right or wrong answers.
        double error = given.standardError().orElseGet(() -> Math.sqrt(value * (1 - value) / examples));
        if (!(error >= 0 && error <= MAX_STANDARD_ERROR)) {
            throw new Refusal(where + ": the standard error is " + error + ": give that of a share, from 0 to "
                    + MAX_STANDARD_ERROR + ".");
        }
        return new Score(given.run(), given.step(), given.task(), new Measured(value, error));
    }
}
