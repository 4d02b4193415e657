package basin.record;

import basin.study.Comparison;
import basin.study.CorrelationRow;
import basin.study.Estimator;
import basin.study.EstimatorSpec;
import basin.study.Ids;
import basin.study.PlatformSpec;
import basin.study.Quantity;
import basin.study.StudyPlan;
import basin.study.StudySpec;
import basin.study.Trigger;
import basin.study.file.StudyFile;
import java.util.List;
import java.util.Optional;

/**
 * Sample events: one of every type, in which every optional field is present once and absent once.
 * New ones come last.
 */
public final class SampleEvents {
    private static final String STUDY = """
        name: sample
        language: {kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}
        sizes: [{name: d8, width: 8, layers: 1, heads: 2, intermediate: 0}]
        algorithms: [adamw]
        learningRates: [0.01]
        seeds: [1]
        training: {steps: 120, batch: 32, schedule: linear, warmup: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1.0e-6, weightDecay: 0.01, initialDeviation: 0.1}
        checkpoints: {geometric: {first: 30, ratio: 2.0}, every: 0, excess: [0.8]}
        validation: {sentences: 512, quickSentences: 64, every: 10, seed: 101}
        flatness: [{estimator: paired, pairs: 40, batch: 16, seed: 201}]
        tasks: [{name: root, start: 0, length: 0, label: ancestor}]
        protocols:
          - {kind: linear-probe, name: probe, features: concatenated, project: 0, labels: 40, test: 100, epochs: 20, batch: 20, learningRate: 0.01, repetitions: 2, seed: 301, checkpoints: all}
          - {kind: fine-tune, name: tune, labels: 40, test: 100, epochs: 2, batch: 20, learningRate: 0.001, warmupSteps: 2, repetitions: 2, seed: 301, checkpoints: matched}
        analysis: {match: [0.8], band: 0.1, minRuns: 5, permutations: 999, resamples: 500, confidence: 0.95, seed: 401}
        platform: {device: cpu, dtype: float32}
        """;

    /** The number of events added after the first release. */
    private static final int ADDED = 22;

    /** Algorithms in every form. */
    private static final String ARMS = """
           [adamw, {kind: sgd, momentum: 0.9, learningRates: [0.1, 0.3]}, {kind: sam, rho: 0.05, base: {kind: sgd, momentum: 0}},
            {kind: label-noise, probability: 0.1}, {kind: average, decay: 0.99}, {kind: average, from: 0.5, base: {kind: sam, rho: 0.1}},
        {kind: adversarial, weight: 0.5, task: root, examples: 64, seed: 7}, lookup-table]\
        """;

    private SampleEvents() {}

    private static StudySpec on(String language, String task) {
        return StudyFile.parse(
                STUDY.replaceFirst("(?m)^language: .*$", "language: " + language)
                        .replaceFirst("(?m)^tasks: .*$", "tasks: [" + task + "]"),
                "sample");
    }

    private static Event.DownstreamMeasured measured(String runId, StudySpec study) {
        return new Event.DownstreamMeasured(
                runId,
                60,
                study.tasks().getFirst(),
                study.protocols().getFirst(),
                PlatformSpec.CPU,
                List.of(0.5, 0.75),
                new Measured(0.625, 0.125),
                0.375,
                new Measured(0.5, 0.0625),
                Optional.of(Measured.exact(0.875)),
                3,
                0.25);
    }

