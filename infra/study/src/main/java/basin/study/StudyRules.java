package basin.study;

import static basin.study.Checks.require;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The rules between the parts of a study. A file in which some parts are wrong is checked by the
 * rules that need only the others. Thread-safe.
 */
public final class StudyRules {
    private static final List<Rule> ALL = List.of(
            Rule.ofEntries(
                    (parts, problems) -> problems.attempt(() -> Checks.identifier("name", parts.name())), "name"),
            // What holds of every entry by itself, and so of the right entries of a list.
            Rule.ofEntries((parts, problems) -> rates(problems, parts.learningRates()), "learningRates"),
            Rule.ofEntries(
                    (parts, problems) -> once(problems, "learningRates", parts.learningRates()), "learningRates"),
            Rule.ofEntries((parts, problems) -> once(problems, "seeds", parts.seeds()), "seeds"),
            Rule.ofEntries(
                    (parts, problems) -> once(problems, "sizes.name", names(parts.sizes(), SizeSpec::name)), "sizes"),
            Rule.ofEntries(
                    (parts, problems) -> once(
                            problems,
                            "algorithms",
                            names(parts.algorithms(), arm -> arm.algorithm().name() + arm.departures())),
                    "algorithms"),
            Rule.ofEntries(
                    (parts, problems) ->
                            once(problems, "flatness.estimator", names(parts.flatness(), EstimatorSpec::title)),
                    "flatness"),
            Rule.ofEntries(
                    (parts, problems) -> once(problems, "tasks.name", names(parts.tasks(), TaskSpec::name)), "tasks"),
            Rule.ofEntries(
                    (parts, problems) -> once(problems, "protocols.name", names(parts.protocols(), ProtocolSpec::name)),
                    "protocols"),
            Rule.ofEntries(
                    (parts, problems) -> checkObjective(problems, parts.sizes(), parts.training()),
                    "sizes",
                    "training"),
            Rule.ofEntries(
                    (parts, problems) -> checkEmbeddings(problems, parts.sizes(), parts.flatness(), parts.training()),
                    "sizes",
                    "flatness",
                    "training"),
            Rule.ofEntries(
                    (parts, problems) -> checkLanguage(
                            problems, parts.language(), parts.algorithms(), parts.flatness(), parts.tasks()),
                    "language",
                    "algorithms",
                    "flatness",
                    "tasks"),
            // What holds of whole lists.
            Rule.ofAll(
                    (parts, problems) -> checkStarts(problems, parts.sizes(), parts.startFrom()), "sizes", "startFrom"),
            Rule.ofAll(
                    (parts, problems) -> checkReference(
                            problems,
                            parts.reference(),
                            Arm.of(parts.algorithms(), parts.learningRates(), parts.training())),
                    "reference",
                    "algorithms",
                    "learningRates",
                    "training"),
            Rule.ofAll(
                    (parts, problems) -> checkKind(problems, parts.language(), parts.protocols(), parts.ingested()),
                    "language",
                    "protocols",
                    "ingested"),
            Rule.ofAll((parts, problems) -> checkRuns(problems, parts.sizes(), parts.ingested()), "sizes", "ingested"),
            Rule.ofAll(
                    (parts, problems) -> checkGrid(
                            problems,
                            parts.sizes(),
                            parts.algorithms(),
                            parts.learningRates(),
                            parts.seeds(),
                            parts.startFrom()),
                    "sizes",
                    "algorithms",
                    "learningRates",
                    "seeds",
                    "startFrom"),
            Rule.ofAll(
                    (parts, problems) -> checkClaim(problems, parts),
                    "sizes",
                    "algorithms",
                    "learningRates",
                    "seeds",
                    "flatness",
                    "tasks",
                    "protocols",
                    "analysis"));

    private StudyRules() {}

    /** Parts of a study by the names of its components, each of its component's type. */
    @SuppressWarnings("unchecked")
    private record Parts(Map<String, ?> values) {
        private Object part(String name) {
            return Objects.requireNonNull(values.get(name), name);
        }

        String name() {
            return (String) part("name");
        }

        LanguageSpec language() {
            return (LanguageSpec) part("language");
        }

        List<SizeSpec> sizes() {
            return (List<SizeSpec>) part("sizes");
        }

        List<ArmSpec> algorithms() {
            return (List<ArmSpec>) part("algorithms");
        }

        List<Double> learningRates() {
            return (List<Double>) part("learningRates");
        }

        List<Long> seeds() {
            return (List<Long>) part("seeds");
        }

        TrainingSpec training() {
            return (TrainingSpec) part("training");
        }

        List<EstimatorSpec> flatness() {
            return (List<EstimatorSpec>) part("flatness");
        }

        List<TaskSpec> tasks() {
            return (List<TaskSpec>) part("tasks");
        }

        List<ProtocolSpec> protocols() {
            return (List<ProtocolSpec>) part("protocols");
        }

        AnalysisSpec analysis() {
            return (AnalysisSpec) part("analysis");
        }

