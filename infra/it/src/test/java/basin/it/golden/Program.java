package basin.it.golden;

import basin.cli.Typed;
import basin.evaluator.protocol.Evaluation;
import basin.flatness.FolderProbe;
import basin.flatness.GoldenProbe;
import basin.flatness.estimator.GoldenPairs;
import basin.flatness.measurement.Measurement;
import basin.language.Grammars;
import basin.language.Pcfg;
import basin.language.export.EncoderFolder;
import basin.language.study.Networks;
import basin.language.study.Studies;
import basin.network.EncoderShape;
import basin.network.Initialisation;
import basin.network.Weights;
import basin.network.engine.NumericProfile;
import basin.record.Event;
import basin.record.LayerTraces;
import basin.record.Measured;
import basin.record.work.WantedMeasurements;
import basin.record.work.WorkItem;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Quantity;
import basin.study.Refusal;
import basin.study.RunSpec;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.file.StudyFile;
import basin.trainer.training.PreTraining;
import basin.trainer.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All calls of the golden tests into the program. A refactoring of the program changes only this
 * class; the names and numbers of the golden files stay.
 */
final class Program {
    private static final int LONGEST = 5;

    private Program() {}

    /** Returns the numeric profile, which determines the last bits of numbers. */
    static String profile() {
        return NumericProfile.here();
    }

    /** Returns whether a study is allowed. */
    static boolean allows(Path study) {
        try {
            Studies.check(StudyFile.read(study));
            return true;
        } catch (Refusal refused) {
            return false;
        }
    }

    /** Returns the names of all estimators. */
    static List<String> estimators() {
        return Arrays.stream(Estimator.values()).map(Estimator::id).toList();
    }

    /**
     * Trains a study's runs and makes all measurements of their last checkpoints, in this thread
     * and without a record.
     *
     * @param whole whether flatness is measured with the study's number of batches, or with only
     *     two small ones
     */
    static List<Line> study(Path file, boolean whole) throws Exception {
        StudySpec study = StudyFile.read(file);
        Studies.check(study);
        List<Line> lines = new ArrayList<>();
        for (StudyPlan.PlannedRun run : StudyPlan.runs(study)) {
            lines.addAll(run(study, run.spec(), whole));
        }
        return lines;
    }

    private static List<Line> run(StudySpec study, RunSpec spec, boolean whole) throws Exception {
        List<Line> lines = new ArrayList<>();
        PreTraining training = new PreTraining();
        TrainingState state = training.initial(spec);
        PreTraining.Advance last;
        do {
            List<Event.LossMeasured> losses = new ArrayList<>();
            last = training.advance("run", spec, state, losses::add);
            losses.forEach(loss -> lines.addAll(lines(loss)));
            state = last.state();
            lines.add(Line.of(
                    "step " + state.step() + " checkpoint",
                    Line.Kind.EXACT,
                    state.segment(),
                    last.triggers().size(),
                    last.triggers().getLast().value()));
        } while (state.step() < spec.training().steps());
        GoldenProbe probe = new GoldenProbe();
        Evaluation evaluation = new Evaluation();
        for (WorkItem item :
                WantedMeasurements.of("study", study, "run", spec.algorithm(), state.step(), last.triggers())) {
            switch (item) {
                case WorkItem.Probe requested -> {
                    if (whole) {
                        probe.measure(requested, spec, last.weights()).forEach(event -> lines.addAll(lines(event)));
                    } else {
                        lines.addAll(pairs(
                                requested.estimator(), GoldenPairs.of(requested.estimator(), spec, last.weights())));
                    }
                }
                case WorkItem.Evaluate requested -> {
                    float[] theta = spec.algorithm().isTrained()
                            ? Weights.decode(Networks.shape(spec), last.weights())
                            : new float[0];
                    lines.addAll(lines(evaluation.evaluate(
                            "run",
                            requested.step(),
                            spec,
                            theta,
                            requested.task(),
                            requested.protocol(),
                            requested.platform())));
                }
                default -> throw new IllegalStateException("a measurement is " + item);
            }
        }
        return lines;
    }

