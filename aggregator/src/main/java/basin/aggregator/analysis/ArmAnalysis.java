package basin.aggregator.analysis;

import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.statistics.PairedMean;
import basin.aggregator.statistics.ResamplingPlan;
import basin.events.Event;
import basin.events.Interval;
import basin.events.Measured;
import basin.events.Quantity;
import basin.events.spec.AlgorithmSpec;
import basin.events.spec.AnalysisSpec;
import basin.events.spec.Arm;
import basin.events.spec.ProtocolSpec;
import basin.events.spec.RunSpec;
import basin.events.spec.StartSpec;
import basin.events.spec.StudySpec;
import basin.events.spec.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one way of training does beside another at equal loss: differences within pairs of runs that are alike in all else, the checkpoint that
 * they start from, the size and the seed, and so start from the same weights and see the same sentences. A pure function of a study's state
 * and the question put to it.
 */
public final class ArmAnalysis {
    /** The measure of the excess loss: how nearly equal it is. */
    public static final String EXCESS = "excess";
    /** The measure of a task's accuracy. */
    public static final String ACCURACY = "accuracy";
    /** The measure of optimiser steps taken. */
    public static final String STEPS = "steps";
    /** The measure of gradients of one batch taken: SAM takes two a step. */
    public static final String GRADIENTS = "gradients";

    private final StudyState study;
    private final AnalysisSpec spec;
    private final boolean provisional;
    private final Arm reference;
    private final ResamplingPlan plan;
    private final List<ArmRow> rows = new ArrayList<>();

    private ArmAnalysis(StudyState study, AnalysisSpec spec, boolean provisional, Arm reference) {
        this.study = study;
        this.spec = spec;
        this.provisional = provisional;
        this.reference = reference;
        this.plan = new ResamplingPlan(
                spec.seed(), provisional ? 0 : spec.permutations(), spec.resamples(), spec.confidence());
    }

    /** In what two runs of a pair are alike. */
    private record Like(Optional<StartSpec> start, String size, long seed) {
        static Like of(RunSpec run) {
            return new Like(run.start(), run.size().name(), run.seed());
        }
    }

    /** Two runs that differ in the arm alone. */
    private record Two(Like like, RunState arm, RunState reference) {}

    /** Where two runs are compared. */
    private record Place(ArmRow.At at, Optional<Double> level) {}

    /** A value and its standard error; not finite where there is no logarithm. */
    private record Value(double number, double error) {
        static Value of(Measured measured) {
            return new Value(measured.value(), measured.standardError());
        }

        /** Its error by the delta method. */
        static Value logarithm(Measured trace) {
            return trace.value() > 0
                    ? new Value(StrictMath.log(trace.value()), trace.standardError() / trace.value())
                    : new Value(Double.NEGATIVE_INFINITY, 0);
        }

        boolean isFinite() {
            return Double.isFinite(number);
        }
    }

    /** A value of a checkpoint, where it has one. */
    @FunctionalInterface
    private interface Reading {
        Optional<Value> of(CheckpointState checkpoint, Arm arm);
    }

    /**
     * The study's arms beside the one of reference.
     *
     * @param provisional whether runs or measurements are still to come, so that there are no p-values yet
     * @return no row where the study has one arm alone
     */
    public static List<ArmRow> of(StudyState study, AnalysisSpec spec, boolean provisional) {
        List<Arm> arms = Arm.of(study.spec());
        Optional<Arm> reference = Arm.reference(study.spec());
        if (arms.size() < 2 || reference.isEmpty()) {
            return List.of();
        }
        ArmAnalysis made = new ArmAnalysis(study, spec, provisional, reference.get());
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
        for (Place place : places) {
            for (Quantity quantity : quantities(study.spec())) {
                row(
                        arm,
                        pairs,
                        place,
                        quantity.id(),
                        "",
                        "",
                        "ln",
                        (checkpoint, of) -> checkpoint
                                .flatness(quantity)
                                .map(Event.FlatnessMeasured::value)
                                .map(Value::logarithm));
            }
            for (TaskSpec task : study.spec().tasks()) {
                for (ProtocolSpec protocol : study.spec().protocols()) {
                    row(
                            arm,
                            pairs,
                            place,
                            ACCURACY,
                            task.name(),
                            protocol.name(),
                            "share",
                            (checkpoint, of) -> checkpoint
                                    .downstream(task.name(), protocol.name())
                                    .map(Event.DownstreamMeasured::accuracy)
                                    .map(Value::of));
                }
            }
            row(
                    arm,
                    pairs,
                    place,
                    EXCESS,
                    "",
                    "",
                    "nats",
                    (checkpoint, of) ->
                            Optional.of(Value.of(checkpoint.published().excess())));
            row(
                    arm,
                    pairs,
                    place,
                    STEPS,
                    "",
                    "",
                    "steps",
                    (checkpoint, of) ->
                            Optional.of(new Value(checkpoint.published().step(), 0)));
            if (arm.algorithm() instanceof AlgorithmSpec.Other
                    || reference.algorithm() instanceof AlgorithmSpec.Other) {
                continue; // What a step of another program costs is not known.
            }
            row(
                    arm,
                    pairs,
                    place,
                    GRADIENTS,
                    "",
                    "",
                    "gradients of a batch",
                    (checkpoint, of) ->
                            Optional.of(new Value(checkpoint.published().step() * of.gradientsAStep(), 0)));
        }
    }

