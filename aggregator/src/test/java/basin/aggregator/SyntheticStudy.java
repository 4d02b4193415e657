package basin.aggregator;

import basin.record.Eigenvalue;
import basin.record.Event;
import basin.record.Interval;
import basin.record.LayerTraces;
import basin.record.Measured;
import basin.record.SpectralDensity;
import basin.record.Weights;
import basin.study.CheckpointSpec;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.TaskSpec;
import basin.study.Trigger;
import basin.study.file.StudyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Synthetic events of the study {@code quick}: losses fall as a power of the step, traces with the
 * loss and with the rate, accuracies rise with flatness and fall with the loss. Pure functions: the
 * same arguments give the same events.
 */
public final class SyntheticStudy {
    /** The largest eigenvalue, as a share of the trace. */
    private static final double TOP = .15;

    private final StudySpec spec;
    private final SplittableRandom random;
    private final List<Event> events = new ArrayList<>();

    private SyntheticStudy(StudySpec spec, long seed) {
        this.spec = spec;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Returns a study of four sizes, three rates and three levels. It is separate from the study of
     * that name that users run, so that either can change.
     */
    public static StudySpec quick() {
        return StudyFile.read(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
    }

    /** Returns the study with traces by tensor, spectra and a sharpness in addition. */
    public static StudySpec withSpectra() {
        try {
            String more = """
                flatness:
                  - {estimator: layers.exact, pairs: 40, batch: 16, seed: 202}
                  - {estimator: spectrum.lanczos, pairs: 8, batch: 80, seed: 203}
                  - {estimator: sharpness.average, pairs: 40, batch: 16, seed: 204, radius: 0.01}
                """;
            String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
            return StudyFile.parse(text.replace("flatness:\n", more), "spectra");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns a study of four sizes, five rates and some seeds, with ten checkpoints per run and
     * little resampling.
     *
     * @param seeds number of seeds; there are 20 runs to each
     */
    public static StudySpec large(int seeds) {
        try {
            String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
            return StudyFile.parse(
                    text.replace("name: quick", "name: large" + seeds)
                            .replace("[0.003, 0.006, 0.012]", "[0.003, 0.004, 0.006, 0.008, 0.012]")
                            .replace(
                                    "seeds: [1]",
                                    "seeds: "
                                            + IntStream.rangeClosed(1, seeds)
                                                    .boxed()
                                                    .toList())
                            .replace("ratio: 2.0", "ratio: 1.5")
                            .replace("permutations: 999, resamples: 400", "permutations: 99, resamples: 100"),
                    "large");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the study with a claim about its first task, protocol and level. */
    public static StudySpec claiming() {
        try {
            String text = Files.readString(Path.of("src/test/resources/basin/aggregator/quick.yaml"));
            StudySpec plain = quick();
            return StudyFile.parse(
                    text.replace(
                            "seed: 401}",
                            "seed: 401, claim: {task: "
                                    + plain.tasks().getFirst().name() + ", protocol: "
                                    + plain.protocols().getFirst().name()
                                    + ", measure: hessian.trace, statistic: kendall, match: "
                                    + plain.analysis().match().getFirst() + ", within: size, expects: positive}}"),
                    "claiming");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns all events of a study but the last checkpoint of a run and what was measured of it,
     * and the end of two runs; the study is still running with them.
     */
    public static List<Event> withoutOneCheckpoint(List<Event> complete, StudySpec spec) {
        List<StudyPlan.PlannedRun> runs = StudyPlan.runs(spec);
        String lacking = runs.get(runs.size() / 2).runId();
        int last = spec.training().steps();
        return unfinished(complete, runs).stream()
                .filter(event -> !switch (event) {
                    case Event.CheckpointPublished one -> one.runId().equals(lacking) && one.step() == last;
                    case Event.FlatnessMeasured one -> one.runId().equals(lacking) && one.step() == last;
                    case Event.DownstreamMeasured one -> one.runId().equals(lacking) && one.step() == last;
                    default -> false;
                })
                .toList();
    }

    /**
     * Returns all events but the end of two runs: the first, and that of {@link
     * #withoutOneCheckpoint}.
     */
    public static List<Event> unfinished(List<Event> complete, List<StudyPlan.PlannedRun> runs) {
        List<String> unended =
                List.of(runs.getFirst().runId(), runs.get(runs.size() / 2).runId());
        return complete.stream()
                .filter(event -> !(event instanceof Event.RunFinished ended && unended.contains(ended.runId())))
                .toList();
    }

    /** Returns all events of a study whose runs have all finished. */
    public static List<Event> complete(StudySpec spec, long seed) {
        return until(spec, seed, StudyPlan.runs(spec).size(), false);
    }

    /**
     * Returns the events of a study in which the first runs have finished, the next two are half
     * done, and the others are waiting.
     *
     * @param finished number of runs that have finished
     * @param failing whether the second run fails
     */
    public static List<Event> until(StudySpec spec, long seed, int finished, boolean failing) {
        SyntheticStudy study = new SyntheticStudy(spec, seed);
        Event.StudySubmitted submitted = new Event.StudySubmitted(spec);
        study.events.add(submitted);
        for (StudyPlan.PlannedRun run : StudyPlan.runs(spec)) {
            study.events.add(new Event.RunDeclared(
                    submitted.studyId(), run.runId(), run.index(), run.label(), run.spec(), parameters(run.spec())));
            int steps = spec.training().steps();
            boolean fails = failing && run.index() == 1;
            int until = fails || run.index() >= finished ? steps / 2 : steps;
            if (run.index() < finished + 2) {
                study.train(run, until);
            }
            if (fails) {
                study.events.add(new Event.RunFailed(run.runId(), until, "Its loss is no longer a number."));
            } else if (run.index() < finished) {
                study.events.add(
                        new Event.RunFinished(run.runId(), steps, 1024L * steps, study.checkpoints(run.runId())));
            }
        }
        return List.copyOf(study.events);
    }

    private static long parameters(RunSpec run) {
        long width = run.size().width();
        return 50 * width + run.size().layers() * (12 * width * width + 13 * width);
    }

    private int checkpoints(String runId) {
        return (int) events.stream()
                .filter(event -> event instanceof Event.CheckpointPublished published
                        && published.runId().equals(runId))
                .count();
    }

    private void train(StudyPlan.PlannedRun run, int until) {
        CheckpointSpec schedule = run.spec().checkpoints();
        SortedSet<Integer> scheduled = schedule.scheduledSteps(spec.training().steps());
        SortedSet<Integer> steps = new TreeSet<>(scheduled);
        for (int step = spec.validation().every();
                step <= until;
                step += spec.validation().every()) {
            steps.add(step);
        }
        List<Double> open = new ArrayList<>(schedule.excess());
        double character = random.nextGaussian();
        for (int step : steps.headSet(until + 1)) {
            double excess = excess(run.spec(), step);
            List<Trigger> triggers = new ArrayList<>();
            if (scheduled.contains(step)) {
                triggers.add(new Trigger(Trigger.Kind.SCHEDULED, step));
            }
            open.stream()
                    .filter(level -> excess <= level)
                    .forEach(level -> triggers.add(new Trigger(Trigger.Kind.EXCESS, level)));
            open.removeIf(level -> excess <= level);
            if (step == spec.training().steps()) {
                triggers.add(new Trigger(Trigger.Kind.LAST, step));
            }
            events.add(loss(run, step, excess, false));
            if (!triggers.isEmpty()) {
                events.add(loss(run, step, excess, true));
                publish(run, step, excess, triggers, character);
            }
        }
    }

    /**
     * Smooth in the step, so that the first checkpoint below a level is at most one quick
     * measurement late.
     */
    private static double excess(RunSpec run, int step) {
        double speed = run.size().width() * StrictMath.sqrt(run.learningRate());
        return .02 + 1.2 / (1 + StrictMath.pow(step * speed / 900, 1.3));
    }

    private Event.LossMeasured loss(StudyPlan.PlannedRun run, int step, double excess, boolean full) {
        double error = full ? .0008 : .0023;
        return new Event.LossMeasured(
                run.runId(),
                step,
                1024L * step,
                full,
                1.3 + excess,
                new Measured(full ? excess : excess + error * random.nextGaussian(), error),
                full ? spec.validation().sentences() : spec.validation().quickSentences(),
                spec.validation().seed(),
                Optional.of(Measured.exact(1.3)),
                10 + StrictMath.sqrt(step) / 10,
                run.spec().learningRate());
    }

    private void publish(StudyPlan.PlannedRun run, int step, double excess, List<Trigger> triggers, double character) {
        events.add(new Event.CheckpointPublished(
                run.runId(),
                step,
                checkpoints(run.runId()),
                triggers,
                new Measured(excess, .0008),
                1.3 + excess,
                10 + StrictMath.sqrt(step) / 10,
                new Weights(4 * parameters(run.spec()), 1, "0".repeat(64), "safetensors")));
        double trace = 300
                * StrictMath.pow(excess / .3, .5)
                * StrictMath.pow(.006 / run.spec().learningRate(), .8)
                * StrictMath.exp(.3 * character + .05 * random.nextGaussian());
        for (EstimatorSpec estimator : spec.flatness()) {
            for (Quantity quantity : estimator.quantities()) {
                events.add(flatness(run, step, estimator, quantity, trace));
            }
            if (estimator.estimator().tellsLayers()) {
                events.add(layers(run, step, estimator, trace));
            }
            if (estimator.estimator().measuresSpectrum()) {
                events.add(spectrum(run, step, estimator, trace));
            }
        }
        for (ProtocolSpec protocol : spec.protocols()) {
            if (protocol.on().chooses(triggers)) {
                for (TaskSpec task : spec.tasks()) {
                    events.add(downstream(run, step, task, protocol, excess, trace));
                }
            }
        }
    }

    private Event.FlatnessMeasured flatness(
            StudyPlan.PlannedRun run, int step, EstimatorSpec estimator, Quantity quantity, double trace) {
        double value = trace
                * switch (quantity) {
                    case HESSIAN_TRACE -> 1;
                    case FISHER_TRACE, DATA_FISHER_TRACE -> 1.1;
                    case ADAPTIVE_TRACE -> .03 * run.spec().learningRate() / .006;
                    case HESSIAN_FISHER_GAP -> -.1;
                    case HESSIAN_TRACE_PER_PARAMETER -> 1.0 / parameters(run.spec());
                    case WEIGHTED_TRACE -> 2;
                    case AVERAGE_SHARPNESS, ADAPTIVE_SHARPNESS, SAM_SHARPNESS -> 1e-4;
                    case TOP_EIGENVALUE -> TOP;
                    case FISHER_TRACE_WITHOUT_TABLES, HESSIAN_TRACE_WITHOUT_TABLES -> .5;
                };
        double error = Math.abs(value) * .04;
        return new Event.FlatnessMeasured(
                run.runId(),
                step,
                estimator,
                spec.platform(),
                quantity,
                new Measured(value, error),
                new Interval(value - 2.045 * error, value + 2.045 * error, .95),
                quantity == Quantity.HESSIAN_TRACE ? Optional.of(22.5) : Optional.empty(),
                parameters(run.spec()),
                1);
    }

    private Event.LayersMeasured layers(StudyPlan.PlannedRun run, int step, EstimatorSpec estimator, double trace) {
        List<LayerTraces> layers = new ArrayList<>();
        for (String name : List.of("first.weight", "second.weight")) {
            Measured half = new Measured(trace / 2, trace / 50);
            layers.add(new LayerTraces(name, (int) parameters(run.spec()) / 2, 50, half, half, half));
        }
        return new Event.LayersMeasured(run.runId(), step, estimator, spec.platform(), layers, 1);
    }

    /**
     * Returns a spectrum with most eigenvalues near zero and some above, in bins of doubling width.
     */
    private Event.SpectrumMeasured spectrum(StudyPlan.PlannedRun run, int step, EstimatorSpec estimator, double trace) {
        List<Double> edges = new ArrayList<>();
        List<Double> counts = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (int bin = -10; bin <= 10; bin++) {
            edges.add(Math.signum(bin) * StrictMath.scalb(1e-3, 2 * Math.abs(bin) - 2));
        }
        for (int bin = 0; bin < edges.size() - 1; bin++) {
            boolean empty = bin < 5 || edges.get(bin) > TOP * trace;
            double count = bin == 9 || bin == 10 ? parameters(run.spec()) / 3.0 : empty ? 0 : 40.0 / (bin + 1);
            counts.add(count);
            errors.add(count / 5);
        }
        List<Eigenvalue> top = new ArrayList<>();
        for (int rank = 1; rank <= 3; rank++) {
            top.add(eigenvalue(TOP * trace / rank));
        }
        return new Event.SpectrumMeasured(
                run.runId(),
                step,
                estimator,
                spec.platform(),
                top,
                eigenvalue(-TOP * trace / 20),
                new SpectralDensity(
                        edges,
                        counts,
                        errors,
                        new Measured(trace, trace / 20),
                        new Measured(trace * trace / 20, trace),
                        40),
                parameters(run.spec()),
                1);
    }

    private static Eigenvalue eigenvalue(double value) {
        double error = Math.abs(value) / 25;
        return new Eigenvalue(
                new Measured(value, error), new Interval(value - 2.36 * error, value + 2.36 * error, .95), error / 100);
    }

    private Event.DownstreamMeasured downstream(
            StudyPlan.PlannedRun run, int step, TaskSpec task, ProtocolSpec protocol, double excess, double trace) {
        double accuracy =
                Math.clamp(.75 - .3 * excess - .03 * StrictMath.log(trace / 300) + .01 * random.nextGaussian(), 0, 1);
        List<Double> accuracies = new ArrayList<>();
        for (int repetition = 0; repetition < protocol.repetitions(); repetition++) {
            accuracies.add(accuracy);
        }
        return new Event.DownstreamMeasured(
                run.runId(),
                step,
                task,
                protocol,
                spec.platform(),
                accuracies,
                new Measured(accuracy, .009),
                .21,
                new Measured(.34, .006),
                Optional.of(new Measured(.92, .001)),
                6,
                0);
    }

    /** Returns the id of the run with that index in the study's grid. */
    public static String runId(StudySpec spec, int index) {
        return Ids.run(StudyPlan.runs(spec).get(index).spec());
    }
}