    private static List<Line> pairs(EstimatorSpec requested, Map<Quantity, double[]> values) {
        return values.entrySet().stream()
                .map(one -> Line.of(
                        requested(requested, "float32") + " " + one.getKey().id() + " of batches",
                        kind(requested),
                        one.getValue()))
                .toList();
    }

    private static List<Line> lines(Event event) {
        return switch (event) {
            case Event.LossMeasured loss -> {
                String at = "step " + loss.step() + (loss.full() ? " full" : " quick");
                List<Line> lines = new ArrayList<>();
                lines.add(Line.of(
                        at + " seen", Line.Kind.EXACT, (double) loss.tokens(), loss.sentences(), loss.learningRate()));
                lines.add(Line.of(
                        at + " loss",
                        Line.Kind.LOSS,
                        loss.lossNats(),
                        loss.excess().value(),
                        loss.excess().standardError()));
                lines.add(Line.of(at + " weight norm", Line.Kind.LOSS, loss.weightNorm()));
                loss.optimum().ifPresent(optimum -> lines.add(measured(at + " optimum", Line.Kind.LOSS, optimum)));
                yield lines;
            }
            case Event.FlatnessMeasured flat -> {
                String name = requested(flat.requested(), flat.platform().dtype()) + " "
                        + flat.quantity().id();
                List<Line> lines = new ArrayList<>();
                lines.add(Line.of(
                        name,
                        kind(flat.requested()),
                        flat.value().value(),
                        flat.value().standardError(),
                        flat.interval().low(),
                        flat.interval().high()));
                flat.effectiveRank().ifPresent(rank -> lines.add(Line.of(name + " rank", Line.Kind.TRACE, rank)));
                lines.add(Line.of(name + " parameters", Line.Kind.EXACT, (double) flat.parameters()));
                yield lines;
            }
            case Event.LayersMeasured layers ->
                layers.layers().stream()
                        .map(layer -> line(
                                requested(layers.requested(), layers.platform().dtype()), layer))
                        .toList();
            case Event.SpectrumMeasured spectrum -> {
                String name =
                        requested(spectrum.requested(), spectrum.platform().dtype());
                double[] top = spectrum.top().stream()
                        .flatMap(one ->
                                Stream.of(one.value().value(), one.value().standardError()))
                        .mapToDouble(one -> one)
                        .toArray();
                yield List.of(
                        Line.of(name + " top", Line.Kind.TRACE, top),
                        measured(
                                name + " lowest",
                                Line.Kind.TRACE,
                                spectrum.lowest().value()),
                        measured(
                                name + " trace",
                                Line.Kind.TRACE,
                                spectrum.density().trace()),
                        measured(
                                name + " squares",
                                Line.Kind.TRACE,
                                spectrum.density().squares()));
            }
            case Event.DownstreamMeasured down -> {
                String name =
                        "task " + down.task().name() + " by " + down.protocol().name();
                int tests = down.protocol().test();
                List<Line> lines = new ArrayList<>();
                lines.add(Line.accuracy(name, tests, down.accuracies()));
                lines.add(Line.accuracy(
                        name + " mean",
                        tests,
                        List.of(down.accuracy().value(), down.accuracy().standardError())));
                lines.add(Line.accuracy(
                        name + " untrained",
                        tests,
                        List.of(down.untrained().value(), down.untrained().standardError())));
                down.bayesAccuracy()
                        .ifPresent(
                                bayesAccuracy -> lines.add(measured(name + " ceiling", Line.Kind.LOSS, bayesAccuracy)));
                lines.add(Line.of(
                        name + " classes", Line.Kind.EXACT, down.classes(), down.leftOut(), down.majorityBaseline()));
                yield lines;
            }
            default -> throw new IllegalStateException("a result is " + event);
        };
    }

