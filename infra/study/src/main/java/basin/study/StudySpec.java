package basin.study;

import static basin.study.Checks.identifier;
import static basin.study.Checks.require;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A study: a grid of runs on one language, the measurements on each checkpoint, and the analysis.
 *
 * @param sizes networks, each with a unique name
 * @param algorithms training algorithms, each once, optionally with their own rates
 * @param learningRates peak learning rates
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
        identifier("name", name);
        sizes = some("sizes", sizes);
        algorithms = some("algorithms", algorithms);
        learningRates = some("learningRates", learningRates);
        seeds = some("seeds", seeds);
        flatness = List.copyOf(flatness);
        tasks = List.copyOf(tasks);
        protocols = List.copyOf(protocols);
        startFrom = startFrom.map(List::copyOf);
        ingested = ingested.map(List::copyOf);
        Problems problems = new Problems();
        for (double learningRate : learningRates) {
            problems.require(
                    learningRate > 0 && Double.isFinite(learningRate),
                    "learningRates",
                    learningRate,
                    "give a number above 0");
        }
        once(problems, "sizes.name", sizes.stream().map(SizeSpec::name).toList());
        once(
                problems,
                "algorithms",
                algorithms.stream()
                        .map(arm -> arm.algorithm().name() + arm.departures())
                        .toList());
        once(problems, "learningRates", learningRates);
        once(problems, "seeds", seeds);
        once(
                problems,
                "flatness.estimator",
                flatness.stream().map(EstimatorSpec::title).toList());
        List<String> taskNames = tasks.stream().map(TaskSpec::name).toList();
        List<String> protocolNames = protocols.stream().map(ProtocolSpec::name).toList();
        once(problems, "tasks.name", taskNames);
        once(problems, "protocols.name", protocolNames);
        checkObjective(problems, sizes, training);
        checkEmbeddings(problems, sizes, flatness, training);
        checkLanguage(problems, language, algorithms, flatness, tasks);
        checkStarts(problems, sizes, startFrom);
        checkReference(problems, reference, Arm.of(algorithms, learningRates, training));
        checkIngested(problems, language, sizes, protocols, ingested);
        long cells =
                (long) sizes.size() * seeds.size() * startFrom.map(List::size).orElse(1);
        long runs = 0;
        for (ArmSpec arm : algorithms) {
            runs += arm.algorithm().isTrained()
                    ? cells * arm.learningRatesOr(learningRates).size()
                    : 1;
        }
        problems.require(runs <= MAX_RUNS, "the grid", runs + " runs", "ask for at most " + MAX_RUNS);
        if (analysis.claim().isPresent()) {
            List<ClaimSpec.Cell> compared = compared(sizes, algorithms, learningRates, seeds);
            analysis.claim().get().fits(problems, taskNames, protocolNames, analysis.match(), flatness, compared);
        }
        problems.refuse();
    }

    /** Returns the size and rate of every run that enters correlations. */
    private static List<ClaimSpec.Cell> compared(
            List<SizeSpec> sizes, List<ArmSpec> algorithms, List<Double> learningRates, List<Long> seeds) {
        return algorithms.stream()
                .filter(arm -> arm.algorithm().isTrained() && !arm.algorithm().looksAtATask())
                .flatMap(arm -> arm.learningRatesOr(learningRates).stream())
                .flatMap(learningRate -> sizes.stream()
                        .flatMap(size -> seeds.stream().map(seed -> new ClaimSpec.Cell(size.name(), learningRate))))
                .toList();
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
     * Checks that runs of another program, its scores and an ingested text are given together or
     * not at all.
     */
    private static void checkIngested(
            Problems problems,
            LanguageSpec language,
            List<SizeSpec> sizes,
            List<ProtocolSpec> protocols,
            Optional<List<IngestedRun>> ingested) {
        boolean other = language instanceof LanguageSpec.Ingested;
        problems.require(
                ingested.isPresent() == other
                        && protocols.stream().allMatch(one -> one instanceof ProtocolSpec.Scores == other),
                "language.kind",
                "'" + language.kind() + "'",
                "give another language and other protocols, or let infra/basin ingest make the study");
        ingested.ifPresent(runs -> {
            problems.require(!runs.isEmpty(), "runs", "empty", "name at least one");
            once(problems, "runs.name", runs.stream().map(IngestedRun::name).toList());
            List<String> names = sizes.stream().map(SizeSpec::name).toList();
            runs.forEach(run -> problems.require(
                    names.contains(run.size()),
                    "runs.size",
                    "'" + run.size() + "'",
                    "give one of the sizes, " + String.join(", ", names)));
        });
    }

    private static void checkReference(Problems problems, Optional<String> reference, List<Arm> arms) {
        reference.ifPresent(named -> problems.require(
                arms.stream().anyMatch(arm -> arm.isCalled(named)),
                "reference",
                "'" + named + "'",
                "give one of the study's arms, "
                        + String.join(", ", arms.stream().map(Arm::name).toList())));
    }

    private static void checkStarts(Problems problems, List<SizeSpec> sizes, Optional<List<StartSpec>> startFrom) {
        startFrom.ifPresent(starts -> {
            problems.require(!starts.isEmpty(), "start_from", "empty", "name at least one RUN@STEP, or leave it out");
            once(
                    problems,
                    "start_from",
                    starts.stream()
                            .map(start -> start.run() + "@" + start.step())
                            .toList());
            problems.require(
                    sizes.size() == 1,
                    "sizes",
                    sizes.stream().map(SizeSpec::name).toList(),
                    "give one alone, that of the runs that start_from names");
        });
    }

    /** Checks the restrictions of the language's kind. */
    private static void checkLanguage(
            Problems problems,
            LanguageSpec language,
            List<ArmSpec> algorithms,
            List<EstimatorSpec> flatness,
            List<TaskSpec> tasks) {
        if (language instanceof LanguageSpec.Ingested) {
            flatness.forEach(entry -> problems.attempt(() -> entry.check(language)));
            tasks.forEach(task -> problems.require(
                    task.label() == TaskSpec.Label.SCORED,
                    "tasks.label",
                    task.label(),
                    "give the task's name alone, for another program scores it"));
            return;
        }
        tasks.forEach(task -> checkTable(problems, language, algorithms, task));
        if (language.against() == Against.HELD_OUT) {
            for (ArmSpec arm : algorithms) {
                problems.require(
                        arm.algorithm().isTrained()
                                && arm.algorithm()
                                        .part(AlgorithmSpec.Adversarial.class)
                                        .isEmpty(),
                        "algorithms.kind",
                        "'" + arm.algorithm().name() + "'",
                        "leave it out, for the conditionals of a text and the labels of its sentences are unknown");
            }
            flatness.forEach(entry -> problems.attempt(() -> entry.check(language)));
        }
    }

    private static void checkTable(Problems problems, LanguageSpec language, List<ArmSpec> algorithms, TaskSpec task) {
        boolean text = language instanceof LanguageSpec.Text;
        boolean teacher = language instanceof LanguageSpec.Teacher;
        String in = " in task '" + task.name() + "'";
        if (task.table().isEmpty()) {
            problems.require(
                    !text,
                    "tasks.table",
                    "absent" + in,
                    "give a table of labelled texts, for nothing else tells the labels of a text");
            return;
        }
        TableSpec table = task.table().get();
        problems.require(
                text || teacher,
                "tasks.table",
                "given" + in,
                "leave the task out, or give a language of kind text or teacher, for only these have a tokenizer");
        problems.require(
                table.tokenizer().isPresent() == teacher,
                "tasks.table.tokenizer",
                (teacher ? "absent" : "given") + in,
                teacher
                        ? "give the SHA-256 of the teacher's tokenizer.json, or the teacher itself as language.folder"
                        : "leave it out, for language.tokenizer splits tables, too");
        problems.require(
                !table.pairs() || !(language instanceof LanguageSpec.Text own) || own.pairs() > 0,
                "language.pairs",
                0,
                "give a share above 0, such as 0.2, for task '" + task.name()
                        + "' has pairs, and pre-training has to see the separator between two sentences");
        if (language instanceof LanguageSpec.Teacher own && own.minLength() > 1) {
            for (ArmSpec arm : algorithms) {
                problems.require(
                        arm.algorithm().isTrained(),
                        "algorithms.kind",
                        "'" + arm.algorithm().name() + "'",
                        "leave it out, or give language.minLength as 1, for a table's texts may be shorter than the"
                                + " sentences whose conditionals it has");
            }
        }
    }

    private static void checkObjective(Problems problems, List<SizeSpec> sizes, TrainingSpec training) {
        if (!training.predicted().masks()) {
            sizes.forEach(size -> problems.require(
                    size.madeOf() == Architecture.TRANSFORMER,
                    "training.objective",
                    training.predicted().name().toLowerCase(Locale.ROOT),
                    "leave it out, or leave size '" + size.name() + "' out, for an LSTM that reads both ways sees the"
                            + " words that it would predict"));
        }
    }

    private static void checkEmbeddings(
            Problems problems, List<SizeSpec> sizes, List<EstimatorSpec> flatness, TrainingSpec training) {
        for (EstimatorSpec entry : flatness) {
            entry.expandTo().ifPresent(into -> {
                problems.require(
                        training.predicted().masks(),
                        "flatness.expandTo",
                        "'" + into.name() + "'",
                        "leave it out, for with training.objective "
                                + training.predicted().name().toLowerCase(Locale.ROOT)
                                + " no larger architecture is known that a network can be embedded in");
                problems.attempt(() -> sizes.forEach(size -> checkEmbedding(size, into)));
            });
        }
    }

    /**
     * Checks the conditions of {@code FunctionPreservingExpansion}, under which a network can be
     * embedded in an architecture.
     */
    private static void checkEmbedding(SizeSpec size, SizeSpec into) {
        require(
                size.madeOf() == Architecture.TRANSFORMER,
                "flatness.expandTo",
                "'" + into.name() + "'",
                "leave it out, or leave size '" + size.name()
                        + "' out, for an LSTM is not embedded in a larger network");
        boolean whole = into.width() % size.width() == 0 && into.intermediate() % size.intermediate() == 0;
        boolean heads = (long) into.heads() * size.width() == (long) size.heads() * into.width();
        require(
                whole && heads && into.layers() >= size.layers(),
                "flatness.expandTo",
                "'" + into.name() + "', of width " + into.width() + ", " + into.layers() + " layers, " + into.heads()
                        + " heads and " + into.intermediate() + " hidden units",
                "give one in which every size of the study fits: '" + size.name() + "' needs a whole multiple of width "
                        + size.width() + " and of " + size.intermediate() + " hidden units, at least " + size.layers()
                        + " layers, and heads of " + size.width() / size.heads() + " units");
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

    private static void once(Problems problems, String field, Collection<?> values) {
        problems.require(values.stream().distinct().count() == values.size(), field, values, "name each once");
    }
}
