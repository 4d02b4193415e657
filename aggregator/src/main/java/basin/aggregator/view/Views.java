package basin.aggregator.view;

import basin.aggregator.analysis.ArmAnalysis;
import basin.aggregator.analysis.Choice;
import basin.aggregator.analysis.ComparedCheckpoints;
import basin.aggregator.analysis.InferenceCache;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.analysis.Row;
import basin.aggregator.analysis.Table;
import basin.aggregator.fold.CheckpointState;
import basin.aggregator.fold.Completeness;
import basin.aggregator.fold.RunState;
import basin.aggregator.fold.StudyState;
import basin.aggregator.present.Numbers;
import basin.record.Event;
import basin.record.Measured;
import basin.record.SpectralDensity;
import basin.study.Against;
import basin.study.AnalysisSpec;
import basin.study.Arm;
import basin.study.ClaimSpec;
import basin.study.CorrelationRow;
import basin.study.PlatformSpec;
import basin.study.ProtocolSpec;
import basin.study.Quantity;
import basin.study.QuestionSpec;
import basin.study.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Computes views from states. Pure functions. */
public final class Views {
    private static final int MAX_LOSSES = 200;

    private Views() {}

    /** Returns the view of a study under its own question. */
    public static StudyView of(StudyState study) {
        return of(study, Set.of());
    }

    /**
     * Returns the view of a study under its own question.
     *
     * @param givenUp ids of work items that were given up and not redriven
     */
    public static StudyView of(StudyState study, Set<String> givenUp) {
        return of(study, givenUp, new InferenceCache());
    }

    /**
     * Returns the same view as {@link #of(StudyState, Set)}. Results in the study's cache are
     * reused and new ones are cached.
     */
    public static StudyView of(StudyState study, Set<String> givenUp, InferenceCache cache) {
        return draft(study, givenUp, cache, false).view();
    }

    /**
     * Returns a view without expensive computations ({@link Table#of}). While the table is
     * incomplete, the study's state is shown as running, because a reader that waits for its end
     * wants the complete table.
     */
    public static Draft points(StudyState study, Set<String> givenUp, InferenceCache cache) {
        return draft(study, givenUp, cache, true);
    }

    private static Draft draft(StudyState study, Set<String> givenUp, InferenceCache cache, boolean pointsOnly) {
        Completeness completeness = study.completeness(givenUp);
        Choice choice = Choice.own(study.spec());
        Table table = Table.of(study, !completeness.complete(), choice, cache, pointsOnly);
        Optional<StudyView.Claim> claim = Preregistration.of(study.spec(), table.rows());
        return new Draft(of(study, table, completeness, choice, claim), table.whole());
    }

    /**
     * A view whose table may lack intervals and p-values. Immutable.
     *
     * @param whole whether the table is complete; if so, the view is byte-identical to that of
     *     {@link #of(StudyState, Set)}
     */
    public record Draft(StudyView view, boolean whole) {}

    /** Returns the view of a study under another question. */
    public static StudyView of(Reanalysis requested, QuestionSpec question) {
        StudyState study = requested.state();
        Optional<StudyView.Claim> claim = requested.own()
                ? Preregistration.of(study.spec(), requested.table().rows())
                : requested
                        .claim()
                        .map(registered -> Preregistration.elsewhere(
                                registered, study.spec().language().against()));
        return of(study, requested.table(), requested.completeness(), Choice.of(question), claim);
    }

