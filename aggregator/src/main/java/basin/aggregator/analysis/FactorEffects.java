package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.PairedMean;
import basin.aggregator.statistics.ResamplingPlan;
import basin.study.AnalysisSpec;
import basin.study.Arm;
import basin.study.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The effects of two of the study's factors as differences within pairs. Duration compares a run's
 * last checkpoint with its own first one at a level. Size compares a run with the otherwise
 * identical run of the first size. The third factor, the algorithm, is in {@link ArmAnalysis}. A
 * pure function of a study's state and a question.
 */
public final class FactorEffects {
    /** The name for all arms that are trained on the pre-training loss alone. */
    public static final String ALL_ARMS = "all";

    /** The prefix of the draws' names. Changing it changes the drawn signs. */
    private static final String DRAWS = "levers";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final ResamplingPlan plan;
    private final List<FactorEffect> rows = new ArrayList<>();

    private FactorEffects(StudyState study) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.plan = ResamplingPlan.of(spec);
    }

    /** A checkpoint and the one it is compared with. */
    private record Two(CheckpointState own, CheckpointState other) {}

    /** The identifying columns of a row. */
    private record Head(FactorEffect.Factor factor, String of, String reference, Optional<Double> level) {}

    /**
     * Returns the rows of duration, followed by those of size. A factor that the study does not
     * vary has no rows.
     */
    public static List<FactorEffect> of(StudyState study) {
        FactorEffects made = new FactorEffects(study);
        made.durations();
        made.sizes();
        return List.copyOf(made.rows);
    }

    private Optional<String> arm(RunState run) {
        return Arm.of(study.spec(), run.declared().spec()).map(Arm::name);
    }

    private void durations() {
        List<String> arms = Stream.concat(
                        Stream.of(ALL_ARMS), Arm.of(study.spec()).stream().map(Arm::name))
                .toList();
        for (double level : spec.match()) {
            for (String arm : arms) {
                List<RunState> runs = study.runs().stream()
                        .filter(run ->
                                arm.equals(ALL_ARMS) ? Selection.isOrdinary(run) : arm(run).equals(Optional.of(arm)))
                        .toList();
                List<Two> pairs = runs.stream()
                        .flatMap(run -> ComparedCheckpoints.matched(run, level, spec.band())
                                .flatMap(first -> ComparedCheckpoints.last(run, study)
                                        .filter(last -> last.published().step()
                                                > first.published().step())
                                        .map(last -> new Two(last, first)))
                                .stream())
                        .toList();
                Head head = new Head(FactorEffect.Factor.DURATION, arm, "first at the level", Optional.of(level));
                Readings.of(study.spec()).forEach(reading -> row(head, reading, pairs, runs.size()));
            }
        }
    }

    private void sizes() {
        List<String> sizes =
                study.spec().sizes().stream().map(size -> size.name()).toList();
        String reference = sizes.getFirst();
        List<Optional<Double>> places = Stream.concat(
                        spec.match().stream().map(Optional::of), Stream.of(Optional.<Double>empty()))
                .toList();
        for (Optional<Double> level : places) {
            for (String size : sizes.subList(1, sizes.size())) {
                List<RunState> runs = of(size);
                List<Two> pairs = new ArrayList<>();
                for (RunState run : runs) {
                    of(reference).stream()
                            .filter(other -> alike(
                                    run.declared().spec(), other.declared().spec()))
                            .findFirst()
                            .flatMap(other -> at(level, run)
                                    .flatMap(own -> at(level, other).map(beside -> new Two(own, beside))))
                            .ifPresent(pairs::add);
                }
                Head head = new Head(FactorEffect.Factor.SIZE, size, reference, level);
                Stream.concat(Readings.of(study.spec()).stream(), Readings.embedded(study.spec()).stream())
                        .forEach(reading -> row(head, reading, pairs, runs.size()));
            }
        }
    }

    /** Returns the runs of a size that are trained on the pre-training loss alone. */
    private List<RunState> of(String size) {
        return study.runs().stream()
                .filter(run -> run.declared().spec().size().name().equals(size) && Selection.isOrdinary(run))
                .toList();
    }

    private static boolean alike(RunSpec run, RunSpec other) {
        return run.algorithm().equals(other.algorithm())
                && run.learningRate() == other.learningRate()
                && run.training().equals(other.training())
                && run.seed() == other.seed()
                && Objects.equals(run.start(), other.start());
    }

    private Optional<CheckpointState> at(Optional<Double> level, RunState run) {
        return level.isPresent()
                ? ComparedCheckpoints.matched(run, level.get(), spec.band())
                : ComparedCheckpoints.last(run, study);
    }

    private void row(Head head, Readings reading, List<Two> pairs, int possible) {
        List<PairedMean.Pair> differences = new ArrayList<>();
        for (Two two : pairs) {
            Optional<Readings.Value> own = reading.read(two.own(), Optional.empty());
            Optional<Readings.Value> other = reading.read(two.other(), Optional.empty());
            if (own.isPresent()
                    && other.isPresent()
                    && own.get().isFinite()
                    && other.get().isFinite()) {
                differences.add(own.get().less(other.get()));
            }
        }
        String name = String.join(
                "/",
                DRAWS,
                head.factor().name(),
                head.of(),
                head.level().map(String::valueOf).orElse("last"),
                reading.measure(),
                reading.task(),
                reading.protocol(),
                reading.estimator());
        rows.add(new FactorEffect(
                head.factor(),
                head.of(),
                head.reference(),
                head.level(),
                reading.measure(),
                reading.task(),
                reading.protocol(),
                reading.estimator(),
                reading.unit(),
                differences.isEmpty() ? Optional.empty() : Optional.of(PairedMean.of(differences, plan, name)),
                possible));
    }
}
