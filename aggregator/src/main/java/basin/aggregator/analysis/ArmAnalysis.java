package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.PairedMean;
import basin.aggregator.statistics.ResamplingPlan;
import basin.study.AlgorithmSpec;
import basin.study.AnalysisSpec;
import basin.study.Arm;
import basin.study.RunSpec;
import basin.study.StartSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Comparisons of a study's arms with its reference arm at equal loss. A pair of runs shares the
 * starting checkpoint, the size and the seed, and therefore the initial weights and the training
 * sentences. The result is the mean difference within pairs. A pure function of a study's state and
 * a question.
 */
public final class ArmAnalysis {
    /** The measure of loss, which shows how equal the losses are. */
    public static final String LOSS = "loss";
    /** The measure of accuracy on a task. */
    public static final String ACCURACY = "accuracy";
    /** The measure of optimiser steps. */
    public static final String STEPS = "steps";
    /** The measure of batch gradients computed. SAM computes two per step. */
    public static final String GRADIENTS = "gradients";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final Arm reference;
    private final ResamplingPlan plan;
    private final List<ArmRow> rows = new ArrayList<>();

    private ArmAnalysis(StudyState study, boolean provisional, Arm reference) {
        this.study = study;
        this.spec = study.spec().analysis();
        this.provisional = provisional;
        this.reference = reference;
        this.plan = provisional ? ResamplingPlan.of(spec).withoutP() : ResamplingPlan.of(spec);
    }

    /** The properties that the two runs of a pair share. */
    private record Like(Optional<StartSpec> start, String size, long seed) {
        static Like of(RunSpec run) {
            return new Like(run.start(), run.size().name(), run.seed());
        }
    }

    /** Two runs that differ only in the arm. */
    private record Two(Like like, RunState arm, RunState reference) {}

    /** A point of comparison of two runs. */
    private record Place(ArmRow.At at, Optional<Double> level) {}

    /**
     * Compares the study's arms with its reference arm, as the question in its spec requests.
     *
     * @param provisional whether runs or measurements are missing; if so, there are no p-values
     * @return no rows if the study has a single arm
     */
    public static List<ArmRow> of(StudyState study, boolean provisional) {
        List<Arm> arms = Arm.of(study.spec());
        Optional<Arm> reference = Arm.reference(study.spec());
        if (arms.size() < 2 || reference.isEmpty()) {
            return List.of();
        }
        ArmAnalysis made = new ArmAnalysis(study, provisional, reference.get());
        arms.stream().filter(arm -> !arm.equals(reference.get())).forEach(made::compare);
        return List.copyOf(made.rows);
    }

    private void compare(Arm arm) {
        List<Two> pairs = pairs(arm);
        List<Place> places = new ArrayList<>();
        if (study.spec().startFrom().isPresent()) {
            places.add(new Place(ArmRow.At.BRANCH, Optional.empty()));
        }
        spec.match().forEach(level -> places.add(new Place(ArmRow.At.MATCHED, Optional.of(level))));
        places.add(new Place(ArmRow.At.LAST, Optional.empty()));
        boolean costs = !(arm.algorithm() instanceof AlgorithmSpec.Other)
                && !(reference.algorithm() instanceof AlgorithmSpec.Other);
        for (Place place : places) {
            Readings.of(study.spec()).forEach(reading -> row(arm, pairs, place, reading));
            if (costs) { // The cost of another program's step is unknown.
                row(arm, pairs, place, Readings.GRADIENTS_TAKEN);
            }
        }
    }

    private boolean isOf(Arm arm, RunState run) {
        return Arm.of(study.spec(), run.declared().spec()).equals(Optional.of(arm));
    }

    /** Returns the pairs in the order of the grid. */
    private List<Two> pairs(Arm arm) {
        Map<Like, RunState> others = new LinkedHashMap<>();
        study.runs().stream()
                .filter(run -> isOf(reference, run))
                .forEach(run -> others.put(Like.of(run.declared().spec()), run));
        List<Two> pairs = new ArrayList<>();
        for (RunState run : study.runs()) {
            Like like = Like.of(run.declared().spec());
            RunState other = others.get(like);
            if (other != null && isOf(arm, run)) {
                pairs.add(new Two(like, run, other));
            }
        }
        return pairs;
    }