    private static Line.Kind kind(EstimatorSpec requested) {
        return Stream.of("forward", "split", "refined", "sharpness")
                        .anyMatch(requested.estimator().id()::contains)
                ? Line.Kind.DIFFERENCE
                : Line.Kind.TRACE;
    }

    private static Line measured(String key, Line.Kind kind, Measured value) {
        return Line.of(key, kind, value.value(), value.standardError());
    }

    private static Line line(String requested, LayerTraces layer) {
        return Line.of(
                requested + " of " + layer.name(),
                Line.Kind.TRACE,
                layer.squaredNorm(),
                layer.fisher().value(),
                layer.hessian().value(),
                layer.adaptive().value());
    }

    /** Returns a measurement's name from its spec's values. */
    private static String requested(EstimatorSpec requested, String dtype) {
        return requested.estimator().id()
                + requested.probes().map(probes -> " probes " + probes).orElse("")
                + requested.to().map(error -> " to " + error).orElse("")
                + requested.expandTo().map(into -> " in " + into.name()).orElse("")
                + requested
                        .recipe()
                        .map(recipe -> " " + recipe.name().toLowerCase(Locale.ROOT))
                        .orElse("")
                + (dtype.equals("float32") ? "" : " " + dtype);
    }

    /**
     * Writes a folder with one of Basin's encoders and its language of six words, {@code w0} to
     * {@code w5}.
     */
    static void writeOwnEncoder(Path folder) throws IOException {
        EncoderShape shape = new EncoderShape(6, 4, 4, 2, 2, 8);
        Pcfg language = Grammars.tree(2, 3, 2, 6, 1);
        EncoderFolder.write(Files.createDirectories(folder), shape, Initialisation.of(shape, 0.3, 5), language);
    }

    /** Returns the measurements of {@code probe} for a folder on its own language. */
    static List<Line> folder(Path folder, Path requested, boolean precise) {
        return folder(
                FolderProbe.onOwnLanguage(folder, new FolderProbe.Settings(precise, 2)),
                StudyFile.read(requested).flatness());
    }

    /**
     * Returns the measurements of {@code probe} for a folder on a text: the loss, the first
     * measurement with all its batches, and the others on two small ones.
     *
     * @param requested a study file with the measurements
     */
    static List<Line> folder(Path folder, Path text, Path requested) throws IOException {
        List<EstimatorSpec> flatness = StudyFile.read(requested).flatness();
        FolderProbe probe =
                FolderProbe.onText(folder, text, Optional.of(LONGEST), "maxLength", new FolderProbe.Settings(false, 2));
        List<Line> lines = new ArrayList<>();
        lines.add(measured(
                "loss",
                Line.Kind.LOSS,
                probe.loss(flatness.getFirst(), done -> {}).value()));
        lines.add(Line.of("weight norm", Line.Kind.EXACT, probe.model().weightNorm()));
        lines.addAll(folder(probe, flatness.subList(0, 1)));
        for (EstimatorSpec one : flatness) {
            lines.addAll(pairs(one, GoldenPairs.of(one, folder, text, LONGEST)));
        }
        return lines;
    }

    private static List<Line> folder(FolderProbe probe, List<EstimatorSpec> requested) {
        List<Line> lines = new ArrayList<>();
        for (EstimatorSpec one : requested) {
            for (Measurement reading : probe.measure(one, look -> true).readings()) {
                String name =
                        requested(one, "float32") + " " + reading.quantity().id();
                lines.add(Line.of(
                        name,
                        kind(one),
                        reading.value().value(),
                        reading.value().standardError(),
                        reading.interval().low(),
                        reading.interval().high()));
                lines.add(Line.of(name + " parameters", Line.Kind.EXACT, (double) reading.parameters()));
            }
        }
        return lines;
    }

    /** Runs a command as a user types it. */
    static Typed basin(String... arguments) {
        return Typed.basin(arguments);
    }
}