    /** Returns all sample events. */
    public static List<Event> all() {
        StudySpec study = StudyFile.parse(STUDY, "sample");
        String studyId = Ids.study(study);
        StudyPlan.PlannedRun run = StudyPlan.runs(study).getFirst();
        String runId = run.runId();
        StudySpec arms = StudyFile.parse(STUDY.replace("[adamw]", ARMS), "sample");
        String armsId = Ids.study(arms);
        StudyPlan.PlannedRun arm = StudyPlan.runs(arms).get(3);
        Measured excess = new Measured(0.75, 0.0018);
        StudySpec hidden = on(
                "{kind: hmm, states: 3, vocabularySize: 6, minLength: 4, maxLength: 8, sharpness: 2.5, seed: 1}",
                "{name: state2, start: 1, length: 1, label: state}");
        StudySpec brackets =
                on("{kind: brackets, length: 8, nested: true}", "{name: depth4, start: 0, length: 4, label: openings}");
        String tree = "{kind: tree, depth: 2, symbols: 3, rules: 2, vocabularySize: 6, seed: 1}";
        StudySpec reweighted = on(
                tree,
                "{name: root, start: 0, length: 0, label: ancestor, shift: {kind: reweighted, strength: 1, seed: 7}}");
        StudySpec reversed = on(
                tree, "{name: root, start: 0, length: 0, label: ancestor, shift: {kind: reversed, rules: 1, seed: 7}}");
        StudySpec taught = on(
                "{kind: teacher, weights: " + "0123456789abcdef".repeat(4)
                        + ", tokens: 5, minLength: 2, maxLength: 4, temperature: 0.5, seed: 1}",
                "");
        StudySpec text = on(
                "{kind: text, files: [" + "0123456789abcdef".repeat(4)
                        + "], tokenizer: words, vocabularySize: 100, maxLength: 8, pairs: 0.25, heldOut: 0.25, seed:"
                        + " 1}",
                "{name: pair, table: {layout: qnli, file: " + "0123456789abcdef".repeat(4) + ", test: "
                        + "fedcba9876543210".repeat(4) + "}}");
        StudySpec causal = StudyFile.parse(STUDY.replace("{steps: 120", "{objective: causal, steps: 120"), "sample");
        StudySpec recurrent = StudyFile.parse(
                STUDY.replaceFirst("(?m)^sizes: .*$", "sizes: [{name: l8, architecture: lstm, width: 8, layers: 1}]"),
                "sample");
        StudySpec claiming = StudyFile.parse(
                STUDY.replace("seeds: [1]", "seeds: [1, 2]")
                        .replace(
                                "seed: 401}",
                                "seed: 401, claim: {task: root, protocol: probe, measure: hessian.trace, statistic:"
                                        + " spearman, match: 0.8, given: [rate, norm], expects: positive}}"),
                "sample");
        Interval interval = new Interval(100.5, 140.25, 0.95);
        return List.of(
                new Event.StudySubmitted(study),
                new Event.RunDeclared(studyId, runId, 0, run.label(), run.spec(), 1234),
                new Event.LossMeasured(
                        runId, 60, 7680, true, 2.0, excess, 512, 101, Optional.of(new Measured(1.25, 0)), 9.5, 0.009),
                new Event.CheckpointPublished(
                        runId,
                        60,
                        0,
                        List.of(new Trigger(Trigger.Kind.EXCESS, 0.8), new Trigger(Trigger.Kind.SCHEDULED, 60)),
                        excess,
                        2.0,
                        9.5,
                        new Weights(4936, 1, "0123456789abcdef".repeat(4), "safetensors")),
                new Event.FlatnessMeasured(
                        runId,
                        60,
                        study.flatness().getFirst(),
                        PlatformSpec.CPU,
                        Quantity.HESSIAN_TRACE,
                        new Measured(120, 10),
                        interval,
                        Optional.of(22.5),
                        1234,
                        1),
                new Event.FlatnessMeasured(
                        runId,
                        60,
                        study.flatness().getFirst(),
                        PlatformSpec.CPU,
                        Quantity.FISHER_TRACE,
                        new Measured(118, 9),
                        interval,
                        Optional.empty(),
                        1234,
                        1),
                measured(runId, study),
                new Event.RunFinished(runId, 120, 15360, 3),
                new Event.RunFailed(runId, 60, "The loss was no longer a number after step 60: use a lower rate."),
                new Event.CorrelationComputed(
                        studyId,
                        "live",
                        new Revision(9, "00112233445566ff"),
                        new CorrelationRow(
                                Comparison.MATCHED, Optional.of(0.8), "hessian.trace", "root", "probe", "kendall"),
                        new Finding(
                                Finding.Status.ESTIMATE,
                                Optional.of(0.5),
                                Optional.of(new Interval(-0.25, 0.9, 0.95)),
                                Optional.of(0.125),
                                8,
                                8,
                                false,
                                "Fieller",
                                "A note.",
                                Optional.empty())),
                new Event.StudyControlled(studyId, 1, Event.StudyControlled.Action.PAUSE),
                // Added after the first release.
                new Event.FlatnessMeasured(
                        runId,
                        60,
                        new EstimatorSpec(Estimator.SHARPNESS_AVERAGE, 40, 16, 201, Optional.of(0.01)),
                        PlatformSpec.CPU,
                        Quantity.AVERAGE_SHARPNESS,
                        new Measured(0.006, 0.0005),
                        new Interval(0.005, 0.007, 0.95),
                        Optional.empty(),
                        1234,
                        1),
                new Event.LayersMeasured(
                        runId,
                        60,
                        new EstimatorSpec(Estimator.LAYERS_EXACT, 40, 16, 201),
                        PlatformSpec.CPU,
                        List.of(new LayerTraces(
                                "lm_head.bias",
                                10,
                                1.5,
                                new Measured(2, 0.125),
                                new Measured(2.5, 0.25),
                                new Measured(0.5, 0.0625))),
                        1),
                new Event.SpectrumMeasured(
                        runId,
                        60,
                        new EstimatorSpec(Estimator.SPECTRUM_LANCZOS, 8, 80, 201),
                        PlatformSpec.CPU,
                        List.of(
                                new Eigenvalue(new Measured(12, 0.5), new Interval(11, 13.25, 0.95), 0.001),
                                new Eigenvalue(new Measured(7, 0.25), new Interval(6.5, 7.5, 0.95), 0.002)),
                        new Eigenvalue(new Measured(-0.5, 0.125), new Interval(-0.75, -0.25, 0.95), 0.004),
                        new SpectralDensity(
                                List.of(-1.0, 0.0, 20.0),
                                List.of(34.0, 1200.0),
                                List.of(2.5, 2.5),
                                new Measured(119, 9),
                                new Measured(640, 32),
                                24),
                        1234,
                        1),
                new Event.StudySubmitted(hidden),
                measured(runId, hidden),
                new Event.StudySubmitted(brackets),
                measured(runId, brackets),
                new Event.StudySubmitted(reweighted),
                measured(runId, reweighted),
                measured(runId, reversed),
                new Event.StudySubmitted(taught),
                new Event.StudySubmitted(arms),
                new Event.RunDeclared(armsId, arm.runId(), 3, arm.label(), arm.spec(), 1234),
                new Event.StudySubmitted(text),
                new Event.LossMeasured(
                        runId, 90, 7680, true, 2.0, new Measured(2.0, 0.25), 512, 101, Optional.empty(), 9.5, 0.009),
                new Event.DownstreamMeasured(
                        runId,
                        60,
                        text.tasks().getFirst(),
                        text.protocols().getFirst(),
                        PlatformSpec.CPU,
                        List.of(0.5, 0.75),
                        new Measured(0.625, 0.125),
                        0.375,
                        new Measured(0.5, 0.0625),
                        Optional.empty(),
                        2,
                        0),
                new Event.StudySubmitted(causal),
                new Event.StudySubmitted(recurrent),
                new Event.StudySubmitted(claiming),
                new Event.CorrelationComputed(
                        Ids.study(claiming),
                        "live",
                        new Revision(9, "00112233445566ff"),
                        claiming.analysis().claim().orElseThrow().row(),
                        new Finding(
                                Finding.Status.NOT_YET,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                2,
                                2,
                                true,
                                "",
                                "2 of at least 5 runs that are needed.",
                                Optional.of(5))),
                new Event.QuestionAnswered(
                        studyId,
                        "narrow",
                        new Revision(9, "00112233445566ff"),
                        "band: 0.05\n",
                        "Inconclusive. Among models with matched loss, flatness does not clearly predict accuracy.",
                        "More runs would narrow this interval.",
                        "Inconclusive.",
                        Optional.of(new CorrelationRow(
                                Comparison.MATCHED, Optional.of(0.8), "hessian.trace", "root", "probe", "kendall"))),
                new Event.QuestionAnswered(
                        studyId,
                        "none",
                        new Revision(9, "00112233445566ff"),
                        "",
                        "This study compares no runs at matched loss.",
                        "",
                        "This study compares no runs at matched loss.",
                        Optional.empty()));
    }

    /** Returns the number of events in the form of the first release. */
    public static int released() {
        return all().size() - ADDED;
    }
}