    private static StudyView of(
            StudyState study, Table table, Completeness completeness, Choice choice, Optional<StudyView.Claim> claim) {
        AnalysisSpec analysis = study.spec().analysis();
        String state = table.whole() ? state(study, completeness) : unended(state(study, completeness));
        List<Row> rows = StudyView.hasEnded(state)
                ? table.rows().stream().map(Row::settled).toList()
                : table.rows();
        Headline headline = Headline.of(study, rows, claim);
        String usual = Headline.usual(rows);
        Optional<CorrelationRow> registered = analysis.claim().map(ClaimSpec::row);
        return new StudyView(
                study.studyId(),
                study.spec().name(),
                study.spec().language().kind(),
                state,
                study.revision(),
                headline.sentence(),
                Stream.of(givenUp(completeness), headline.more(), Versions.note(study))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(" ")),
                analysis.match(),
                analysis.band(),
                analysis.seed(),
                analysis.confidence(),
                Estimate.CONFIDENCE,
                StudyView.LossName.of(study.spec().language().against()),
                optimum(study).map(Estimate::of),
                study.spec().sizes().stream()
                        .map(size -> new StudyView.Size(size.name(), size.width(), size.layers()))
                        .toList(),
                study.spec().tasks().stream().map(TaskSpec::name).toList(),
                study.spec().protocols().stream().map(ProtocolSpec::name).toList(),
                choice.quantities().stream().map(Quantity::id).toList(),
                Arm.of(study.spec()).stream()
                        .map(arm ->
                                new StudyView.Setting(arm.name(), arm.algorithm(), arm.learningRate(), arm.training()))
                        .toList(),
                new StudyView.Done(
                        completeness.runs(), completeness.ended(), completeness.measurements(), completeness.done()),
                study.runs().stream().map(run -> run(run, study, analysis)).toList(),
                rows.stream()
                        .map(row -> headline.primary()
                                        .filter(row.requested()::equals)
                                        .isPresent()
                                ? row(study, row, true, headline.sentence(), registered)
                                : row(study, row, false, Headline.sentence(study, row, usual), registered))
                        // The sort is stable: the claim's row comes first, the others keep their
                        // order.
                        .sorted(Comparator.comparing(row -> row.registration().equals(StudyView.EXPLORATORY)))
                        .toList(),
                ArmAnalysis.of(study, !completeness.complete()),
                claim,
                StudyView.hasEnded(state)
                        ? table.rankings().stream().map(MeasureRanking::settled).toList()
                        : table.rankings(),
                Budgets.of(study.spec().protocols()));
    }

    /** Returns a study's state as in {@link StudyView#state()}. */
    public static String state(StudyState study, Completeness completeness) {
        if (completeness.complete()) {
            return allFailed(study) ? "failed" : "done";
        }
        if (study.isUnder(Event.StudyControlled.Action.CANCEL)) {
            return "cancelled";
        }
        if (study.isUnder(Event.StudyControlled.Action.PAUSE) && !allFailed(study) && !completeness.incomplete()) {
            return "paused";
        }
        if (study.runs().isEmpty() || study.runs().stream().allMatch(run -> run.step() == 0 && !run.ended())) {
            return "nothing";
        }
        if (allFailed(study)) {
            return "failed";
        }
        return completeness.incomplete() ? "incomplete" : "running";
    }

    /**
     * Returns the state while the table is incomplete: a study counts as ended only with its
     * complete table.
     */
    private static String unended(String state) {
        return switch (state) {
            case "done", "incomplete", "failed" -> "running";
            default -> state;
        };
    }

    private static boolean allFailed(StudyState study) {
        return !study.runs().isEmpty()
                && study.runs().stream().allMatch(run -> run.failed().isPresent());
    }

    /** Returns a sentence if the study ended without all wanted results; empty otherwise. */
    private static String givenUp(Completeness completeness) {
        return completeness.incomplete()
                ? "Incomplete: " + completeness.stuck() + " of " + completeness.runs() + " runs and "
                        + completeness.givenUp() + " of " + completeness.measurements()
                        + " measurements were given up; the dead-letter topic says why."
                : "";
    }

    /**
     * Returns the optimal loss; empty if it is unknown. Before the first loss, the optimum of a
     * language that has one is reported as 0.
     */
    private static Optional<Measured> optimum(StudyState study) {
        return study.runs().stream()
                .flatMap(run -> run.losses().stream())
                .map(Event.LossMeasured::optimum)
                .findFirst()
                .orElseGet(() -> study.spec().language().against() == Against.OPTIMUM
                        ? Optional.of(Measured.exact(0))
                        : Optional.empty());
    }

    private static StudyView.Run run(RunState run, StudyState study, AnalysisSpec analysis) {
        Map<Double, CheckpointState> levels = new HashMap<>();
        analysis.match()
                .forEach(level -> ComparedCheckpoints.matched(run, level, analysis.band())
                        .ifPresent(checkpoint -> levels.put(level, checkpoint)));
        Event.RunDeclared declared = run.declared();
        long tokens = run.finished()
                .map(Event.RunFinished::tokens)
                .orElse(run.losses().isEmpty() ? 0L : run.losses().getLast().tokens());
        return new StudyView.Run(
                declared.runId(),
                declared.label(),
                declared.spec().size().name(),
                declared.spec().learningRate(),
                declared.spec().algorithm().name(),
                Arm.of(study.spec(), declared.spec()).map(Arm::name).orElse(""),
                declared.spec().seed(),
                declared.parameters(),
                run.state(),
                run.failed().map(Event.RunFailed::reason).orElse(""),
                run.step(),
                declared.spec().training().steps(),
                tokens,
                declared.spec().ingested(),
                losses(run),
                run.checkpoints().stream()
                        .map(checkpoint -> checkpoint(
                                checkpoint,
                                ComparedCheckpoints.last(run, study)
                                        .filter(checkpoint::equals)
                                        .isPresent(),
                                levels,
                                study,
                                analysis))
                        .toList());
    }

    /**
     * Returns the run's losses, thinned evenly. If a step has a full measurement, the quick one is
     * dropped.
     */
    private static List<StudyView.Loss> losses(RunState run) {
        List<Event.LossMeasured> kept = new ArrayList<>();
        for (Event.LossMeasured loss : run.losses()) {
            if (!kept.isEmpty() && kept.getLast().step() == loss.step()) {
                kept.removeLast();
            }
            kept.add(loss);
        }
        int stride = Math.max(1, Math.ceilDiv(kept.size(), MAX_LOSSES));
        List<StudyView.Loss> losses = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Event.LossMeasured loss = kept.get(i);
            if (i % stride == 0 || loss.full() || i == kept.size() - 1) {
                losses.add(new StudyView.Loss(
                        loss.step(), Estimate.of(loss.excess(), loss.sentences()), loss.sentences(), loss.seed()));
            }
        }
        return List.copyOf(losses);
    }

    private static StudyView.Checkpoint checkpoint(
            CheckpointState checkpoint,
            boolean last,
            Map<Double, CheckpointState> levels,
            StudyState study,
            AnalysisSpec analysis) {
        Event.CheckpointPublished published = checkpoint.published();
        List<Double> matched = analysis.match().stream()
                .filter(level -> checkpoint.equals(levels.get(level)))
                .toList();
        return new StudyView.Checkpoint(
                published.step(),
                last,
                matched,
                Estimate.of(published.excess(), study.spec().validation().sentences()),
                study.spec().validation().sentences(),
                study.spec().validation().seed(),
                published.weightNorm(),
                checkpoint.flatness().stream()
                        .sorted(CheckpointState.OWN_ARCHITECTURE_FIRST)
                        .map(Views::flatness)
                        .sorted(Comparator.comparing(StudyView.Flatness::quantity))
                        .toList(),
                checkpoint.downstream().stream()
                        .map(Views::downstream)
                        .sorted(Comparator.comparing(StudyView.Downstream::task)
                                .thenComparing(StudyView.Downstream::protocol))
                        .toList(),
                checkpoint.layers().stream().map(Views::layers).toList(),
                checkpoint.spectra().stream().map(Views::spectrum).toList());
    }

    private static StudyView.Flatness flatness(Event.FlatnessMeasured measured) {
        return new StudyView.Flatness(
                measured.quantity().id(),
                measured.value().value(),
                measured.value().standardError(),
                measured.quantity().unit(),
                measured.interval(),
                measured.requested().pairs(),
                measured.effectiveRank(),
                measured.parameters(),
                measured.requested().title(),
                measured.version(),
                measured.requested().seed(),
                platform(measured.platform()),
                measured.requested().radius(),
                (double) measured.requested().pairs()
                        * measured.requested().batch()
                        * measured.requested().gradientsAnExample(),
                StudyView.Logarithm.of(measured.value().value(), measured.interval()));
    }

    private static String platform(PlatformSpec platform) {
        return platform.device() + ", " + platform.dtype();
    }

    private static StudyView.Layers layers(Event.LayersMeasured measured) {
        return new StudyView.Layers(
                measured.layers(),
                Quantity.HESSIAN_TRACE.unit(),
                measured.requested().pairs(),
                measured.requested().title(),
                measured.version(),
                measured.requested().seed(),
                platform(measured.platform()));
    }

    private static StudyView.Spectrum spectrum(Event.SpectrumMeasured measured) {
        return new StudyView.Spectrum(
                measured.top(),
                measured.lowest(),
                density(measured.density(), measured.requested().pairs()),
                Quantity.TOP_EIGENVALUE.unit(),
                measured.requested().pairs(),
                measured.requested().batch(),
                measured.parameters(),
                measured.requested().title(),
                measured.version(),
                measured.requested().seed(),
                platform(measured.platform()));
    }

    private static StudyView.Density density(SpectralDensity density, int dataSets) {
        return new StudyView.Density(
                density.edges(),
                IntStream.range(0, density.counts().size())
                        .mapToObj(bin -> Estimate.of(
                                new Measured(
                                        density.counts().get(bin),
                                        density.standardErrors().get(bin)),
                                dataSets))
                        .toList(),
                Estimate.of(density.trace(), dataSets),
                density.steps());
    }

    private static StudyView.Downstream downstream(Event.DownstreamMeasured measured) {
        int repetitions = measured.accuracies().size();
        return new StudyView.Downstream(
                measured.task().name(),
                measured.protocol().name(),
                Estimate.of(measured.accuracy(), repetitions),
                Estimate.difference(measured.accuracy(), measured.untrained(), repetitions),
                Estimate.of(measured.untrained(), repetitions),
                measured.majorityBaseline(),
                measured.bayesAccuracy().map(Estimate::of),
                measured.classes(),
                measured.leftOut(),
                repetitions,
                measured.protocol().labels(),
                measured.protocol().test(),
                measured.protocol().seed());
    }

    private static StudyView.RowView row(
            StudyState study, Row row, boolean primary, String answer, Optional<CorrelationRow> registered) {
        return row(
                row,
                Optional.of(study.spec().language().against()),
                primary,
                answer,
                registered.filter(row.requested()::equals).isPresent());
    }

    /**
     * Returns a row with texts for display.
     *
     * @param against reference of the loss levels, if known
     * @param answer the row's answer in a sentence
     */
    static StudyView.RowView row(
            Row row, Optional<Against> against, boolean primary, String answer, boolean registered) {
        CorrelationRow requested = row.requested();
        return new StudyView.RowView(
                requested.comparison(),
                compared(requested, against),
                requested.level(),
                requested.measure(),
                requested.task(),
                requested.protocol(),
                requested.statistic(),
                primary,
                answer,
                Headline.numbers(requested, row.finding()),
                row.finding(),
                requested.conditionedOn(),
                registered ? StudyView.REGISTERED : StudyView.EXPLORATORY,
                row.follows());
    }

    /** Returns a comparison in words. */
    static String compared(CorrelationRow requested, Optional<Against> against) {
        String level = against.map(known -> known.level() + " ").orElse("")
                + requested.level().map(Numbers::level).orElse("");
        return switch (requested.comparison()) {
            case RAW -> "last checkpoints";
            case MATCHED -> "at equal loss, " + level;
            case MATCHED_WITHIN_RATE -> "at equal loss, " + level + ", within a rate";
            case MATCHED_WITHIN_SIZE -> "at equal loss, " + level + ", within a size";
            case PARTIAL_GIVEN_LOSS -> "last checkpoints, loss held (partial)";
            case ALL_CHECKPOINTS -> "all checkpoints (description)";
            case RAW_WITH_ADVERSARIES -> "last checkpoints, with adversaries";
            case MATCHED_WITH_ADVERSARIES -> "at equal loss, " + level + ", with adversaries";
            case PARTIAL_GIVEN ->
                requested.conditionedOn().equals(QuestionSpec.COVARIATES)
                        ? "last checkpoints, loss and covariates held"
                        : (requested.level().isEmpty() ? "last checkpoints" : "at equal loss, " + level) + ", held: "
                                + String.join(", ", requested.conditionedOn()) + " (partial)";
            case MATCHED_WITHIN ->
                "at equal loss, " + level + ", within one " + String.join(" and ", requested.conditionedOn());
        };
    }
}
