package basin.study.file;

import basin.study.AlgorithmSpec;
import basin.study.AnalysisSpec;
import basin.study.ArmSpec;
import basin.study.CheckpointSpec;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.IngestedRun;
import basin.study.LanguageSpec;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Ranges;
import basin.study.Records;
import basin.study.Refusal;
import basin.study.Schedule;
import basin.study.SizeSpec;
import basin.study.StudyRules;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.TrainingSpec;
import basin.study.ValidationSpec;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Manifests of runs that another program trains, in YAML or JSON. Every field is checked when the
 * file is read. Thread-safe.
 */
public final class IngestFile {
    /**
     * The fewest lines on which the held-out loss is measured: the usual minimum of an interval.
     */
    public static final int MIN_SENTENCES = Estimator.Minimum.USUAL.examples();

    private static final SpecReader<Manifest> READER =
            new SpecReader<>(Manifest.class, FileSchema.manifest(), Fields.MANIFEST, new Steps());

    private IngestFile() {}

    /**
     * A task that another program scores.
     *
     * @param name name in that program
     * @param baseline score of chance or of an untrained network, 0 to 1, above which scores are
     *     reported; 0 if absent
     */
    public record Scored(
            String name,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> baseline) {
        public Scored {
            baseline.ifPresent(own -> Ranges.share("tasks.baseline", own));
        }
    }

    /**
     * The contents of a manifest.
     *
     * @param study name of the study
     * @param text file beside the manifest on whose lines loss and flatness are measured
     * @param maxLength tokens at which a line is truncated; if absent, the model's maximum
     * @param sentences lines drawn for the loss, the same for every checkpoint
     * @param seed seed of the drawn lines
     * @param steps the last step of the runs
     * @param metric the score's name in the other program's results; {@code acc} if absent
     */
    public record Manifest(
            String study,
            String text,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> maxLength,
            int sentences,
            long seed,
            int steps,
            List<SizeSpec> sizes,
            List<IngestedRun> runs,
            List<EstimatorSpec> flatness,
            List<Scored> tasks,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> metric,
            AnalysisSpec analysis,
            PlatformSpec platform) {
        /** The only protocol of such a study. */
        public static final String PROTOCOL = "scores";

        public Manifest {
            Ranges.atLeast(MIN_SENTENCES, "sentences", sentences);
            sizes = List.copyOf(sizes);
            runs = List.copyOf(runs);
            flatness = List.copyOf(flatness);
            tasks = List.copyOf(tasks);
            for (EstimatorSpec requested : flatness) {
                if (requested.estimator().tellsLayers()
                        || requested.estimator().measuresSpectrum()
                        || requested.expandTo().isPresent()) {
                    throw new Refusal("flatness.estimator is '" + requested.title()
                            + "': give one that measures a model in a folder whole, such as hessian.split.");
                }
            }
        }

        /** Returns the baseline of a task; 0 if none is given. */
        public double baseline(String task) {
            return tasks.stream()
                    .filter(one -> one.name().equals(task))
                    .findFirst()
                    .flatMap(Scored::baseline)
                    .orElse(0.0);
        }

        /**
         * Returns the study that is put on record.
         *
         * @param textHash SHA-256 of the text
         * @param device device that measures
         */
        public StudySpec study(String textHash, String device) {
            return new StudySpec(
                    study,
                    new LanguageSpec.Ingested(study, textHash, maxLength.orElse(0)),
                    sizes,
                    runs.stream()
                            .map(IngestedRun::algorithm)
                            .distinct()
                            .map(name -> new ArmSpec(new AlgorithmSpec.Other(name)))
                            .toList(),
                    runs.stream().map(IngestedRun::learningRate).distinct().toList(),
                    runs.stream().map(IngestedRun::seed).distinct().toList(),
                    // Only the last step of another program's training is known.
                    new TrainingSpec(steps, 1, Schedule.CONSTANT, 0, 0, 0, 1, 0, 1, Optional.empty()),
                    new CheckpointSpec(Optional.empty(), 0, List.of()),
                    new ValidationSpec(sentences, sentences, 1, seed),
                    flatness,
                    tasks.stream().map(one -> TaskSpec.scored(one.name())).toList(),
                    tasks.isEmpty() ? List.of() : List.of(new ProtocolSpec.Scores(PROTOCOL, metric.orElse("acc"))),
                    analysis,
                    new PlatformSpec(device, platform.dtype()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(runs));
        }
    }

    /**
     * Reads a manifest.
     *
     * @throws Refusal if the manifest has a mistake; one sentence with the field, the value and the
     *     fix
     */
    public static Manifest read(Path file) {
        return read(StudyFile.text(file), file.toString());
    }

    /**
     * Reads a manifest from text. {@code origin} names it in messages.
     *
     * @throws Refusal as {@link #read(Path)}
     */
    public static Manifest read(String yaml, String origin) {
        return READER.read(
                        yaml,
                        origin,
                        "manifest: begin with 'study:' and the fields of one",
                        Path.of(""),
                        SpecReader.Rules.none())
                .spec();
    }

    /** The steps of manifests. */
    private static final class Steps implements SpecReader.Steps {
        @Override
        public void expand(ObjectNode file) {
            StudyFile.sizes(file);
        }

        @Override
        public void check(Map<String, Object> parts, Set<String> incomplete, Mistakes mistakes) {
            Map<String, Object> study = new HashMap<>();
            Set<String> unknown = new HashSet<>(incomplete);
            for (String same : List.of("sizes", "flatness", "analysis")) {
                if (parts.containsKey(same)) {
                    study.put(same, parts.get(same));
                }
            }
            if (parts.get("runs") instanceof List<?> runs) {
                study.put("ingested", Optional.of(runs));
            }
            if (unknown.remove("runs")) {
                unknown.add("ingested");
            }
            mistakes.attempt("", () -> StudyRules.check(study, unknown));
            if (mistakes.isEmpty()) {
                // Whatever a study refuses besides is refused here, where it has a line.
                mistakes.attempt("", () -> Records.of(Manifest.class, parts).study("0".repeat(64), "cpu"));
            }
        }
    }
}