        Optional<List<StartSpec>> startFrom() {
            return (Optional<List<StartSpec>>) part("startFrom");
        }

        Optional<String> reference() {
            return (Optional<String>) part("reference");
        }

        Optional<List<IngestedRun>> ingested() {
            return (Optional<List<IngestedRun>>) part("ingested");
        }
    }

    /**
     * A rule.
     *
     * @param entries whether it holds of the entries of an incomplete list
     * @param needs the parts that it is about
     */
    private record Rule(boolean entries, BiConsumer<Parts, Problems> check, List<String> needs) {
        static Rule ofEntries(BiConsumer<Parts, Problems> check, String... needs) {
            return new Rule(true, check, List.of(needs));
        }

        static Rule ofAll(BiConsumer<Parts, Problems> check, String... needs) {
            return new Rule(false, check, List.of(needs));
        }
    }

    /**
     * Applies all rules whose parts are known.
     *
     * @param parts parts of a study by the names of its components
     * @param incomplete names of lists that lack entries
     * @throws Refusal a sentence for every rule that does not hold
     */
    public static void check(Map<String, ?> parts, Set<String> incomplete) {
        Problems problems = new Problems();
        for (Rule rule : ALL) {
            if (parts.keySet().containsAll(rule.needs())
                    && (rule.entries() || rule.needs().stream().noneMatch(incomplete::contains))) {
                rule.check().accept(new Parts(parts), problems);
            }
        }
        problems.refuse();
    }

    private static <T> List<String> names(List<T> entries, Function<T, String> name) {
        return entries.stream().map(name).toList();
    }

    private static void once(Problems problems, String field, Collection<?> values) {
        Set<Object> seen = new HashSet<>();
        for (Object value : values) {
            problems.require(
                    seen.add(value),
                    field,
                    (value instanceof String ? "'" + value + "'" : value) + ", as in another entry",
                    "name each once");
        }
    }

    private static void rates(Problems problems, List<Double> learningRates) {
        learningRates.forEach(learningRate -> problems.require(
                learningRate > 0 && Double.isFinite(learningRate),
                "learningRates",
                learningRate,
                "give a number above 0"));
    }

    private static void checkGrid(
            Problems problems,
            List<SizeSpec> sizes,
            List<ArmSpec> algorithms,
            List<Double> learningRates,
            List<Long> seeds,
            Optional<List<StartSpec>> startFrom) {
        long cells =
                (long) sizes.size() * seeds.size() * startFrom.map(List::size).orElse(1);
        long runs = 0;
        for (ArmSpec arm : algorithms) {
            runs += arm.algorithm().isTrained()
                    ? cells * arm.learningRatesOr(learningRates).size()
                    : 1;
        }
        problems.require(
                runs <= StudySpec.MAX_RUNS, "the grid", runs + " runs", "ask for at most " + StudySpec.MAX_RUNS);
    }

    private static void checkClaim(Problems problems, Parts parts) {
        AnalysisSpec analysis = parts.analysis();
        analysis.claim()
                .ifPresent(claim -> claim.fits(
                        problems,
                        names(parts.tasks(), TaskSpec::name),
                        names(parts.protocols(), ProtocolSpec::name),
                        analysis.match(),
                        parts.flatness(),
                        compared(parts.sizes(), parts.algorithms(), parts.learningRates(), parts.seeds())));
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

    /**
     * Checks that runs of another program, its scores and an ingested text are given together or
     * not at all.
     */
    private static void checkKind(
            Problems problems,
            LanguageSpec language,
            List<ProtocolSpec> protocols,
            Optional<List<IngestedRun>> ingested) {
        boolean other = language instanceof LanguageSpec.Ingested;
        problems.require(
                ingested.isPresent() == other
                        && protocols.stream().allMatch(one -> one instanceof ProtocolSpec.Scores == other),
                "language.kind",
                "'" + language.kind() + "'",
                "give another language and other protocols, or let " + Program.NAME + " ingest make the study");
    }

    private static void checkRuns(Problems problems, List<SizeSpec> sizes, Optional<List<IngestedRun>> ingested) {
        ingested.ifPresent(runs -> {
            problems.require(!runs.isEmpty(), "runs", "empty", "name at least one");
            once(problems, "runs.name", names(runs, IngestedRun::name));
            List<String> all = names(sizes, SizeSpec::name);
            runs.forEach(run -> problems.require(
                    all.contains(run.size()),
                    "runs.size",
                    "'" + run.size() + "'",
                    "give one of the sizes, " + String.join(", ", all)));
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
            problems.require(!starts.isEmpty(), "startFrom", "empty", "name at least one RUN@STEP, or leave it out");
            once(
                    problems,
                    "startFrom",
                    starts.stream()
                            .map(start -> start.run() + "@" + start.step())
                            .toList());
            problems.require(
                    sizes.size() == 1,
                    "sizes",
                    sizes.stream().map(SizeSpec::name).toList(),
                    "give one alone, that of the runs that startFrom names");
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
}
