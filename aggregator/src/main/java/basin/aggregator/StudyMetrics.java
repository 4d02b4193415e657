package basin.aggregator;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The published views as gauges. Labels are bounded: no step, no checkpoint, and runs only up to a cap. One thread. */
final class StudyMetrics {
    /** So many runs get gauges of their own. */
    static final int MOST_RUNS = 200;

    private final MultiGauge correlation;
    private final MultiGauge low;
    private final MultiGauge high;
    private final MultiGauge runs;
    private final MultiGauge p;
    private final MultiGauge trace;
    private final MultiGauge traceError;
    private final MultiGauge excess;
    private final MultiGauge excessError;
    private final MultiGauge accuracy;
    private final MultiGauge accuracyError;
    private final MultiGauge step;
    private final MultiGauge revision;
    private final MultiGauge ended;
    private final MultiGauge wanted;
    private final MultiGauge measured;
    private final MultiGauge info;
    private final MultiGauge state;
    private final MultiGauge declared;
    private final PointMetrics points;

    StudyMetrics(MeterRegistry registry) {
        correlation =
                gauge(registry, "basin.correlation", "Correlation with accuracy above the untrained network", "ratio");
        low = gauge(registry, "basin.correlation.ci.low", "Lower bound of the correlation's interval", "ratio");
        high = gauge(registry, "basin.correlation.ci.high", "Upper bound of the correlation's interval", "ratio");
        runs = gauge(registry, "basin.correlation.runs", "Runs behind the correlation", "runs");
        p = gauge(registry, "basin.correlation.p", "Two-sided p-value, once all runs have ended", "ratio");
        trace = gauge(registry, "basin.flatness.trace", "Trace of the newest checkpoint that was probed", "nats");
        traceError = gauge(registry, "basin.flatness.trace.stderr", "Standard error of the trace", "nats");
        excess = gauge(registry, "basin.loss.excess", "Newest excess loss: KL from the optimum", "nats");
        excessError = gauge(registry, "basin.loss.excess.stderr", "Standard error of the excess loss", "nats");
        accuracy = gauge(registry, "basin.downstream.accuracy", "Accuracy of the newest checkpoint evaluated", "ratio");
        accuracyError = gauge(registry, "basin.downstream.accuracy.stderr", "Standard error of the accuracy", "ratio");
        step = gauge(registry, "basin.run.step", "Optimiser steps taken", "steps");
        revision =
                gauge(registry, "basin.study.revision", "Different events folded when the numbers were made", "events");
        ended = gauge(registry, "basin.study.runs.ended", "Runs that have finished or failed", "runs");
        wanted =
                gauge(registry, "basin.study.pieces.wanted", "Measurements wanted of the checkpoints so far", "pieces");
        measured = gauge(registry, "basin.study.pieces.done", "Measurements done", "pieces");
        info = MultiGauge.builder("basin.study.info")
                .description("The study's name and the kind of its language, as labels of a constant 1")
                .register(registry);
        state = MultiGauge.builder("basin.study.state.info")
                .description("The study's state, as a label of a constant 1")
                .register(registry);
        declared = gauge(registry, "basin.study.runs.declared", "Runs of the study's grid", "runs");
        points = new PointMetrics(registry);
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description, String unit) {
        return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
    }

    /** Shows these views and no others. */
    void show(Collection<StudyView> views) {
        show(views, List.of());
    }

