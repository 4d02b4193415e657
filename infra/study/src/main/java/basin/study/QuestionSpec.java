package basin.study;

import static basin.study.Checks.require;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * A further question about a study's events, as an analysis file states it. An absent field keeps
 * the study's own value, so an empty question is the study's own. Immutable.
 *
 * @param match excess losses (nats) at which runs are compared
 * @param band largest distance (nats) below its level at which a checkpoint counts as matched
 * @param minRuns fewest runs for which a correlation is given
 * @param permutations Monte-Carlo permutations if exact enumeration takes too long
 * @param resamples bootstrap resamples
 * @param confidence confidence level of every interval, between 0 and 1
 * @param seed seed of the permutations and resamples
 * @param measures quantities correlated with accuracy, from {@link #MEASURES}
 * @param statistics correlations, from {@link #STATISTICS}
 * @param tasks names of the study's tasks
 * @param protocols names of the study's protocols
 * @param flatness estimators whose measurements count; they may be others than the study's own if
 *     the record has their results
 * @param runs the runs that enter
 * @param steps the checkpoints that enter
 * @param time the records that enter, by their timestamps
 * @param given sets of {@link #COVARIATES} for partial rank correlations, one row per set
 * @param within sets of {@link #STRATA}: only pairs of matched runs that have a set in common
 *     count, one row per set; the first one also stratifies the ranking of measures
 */
public record QuestionSpec(
        Optional<List<Double>> match,
        Optional<Double> band,
        Optional<Integer> minRuns,
        Optional<Integer> permutations,
        Optional<Integer> resamples,
        Optional<Double> confidence,
        Optional<Long> seed,
        Optional<List<String>> measures,
        Optional<List<String>> statistics,
        Optional<List<String>> tasks,
        Optional<List<String>> protocols,
        Optional<List<EstimatorSpec>> flatness,
        Optional<RunChoice> runs,
        Optional<StepRange> steps,
        Optional<TimeRange> time,
        Optional<List<List<String>>> given,
        Optional<List<List<String>>> within) {
    /** The measures that can be correlated with accuracy, the primary one first. */
    public static final List<String> MEASURES =
            List.of(Quantity.HESSIAN_TRACE.id(), Quantity.FISHER_TRACE.id(), Quantity.ADAPTIVE_TRACE.id(), "loss");

    /** The correlations that a question can request. */
    public static final List<String> STATISTICS = Association.ids();

    /**
     * The covariates of partial rank correlations: the excess loss, the peak learning rate, the
     * size (parameters, whose ranks are those of their logarithm), the steps taken and the norm of
     * all weights.
     */
    public static final List<String> COVARIATES = List.of("loss", "rate", "size", "steps", "norm");

    /**
     * The properties that runs of a stratum can have in common: rate, size, the doubling (2^k to
     * 2^(k + 1)) that contains the steps, and the half doubling that contains the norm.
     */
    public static final List<String> STRATA = List.of("rate", "size", "steps", "norm");

    /** Strata that have rows in every table. */
    public static final List<String> USUAL_STRATA = List.of("rate", "size");

    /** The sets of covariates in a study's own table, besides the loss alone. */
    public static final List<List<String>> USUAL_GIVEN = List.of(COVARIATES);

    /** The study's own question, which has no fields. */
    public static final QuestionSpec OWN = Records.of(QuestionSpec.class, Map.of());

    public QuestionSpec {
        match = match.map(List::copyOf);
        measures = measures.map(names -> known("measures", names, MEASURES));
        statistics = statistics.map(names -> known("statistics", names, STATISTICS));
        tasks = tasks.map(List::copyOf);
        protocols = protocols.map(List::copyOf);
        flatness = flatness.map(List::copyOf);
        flatness.ifPresent(entries -> require(!entries.isEmpty(), "flatness", "empty", "name at least one estimator"));
        given = given.map(sets -> sets("given", sets, COVARIATES));
        within = within.map(sets -> sets("within", sets, STRATA));
    }

    private static List<List<String>> sets(String field, List<List<String>> sets, List<String> known) {
        List<List<String>> ordered = sets.stream()
                .map(set -> {
                    require(!set.isEmpty(), field, sets, "name at least one of " + known + " in every set");
                    return ordered(field, set, known);
                })
                .toList();
        require(ordered.stream().distinct().count() == ordered.size(), field, sets, "name each set once");
        require(
                !ordered.contains(List.of(COVARIATES.getFirst())),
                field,
                sets,
                "leave out the set of loss alone, which is in every table");
        return ordered;
    }

    /** Returns names in the order of {@code known}; refuses unknown and repeated ones. */
    static List<String> ordered(String field, List<String> names, List<String> known) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<String> requested = known(field, names, known);
        return known.stream().filter(requested::contains).toList();
    }

    /**
     * A choice among a study's runs: those that match every given field.
     *
     * @param sizes names of sizes
     * @param learningRates peak learning rates
     * @param seeds seeds of runs
     * @param algorithms names of algorithms
     * @param ids ids of runs
     */
    public record RunChoice(
            Optional<List<String>> sizes,
            Optional<List<Double>> learningRates,
            Optional<List<Long>> seeds,
            Optional<List<String>> algorithms,
            Optional<List<String>> ids) {
        private static final RunChoice ALL = Records.of(RunChoice.class, Map.of());

        public RunChoice {
            sizes = sizes.map(List::copyOf);
            learningRates = learningRates.map(List::copyOf);
            seeds = seeds.map(List::copyOf);
            algorithms = algorithms.map(List::copyOf);
            ids = ids.map(List::copyOf);
        }
    }

    /**
     * A range of optimiser steps, both ends included. The last scheduled step in the range counts
     * as a run's last checkpoint.
     *
     * @param from the first, 0 if absent
     * @param to the last, the study's last if absent
     */
    public record StepRange(Optional<Integer> from, Optional<Integer> to) {
        public StepRange {
            from.ifPresent(step -> Checks.within(0, 10_000_000, "steps.from", step));
            to.ifPresent(step -> Checks.within(1, 10_000_000, "steps.to", step));
            if (from.isPresent() && to.isPresent()) {
                require(from.get() <= to.get(), "steps.from", from.get(), "give at most steps.to, " + to.get());
            }
        }

        /** Returns whether the range includes the step. */
        public boolean holds(int step) {
            return from.orElse(0) <= step && step <= to.orElse(Integer.MAX_VALUE);
        }
    }

    /**
     * A range of event time, including the first instant but not the last. It does not filter
     * studies, their controls and their runs' declarations, because the analysis needs them.
     *
     * @param from ISO 8601 with an offset, such as 2026-01-31T12:00:00Z
     * @param to likewise
     */
    public record TimeRange(Optional<String> from, Optional<String> to) {
        public TimeRange {
            Optional<Instant> first = from.map(text -> instant("time.from", text));
            Optional<Instant> last = to.map(text -> instant("time.to", text));
            if (first.isPresent() && last.isPresent()) {
                require(
                        first.get().isBefore(last.get()),
                        "time.from",
                        from.orElse(""),
                        "give an instant before time.to, " + to.orElse(""));
            }
        }

        private static Instant instant(String field, String text) {
            try {
                return java.time.OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException unreadable) {
                throw new Refusal(field + " is '" + text
                        + "': give a date and time with its offset, such as 2026-01-31T12:00:00Z.");
            }
        }

        /** Returns whether the range includes a record of this time, in milliseconds since 1970. */
        public boolean holds(long millis) {
            Instant time = Instant.ofEpochMilli(millis);
            return from.map(text -> !time.isBefore(instant("time.from", text))).orElse(true)
                    && to.map(text -> time.isBefore(instant("time.to", text))).orElse(true);
        }
    }

    /** Returns the same question restricted to the measurements of this estimator. */
    public QuestionSpec by(EstimatorSpec estimator) {
        return Records.with(this, Map.of("flatness", Optional.of(List.of(estimator))));
    }

    /**
     * Returns whether it is exactly the study's own question. Any other question is exploratory.
     */
    public boolean asksNothingElse() {
        return equals(OWN);
    }

    /** Returns whether the question includes a run of the study. */
    public boolean chooses(String runId, RunSpec spec) {
        RunChoice choice = runs.orElse(RunChoice.ALL);
        return among(choice.sizes(), spec.size().name())
                && among(choice.learningRates(), spec.learningRate())
                && among(choice.seeds(), spec.seed())
                && among(choice.algorithms(), spec.algorithm().name())
                && among(choice.ids(), runId);
    }

    private static <T> boolean among(Optional<List<T>> chosen, T value) {
        return chosen.map(values -> values.contains(value)).orElse(true);
    }

    /**
     * Returns the study restricted to this question: the runs, tasks and protocols that the
     * question includes, with the question in place of the study's own analysis. The result is not
     * meant to be run: if steps are chosen, its training ends at the last scheduled step among
     * them.
     *
     * @throws Refusal if the question names something that the study does not have
     */
    public StudySpec of(StudySpec study) {
        RunChoice choice = runs.orElse(RunChoice.ALL);
        List<StudyPlan.PlannedRun> chosen = StudyPlan.runs(study).stream()
                .filter(run -> chooses(run.runId(), run.spec()))
                .toList();
        named("runs.sizes", choice.sizes(), study.sizes(), SizeSpec::name);
        named("runs.learningRates", choice.learningRates(), study.everyLearningRate(), Function.identity());
        named("runs.seeds", choice.seeds(), study.seeds(), Function.identity());
        named(
                "runs.algorithms",
                choice.algorithms(),
                study.algorithms(),
                arm -> arm.algorithm().name());
        named("runs.ids", choice.ids(), StudyPlan.runs(study), StudyPlan.PlannedRun::runId);
        require(!chosen.isEmpty(), "runs", "a choice of none", "widen it, for no run of the study is left");
        AnalysisSpec own = study.analysis();
        List<ArmSpec> arms = arms(study, chosen);
        return new StudySpec(
                study.name(),
                study.language(),
                kept(study.sizes(), chosen, RunSpec::size),
                arms,
                learningRates(study, chosen),
                kept(study.seeds(), chosen, RunSpec::seed),
                steps.map(range -> until(study, range)).orElse(study.training()),
                study.checkpoints(),
                study.validation(),
                flatness.orElse(study.flatness()),
                named("tasks", tasks, study.tasks(), TaskSpec::name),
                named("protocols", protocols, study.protocols(), ProtocolSpec::name),
                new AnalysisSpec(
                        match.orElse(own.match()),
                        band.orElse(own.band()),
                        minRuns.orElse(own.minRuns()),
                        permutations.orElse(own.permutations()),
                        resamples.orElse(own.resamples()),
                        confidence.orElse(own.confidence()),
                        seed.orElse(own.seed()),
                        // A claim is registered only for the study's own question.
                        asksNothingElse() ? own.claim() : Optional.empty()),
                study.platform(),
                study.startFrom()
                        .map(starts -> starts.stream()
                                .filter(start -> chosen.stream()
                                        .anyMatch(run -> run.spec().start().equals(Optional.of(start))))
                                .toList())
                        .filter(starts -> !starts.isEmpty()),
                study.reference()
                        .filter(named -> Arm.of(arms, learningRates(study, chosen), study.training()).stream()
                                .anyMatch(arm -> arm.isCalled(named))),
                study.ingested()
                        .map(runs -> runs.stream()
                                .filter(run -> chosen.stream()
                                        .anyMatch(one -> one.spec().ingested().equals(Optional.of(run.name()))))
                                .toList()));
    }

    private static <T> List<T> kept(List<T> all, List<StudyPlan.PlannedRun> chosen, Function<RunSpec, T> part) {
        return all.stream()
                .filter(one ->
                        chosen.stream().anyMatch(run -> part.apply(run.spec()).equals(one)))
                .toList();
    }

    private static List<ArmSpec> arms(StudySpec study, List<StudyPlan.PlannedRun> chosen) {
        return study.algorithms().stream()
                .map(arm -> arm.at(arm.learningRates()
                        .map(own -> kept(
                                own,
                                chosen.stream()
                                        .filter(run -> run.spec().algorithm().equals(arm.algorithm()))
                                        .toList(),
                                RunSpec::learningRate))
                        .filter(own -> !own.isEmpty())))
                .filter(arm ->
                        chosen.stream().anyMatch(run -> run.spec().algorithm().equals(arm.algorithm())))
                .toList();
    }

    /**
     * Returns the study's rates that chosen runs have; all of them if only algorithms with own
     * rates are left.
     */
    private static List<Double> learningRates(StudySpec study, List<StudyPlan.PlannedRun> chosen) {
        List<Double> kept = kept(study.learningRates(), chosen, RunSpec::learningRate);
        return kept.isEmpty() ? study.learningRates() : kept;
    }

    /**
     * Returns the named items in the order of the question, because the headline is about the first
     * task and protocol.
     */
    private static <T, N> List<T> named(String field, Optional<List<N>> names, List<T> all, Function<T, N> name) {
        if (names.isEmpty()) {
            return all;
        }
        List<N> requested = known(field, names.get(), all.stream().map(name).toList());
        return requested.stream()
                .flatMap(one -> all.stream().filter(each -> name.apply(each).equals(one)))
                .toList();
    }

    private static TrainingSpec until(StudySpec study, StepRange range) {
        TrainingSpec own = study.training();
        require(
                range.from().orElse(0) <= own.steps(),
                "steps.from",
                range.from().orElse(0),
                "give at most " + own.steps() + ", the study's last step");
        SortedSet<Integer> scheduled = study.checkpoints().scheduledSteps(own.steps());
        int last = scheduled.stream()
                .filter(range::holds)
                .max(Integer::compare)
                .orElse(range.to().map(to -> Math.min(to, own.steps())).orElse(own.steps()));
        return own.over(last);
    }

    private static <T> List<T> known(String field, Collection<T> names, Collection<T> all) {
        require(!names.isEmpty(), field, "empty", "name at least one of " + all);
        require(names.stream().distinct().count() == names.size(), field, names, "name each once");
        names.forEach(name -> require(all.contains(name), field, "'" + name + "'", "give one of " + all));
        return List.copyOf(names);
    }
}