    private Optional<CheckpointState> at(Place place, RunState run) {
        return switch (place.at()) {
            case LAST -> ComparedCheckpoints.last(run, study);
            case MATCHED -> place.level().flatMap(level -> ComparedCheckpoints.matched(run, level, spec.band()));
            case BRANCH ->
                run.declared()
                        .spec()
                        .start()
                        .flatMap(start -> start.level(spec.band()))
                        .flatMap(level -> ComparedCheckpoints.matched(run, level, spec.band()));
        };
    }

    private void row(Arm arm, List<Two> pairs, Place place, Readings reading) {
        List<PairedMean.Pair> differences = new ArrayList<>();
        List<Optional<StartSpec>> starts = new ArrayList<>();
        int absent = 0;
        int unmeasured = 0;
        int notPositive = 0;
        for (Two two : pairs) {
            Optional<CheckpointState> own = at(place, two.arm());
            Optional<CheckpointState> other = at(place, two.reference());
            if (own.isEmpty() || other.isEmpty()) {
                absent++;
                continue;
            }
            Optional<Readings.Value> value = reading.read(own.get(), Optional.of(arm));
            Optional<Readings.Value> beside = reading.read(other.get(), Optional.of(reference));
            if (value.isEmpty() || beside.isEmpty()) {
                unmeasured++;
            } else if (!value.get().isFinite() || !beside.get().isFinite()) {
                notPositive++;
            } else {
                starts.add(two.like().start());
                differences.add(value.get().less(beside.get()));
            }
        }
        String note = note(place, pairs, absent, unmeasured, notPositive, starts);
        String name = "arms/" + arm.name() + "/" + place.at() + "/"
                + place.level().map(String::valueOf).orElse("") + "/" + reading.measure() + "/" + reading.task() + "/"
                + reading.protocol();
        Optional<PairedMean> mean =
                differences.isEmpty() ? Optional.empty() : Optional.of(PairedMean.of(differences, plan, name));
        rows.add(new ArmRow(
                arm.name(),
                reference.name(),
                place.at(),
                place.level(),
                reading.measure(),
                reading.task(),
                reading.protocol(),
                reading.unit(),
                mean.map(one -> one.mean() + 0.0),
                mean.map(PairedMean::standardError),
                mean.map(one -> one.interval().recorded()),
                mean.flatMap(PairedMean::p).map(p -> p.value()),
                differences.size(),
                pairs.size(),
                provisional,
                mean.map(one -> one.interval().methods(one.p())).orElse(""),
                note));
    }

    private String note(
            Place place,
            List<Two> pairs,
            int absent,
            int unmeasured,
            int notPositive,
            List<Optional<StartSpec>> starts) {
        List<String> said = new ArrayList<>();
        List<String> left = new ArrayList<>();
        Selection.addCount(
                left,
                absent,
                place.at() == ArmRow.At.LAST
                        ? "in which a run took no last step"
                        : "in which a run did not reach this loss, or passed it by more than " + spec.band() + " nats");
        Selection.addCount(left, unmeasured, "not measured");
        Selection.addCount(left, notPositive, "without a positive trace");
        if (!left.isEmpty()) {
            said.add("Pairs left out: " + String.join(", ", left) + ".");
        }
        if (pairs.isEmpty()) {
            said.add("No two runs of these arms are alike in all else.");
        }
        if (starts.size() == 1) {
            said.add("One pair: the interval holds the errors of the measurements alone, not how pairs differ.");
        }
        long checkpoints = starts.stream().flatMap(Optional::stream).distinct().count();
        if (checkpoints > 0 && checkpoints < starts.size()) {
            said.add("Pairs from " + checkpoints + (checkpoints == 1 ? " checkpoint" : " checkpoints")
                    + ": the interval speaks of these, not of others.");
        }
        return String.join(" ", said);
    }
}
