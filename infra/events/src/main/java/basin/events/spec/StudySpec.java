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
 * @param algorithms each once, and where wanted with rates of its own
 * @param rates peak learning rates
 * @param seeds one run a size, algorithm, rate and seed
 */
public record StudySpec(
        String name,
        LanguageSpec language,
        List<SizeSpec> sizes,
        List<ArmSpec> algorithms,
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
        once(
                "algorithms",
                algorithms.stream().map(arm -> arm.algorithm().name()).toList());
        once("rates", rates);
        once("seeds", seeds);
        once("flatness.estimator", flatness.stream().map(EstimatorSpec::title).toList());
        checkObjective(sizes, training);
        checkEmbeddings(sizes, flatness, training);
        once("tasks.name", tasks.stream().map(TaskSpec::name).toList());
        once("protocols.name", protocols.stream().map(ProtocolSpec::name).toList());
        long cells = (long) sizes.size() * seeds.size();
        List<Double> common = rates;
        long runs = algorithms.stream()
                .mapToLong(arm -> arm.algorithm().isTrained()
                        ? cells * arm.ratesOr(common).size()
                        : 1)
                .sum();
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

    private static void checkObjective(List<SizeSpec> sizes, TrainingSpec training) {
        if (training.predicted() == Objective.CAUSAL) {
            sizes.forEach(size -> require(
                    size.madeOf() == Architecture.TRANSFORMER,
                    "training.objective",
                    "causal",
                    "leave it out, or leave size '" + size.name() + "' out, for an LSTM that reads both ways sees the"
                            + " words that it would predict"));
        }
    }

    private static void checkEmbeddings(List<SizeSpec> sizes, List<EstimatorSpec> flatness, TrainingSpec training) {
        for (EstimatorSpec entry : flatness) {
            entry.embed().ifPresent(into -> {
                require(
                        training.predicted() == Objective.MASKED,
                        "flatness.embed",
                        "'" + into.name() + "'",
                        "leave it out, for with training.objective causal no larger architecture is known that a"
                                + " network can be embedded in");
                sizes.forEach(size -> checkEmbedding(size, into));
            });
        }
    }

    /** Whether a network fits into an architecture: what {@code Enlargement} asks for, at the door. */
    private static void checkEmbedding(SizeSpec size, SizeSpec into) {
        require(
                size.madeOf() == Architecture.TRANSFORMER,
                "flatness.embed",
                "'" + into.name() + "'",
                "leave it out, or leave size '" + size.name()
                        + "' out, for an LSTM is not embedded in a larger network");
        boolean whole = into.width() % size.width() == 0 && into.intermediate() % size.intermediate() == 0;
        boolean heads = (long) into.heads() * size.width() == (long) size.heads() * into.width();
        require(
                whole && heads && into.layers() >= size.layers(),
                "flatness.embed",
                "'" + into.name() + "', of width " + into.width() + ", " + into.layers() + " layers, " + into.heads()
                        + " heads and " + into.intermediate() + " hidden units",
                "give one in which every size of the study fits: '" + size.name() + "' needs a whole multiple of width "
                        + size.width() + " and of " + size.intermediate() + " hidden units, at least " + size.layers()
                        + " layers, and heads of " + size.width() / size.heads() + " units");
    }

    /** Every peak learning rate of the grid: the common ones, then those that only some algorithms have. */
    public List<Double> everyRate() {
        return java.util.stream.Stream.concat(
                        rates.stream(), algorithms.stream().flatMap(arm -> arm.ratesOr(List.of()).stream()))
                .distinct()
                .toList();
    }

    private static <T> List<T> some(String field, List<T> values) {
        require(!values.isEmpty(), field, "empty", "name at least one");
        return List.copyOf(values);
    }

    private static void once(String field, Collection<?> values) {
        require(values.stream().distinct().count() == values.size(), field, values, "name each once");
    }
}