    /** Shows these views and these other generations of their tables, and no others. */
    void show(Collection<StudyView> views, Collection<Generation> others) {
        List<Generation> tables = Stream.concat(
                        views.stream()
                                .map(view ->
                                        new Generation(view.studyId(), Generations.LIVE, view.revision(), view.rows())),
                        others.stream())
                .toList();
        register(correlation, tables, row -> row.finding().value());
        register(low, tables, row -> row.finding().interval().map(interval -> interval.low()));
        register(high, tables, row -> row.finding().interval().map(interval -> interval.high()));
        register(runs, tables, row -> Optional.of((double) row.finding().runs()));
        register(p, tables, row -> row.finding().p());
        List<Row<?>> traces = new ArrayList<>();
        List<Row<?>> traceErrors = new ArrayList<>();
        List<Row<?>> losses = new ArrayList<>();
        List<Row<?>> lossErrors = new ArrayList<>();
        List<Row<?>> accuracies = new ArrayList<>();
        List<Row<?>> accuracyErrors = new ArrayList<>();
        List<Row<?>> steps = new ArrayList<>();
        for (StudyView view : views) {
            for (StudyView.Run run :
                    view.runs().subList(0, Math.min(MOST_RUNS, view.runs().size()))) {
                Tags tags = runTags(view, run).and("algorithm", run.algorithm());
                steps.add(Row.of(tags, run.step()));
                if (!run.losses().isEmpty()) {
                    losses.add(Row.of(tags, run.losses().getLast().excess().value()));
                    lossErrors.add(Row.of(tags, run.losses().getLast().excess().standardError()));
                }
                newest(run, checkpoint -> !checkpoint.flatness().isEmpty())
                        .ifPresent(checkpoint -> checkpoint.flatness().forEach(flat -> {
                            Tags own = tags.and("quantity", flat.quantity(), "estimator", flat.estimator());
                            traces.add(Row.of(own, flat.value()));
                            traceErrors.add(Row.of(own, flat.standardError()));
                        }));
                newest(run, checkpoint -> !checkpoint.downstream().isEmpty())
                        .ifPresent(checkpoint -> checkpoint.downstream().forEach(down -> {
                            Tags own = tags.and("task", down.task(), "protocol", down.protocol());
                            accuracies.add(Row.of(own, down.accuracy().value()));
                            accuracyErrors.add(Row.of(own, down.accuracy().standardError()));
                        }));
            }
        }
        trace.register(traces, true);
        traceError.register(traceErrors, true);
        excess.register(losses, true);
        excessError.register(lossErrors, true);
        accuracy.register(accuracies, true);
        accuracyError.register(accuracyErrors, true);
        step.register(steps, true);
        study(revision, views, view -> view.revision().events());
        study(ended, views, view -> view.done().ended());
        study(wanted, views, view -> view.done().pieces());
        study(measured, views, view -> view.done().measured());
        study(declared, views, view -> view.done().runs());
        info.register(
                views.stream()
                        .<Row<?>>map(view -> Row.of(
                                Tags.of("study", view.studyId(), "name", view.name(), "language", view.language()), 1))
                        .toList(),
                true);
        state.register(
                views.stream()
                        .<Row<?>>map(view -> Row.of(Tags.of("study", view.studyId(), "state", view.state()), 1))
                        .toList(),
                true);
        points.show(views);
    }

    /** Which run: its id, and its name for people, which is its own within the study. */
    static Tags runTags(StudyView view, StudyView.Run run) {
        return Tags.of("study", view.studyId(), "run", run.runId(), "label", run.label(), "size", run.size());
    }

    private static Optional<StudyView.Checkpoint> newest(
            StudyView.Run run, java.util.function.Predicate<StudyView.Checkpoint> has) {
        return run.checkpoints().reversed().stream().filter(has).findFirst();
    }

    private static void study(MultiGauge gauge, Collection<StudyView> views, Function<StudyView, Number> value) {
        gauge.register(
                views.stream()
                        .<Row<?>>map(view -> Row.of(Tags.of("study", view.studyId()), value.apply(view)))
                        .toList(),
                true);
    }

    private static void register(
            MultiGauge gauge, Collection<Generation> tables, Function<StudyView.RowView, Optional<Double>> value) {
        List<Row<?>> rows = new ArrayList<>();
        for (Generation table : tables) {
            for (StudyView.RowView row : table.rows()) {
                value.apply(row)
                        .ifPresent(number -> rows.add(Row.of(
                                Tags.of(
                                        "study",
                                        table.studyId(),
                                        "comparison",
                                        row.comparison().name().toLowerCase(java.util.Locale.ROOT),
                                        "level",
                                        row.level().map(String::valueOf).orElse("none"),
                                        "measure",
                                        row.measure(),
                                        "task",
                                        row.task(),
                                        "protocol",
                                        row.protocol(),
                                        "statistic",
                                        row.statistic(),
                                        "generation",
                                        table.name()),
                                number)));
            }
        }
        gauge.register(rows, true);
    }
}
