package basin.events.spec;

import static basin.events.spec.InvalidSpecException.identifier;
import static basin.events.spec.InvalidSpecException.positive;
import static basin.events.spec.InvalidSpecException.require;

import java.util.Collection;
import java.util.List;

/**
 * A study file: a grid of runs on one language, what is measured on each checkpoint, and the question asked of it all.
 *
 * @param sizes networks, each with its own name
 * @param rates peak learning rates
 * @param seeds one run a size, rate and seed
 */
public record StudySpec(
        String name,
        LanguageSpec language,
        List<SizeSpec> sizes,
        List<String> algorithms,
        List<Double> rates,
        List<Long> seeds,
        TrainingSpec training,
        CheckpointSpec checkpoints,
        ValidationSpec validation,
        List<EstimatorSpec> flatness,
        List<TaskSpec> tasks,
        List<ProtocolSpec> protocols,
        AnalysisSpec analysis,
        PlatformSpec platform) {
    /** The most runs that one study may ask for. */
    public static final int MOST_RUNS = 10_000;

    public StudySpec {
        identifier("name", name);
        sizes = some("sizes", sizes);
        algorithms = some("algorithms", algorithms);
        rates = some("rates", rates);
        rates.forEach(rate -> positive("rates", rate));
        seeds = some("seeds", seeds);
        flatness = List.copyOf(flatness);
        tasks = List.copyOf(tasks);
        protocols = List.copyOf(protocols);
        once("sizes.name", sizes.stream().map(SizeSpec::name).toList());
        once("algorithms", algorithms);
        once("rates", rates);
        once("seeds", seeds);
        once(
                "flatness.estimator",
                flatness.stream().map(EstimatorSpec::estimator).toList());
        once("tasks.name", tasks.stream().map(TaskSpec::name).toList());
        once("protocols.name", protocols.stream().map(ProtocolSpec::name).toList());
        long runs = (long) sizes.size() * algorithms.size() * rates.size() * seeds.size();
        require(runs <= MOST_RUNS, "the grid", runs + " runs", "ask for at most " + MOST_RUNS);
    }

    /** The same study on a device of that name. */
    public StudySpec on(String device) {
        return new StudySpec(
                name,
                language,
                sizes,
                algorithms,
                rates,
                seeds,
                training,
                checkpoints,
                validation,
                flatness,
                tasks,
                protocols,
                analysis,
                new PlatformSpec(device, platform.dtype()));
    }

    private static <T> List<T> some(String field, List<T> values) {
        require(!values.isEmpty(), field, "empty", "name at least one");
        return List.copyOf(values);
    }

    private static void once(String field, Collection<?> values) {
        require(values.stream().distinct().count() == values.size(), field, values, "name each once");
    }
}
