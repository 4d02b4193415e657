package basin.study;

import static basin.study.Checks.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A study: a grid of runs on one language, the measurements on each checkpoint, and the analysis.
 *
 * @param sizes networks, each with a unique name
 * @param algorithms training algorithms, each once, optionally with their own rates
 * @param learningRates peak learning rates, without a unit
 * @param seeds seeds of runs; there is one run per size, algorithm, rate and seed, and per start
 *     checkpoint if there are any
 * @param startFrom checkpoints of earlier runs from whose weights the runs start; absent if they
 *     start from initial weights
 * @param reference the arm that others are compared with; the first if absent
 * @param ingested the runs that another program trains; absent if they are those of the grid
 */
public record StudySpec(
        String name,
        LanguageSpec language,
        List<SizeSpec> sizes,
        List<ArmSpec> algorithms,
        List<Double> learningRates,
        List<Long> seeds,
        TrainingSpec training,
        CheckpointSpec checkpoints,
        ValidationSpec validation,
        List<EstimatorSpec> flatness,
        List<TaskSpec> tasks,
        List<ProtocolSpec> protocols,
        AnalysisSpec analysis,
        PlatformSpec platform,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<StartSpec>> startFrom,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> reference,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<IngestedRun>> ingested) {
    /** The most runs of one study. */
    public static final int MAX_RUNS = 10_000;

    public StudySpec {
        sizes = some("sizes", sizes);
        algorithms = some("algorithms", algorithms);
        learningRates = some("learningRates", learningRates);
        seeds = some("seeds", seeds);
        flatness = List.copyOf(flatness);
        tasks = List.copyOf(tasks);
        protocols = List.copyOf(protocols);
        startFrom = startFrom.map(List::copyOf);
        ingested = ingested.map(List::copyOf);
        StudyRules.check(
                Map.ofEntries(
                        Map.entry("name", name),
                        Map.entry("language", language),
                        Map.entry("sizes", sizes),
                        Map.entry("algorithms", algorithms),
                        Map.entry("learningRates", learningRates),
                        Map.entry("seeds", seeds),
                        Map.entry("training", training),
                        Map.entry("flatness", flatness),
                        Map.entry("tasks", tasks),
                        Map.entry("protocols", protocols),
                        Map.entry("analysis", analysis),
                        Map.entry("startFrom", startFrom),
                        Map.entry("reference", reference),
                        Map.entry("ingested", ingested)),
                Set.of());
    }

    /** Returns the same study, starting from these checkpoints. */
    public StudySpec from(List<StartSpec> starts) {
        return Records.with(this, Map.of("startFrom", Optional.of(starts)));
    }

    /** Returns the same study on a device of that name. */
    public StudySpec on(String device) {
        return Records.with(this, Map.of("platform", new PlatformSpec(device, platform.dtype())));
    }

    /**
     * Returns whether every checkpoint that runs start from has the hash of its weights, as in a
     * study on record.
     */
    public boolean namesWeights() {
        return startFrom.stream().flatMap(List::stream).allMatch(StartSpec::settled);
    }

    /**
     * Returns every peak learning rate of the grid: the common ones, then those that only some
     * algorithms have.
     */
    public List<Double> everyLearningRate() {
        return Stream.concat(
                        learningRates.stream(),
                        algorithms.stream().flatMap(arm -> arm.learningRatesOr(List.of()).stream()))
                .distinct()
                .toList();
    }

    /**
     * Returns whether the study compares flatness within a size: if it has several sizes, each with
     * more than one run. Traces of different sizes are not in one parameterisation.
     */
    public boolean comparesWithinSize() {
        return sizes.size() > 1 && everyLearningRate().size() * seeds.size() > 1;
    }

    private static <T> List<T> some(String field, List<T> values) {
        require(!values.isEmpty(), field, "empty", "name at least one");
        return List.copyOf(values);
    }
}