    /** What the study measures of flatness and what has a logarithm. */
    private static List<Quantity> quantities(StudySpec study) {
        return study.flatness().stream()
                .flatMap(asked -> asked.quantities().stream())
                .distinct()
                .filter(quantity -> quantity != Quantity.HESSIAN_FISHER_GAP)
                .sorted()
                .toList();
    }

    private boolean isOf(Arm arm, RunState run) {
        return Arm.of(study.spec(), run.declared().spec()).equals(Optional.of(arm));
    }

    /** In the order of the grid. */
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
            case LAST -> Points.last(run, study);
            case MATCHED -> place.level().flatMap(level -> Points.matched(run, level, spec.band()));
            case BRANCH ->
                run.declared()
                        .spec()
                        .start()
                        .flatMap(start -> start.level(spec.band()))
                        .flatMap(level -> Points.matched(run, level, spec.band()));
        };
    }

    private void row(
            Arm arm,
            List<Two> pairs,
            Place place,
            String measure,
            String task,
            String protocol,
            String unit,
            Reading reading) {
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
            Optional<Value> value = reading.of(own.get(), arm);
            Optional<Value> beside = reading.of(other.get(), reference);
            if (value.isEmpty() || beside.isEmpty()) {
                unmeasured++;
            } else if (!value.get().isFinite() || !beside.get().isFinite()) {
                notPositive++;
            } else {
                starts.add(two.like().start());
                differences.add(new PairedMean.Pair(
                        value.get().number() - beside.get().number(),
                        Math.hypot(value.get().error(), beside.get().error())));
            }
        }
        String note = note(place, pairs, absent, unmeasured, notPositive, starts);
        String name = "arms/" + arm.name() + "/" + place.at() + "/"
                + place.level().map(String::valueOf).orElse("") + "/" + measure + "/" + task + "/" + protocol;
        Optional<PairedMean> mean =
                differences.isEmpty() ? Optional.empty() : Optional.of(PairedMean.of(differences, plan, name));
        rows.add(new ArmRow(
                arm.name(),
                reference.name(),
                place.at(),
                place.level(),
                measure,
                task,
                protocol,
                unit,
                mean.map(one -> one.mean() + 0.0),
                mean.map(PairedMean::standardError),
                mean.map(one -> new Interval(
                        one.interval().low() + 0.0,
                        one.interval().high() + 0.0,
                        one.interval().level())),
                mean.flatMap(PairedMean::p).map(p -> p.value()),
                differences.size(),
                pairs.size(),
                provisional,
                mean.map(one -> one.interval().method().title()
                                + one.p().map(p -> "; p: " + p.method().title()).orElse(""))
                        .orElse(""),
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
        add(
                left,
                absent,
                place.at() == ArmRow.At.LAST
                        ? "in which a run took no last step"
                        : "in which a run did not come to this loss, or passed it by more than " + spec.band()
                                + " nats");
        add(left, unmeasured, "not measured");
        add(left, notPositive, "without a positive trace");
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

    private static void add(List<String> parts, int pairs, String why) {
        if (pairs > 0) {
            parts.add(pairs + " " + why);
        }
    }
}
