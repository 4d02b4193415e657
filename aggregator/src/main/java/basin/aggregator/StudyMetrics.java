package basin.aggregator;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import basin.record.Revision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The published views as gauges. Labels are bounded: no step, no checkpoint, and runs only up to a cap. One thread. */
final class StudyMetrics {
    /** So many runs get gauges of their own. */
    static final int MOST_RUNS = 200;

    private final List<NumberTable> tables = new ArrayList<>();
    private final NumberTable correlation;
    private final NumberTable low;
    private final NumberTable high;
    private final NumberTable runs;
    private final NumberTable p;
    private final NumberTable trace;
    private final NumberTable traceError;
    private final NumberTable eigenvalue;
    private final NumberTable eigenvalueError;
    private final Losses losses;
    private final NumberTable accuracy;
    private final NumberTable accuracyError;
    private final NumberTable step;
    private final NumberTable revision;
    private final NumberTable intervals;
    private final NumberTable ended;
    private final NumberTable wanted;
    private final NumberTable measured;
    private final NumberTable info;
    private final NumberTable state;
    private final NumberTable declared;
    private final PointMetrics points;

    StudyMetrics(MeterRegistry registry) {
        correlation =
                gauge(registry, "basin.correlation", "Correlation with accuracy above the untrained network", "ratio");
        low = gauge(registry, "basin.correlation.ci.low", "Lower bound of the correlation's interval", "ratio");
        high = gauge(registry, "basin.correlation.ci.high", "Upper bound of the correlation's interval", "ratio");
        runs = gauge(registry, "basin.correlation.runs", "Runs behind the correlation", "runs");
        p = gauge(registry, "basin.correlation.p", "Two-sided p-value, once all runs have ended", "ratio");
        trace = gauge(
                registry,
                "basin.flatness.trace",
                "Trace, or what the quantity says, of the newest checkpoint that was probed",
                "nats");
        traceError = gauge(registry, "basin.flatness.trace.stderr", "Standard error of the trace", "nats");
        eigenvalue = gauge(
                registry,
                "basin.flatness.top.eigenvalue",
                "Largest eigenvalue of the Hessian of the newest checkpoint whose spectrum was measured",
                "nats");
        eigenvalueError = gauge(
                registry, "basin.flatness.top.eigenvalue.stderr", "Standard error of the largest eigenvalue", "nats");
        losses = new Losses(registry, "basin.loss.", "Newest value. ");
        accuracy = gauge(registry, "basin.downstream.accuracy", "Accuracy of the newest checkpoint evaluated", "ratio");
        accuracyError = gauge(registry, "basin.downstream.accuracy.stderr", "Standard error of the accuracy", "ratio");
        step = gauge(registry, "basin.run.step", "Optimiser steps taken", "steps");
        revision =
                gauge(registry, "basin.study.revision", "Different events folded when the numbers were made", "events");
        intervals = gauge(
                registry,
                "basin.study.intervals.revision",
                "Different events folded when all intervals and p-values were there last: none shown is older",
                "events");
        ended = gauge(registry, "basin.study.runs.ended", "Runs that have finished or failed", "runs");
        wanted = gauge(
                registry,
                "basin.study.measurements.wanted",
                "Measurements wanted of the checkpoints so far",
                "measurements");
        measured = gauge(registry, "basin.study.measurements.done", "Measurements done", "measurements");
        info = gauge(
                registry,
                "basin.study.info",
                "The study's name and the kind of its language, as labels of a constant 1",
                "");
        state = gauge(registry, "basin.study.state.info", "The study's state, as a label of a constant 1", "");
        declared = gauge(registry, "basin.study.runs.declared", "Runs of the study's grid", "runs");
        points = new PointMetrics(registry);
    }

    private NumberTable gauge(MeterRegistry registry, String name, String description, String unit) {
        NumberTable table = new NumberTable(registry, name, description, unit);
        tables.add(table);
        return table;
    }

    /** Shows these views, of which nothing is to follow, and no others. */
    void show(Collection<StudyView> views) {
        show(views.stream().map(view -> ViewRevision.whole(view, 0)).toList(), List.of());
    }

    /** Shows these views and these other generations of their tables, and no others. */
    void show(Collection<ViewRevision> all, Collection<Generation> others) {
        for (ViewRevision one : all) {
            StudyView view = one.view();
            correlations(new Generation(view.studyId(), Generations.LIVE, view.revision(), view.rows()));
            view.runs().stream().limit(MOST_RUNS).forEach(run -> run(view, run));
            Tags study = Tags.of("study", view.studyId());
            revision.put(study, (double) view.revision().events());
            intervals.put(study, (double) one.intervals().map(Revision::events).orElse(0L));
            ended.put(study, view.done().ended());
            wanted.put(study, view.done().measurements());
            measured.put(study, view.done().measured());
            declared.put(study, view.done().runs());
            info.put(study.and("name", view.name(), "language", view.language()), 1);
            state.put(study.and("state", view.state()), 1);
            points.put(view);
        }
        others.forEach(this::correlations);
        tables.forEach(NumberTable::show);
        losses.show();
        points.show();
    }

    private void run(StudyView view, StudyView.Run run) {
        Tags tags = runTags(view, run).and("algorithm", run.algorithm());
        step.put(tags, run.step());
        if (!run.losses().isEmpty()) {
            losses.put(view.loss(), tags, run.losses().getLast().excess());
        }
        newest(run, checkpoint -> !checkpoint.flatness().isEmpty())
                .ifPresent(checkpoint -> checkpoint.flatness().forEach(flat -> {
                    Tags own = tags.and("quantity", flat.quantity(), "estimator", flat.estimator());
                    trace.put(own, flat.value());
                    traceError.put(own, flat.standardError());
                }));
        newest(run, checkpoint -> !checkpoint.spectra().isEmpty())
                .map(checkpoint -> checkpoint.spectra().getFirst())
                .ifPresent(spectrum -> put(
                        eigenvalue,
                        eigenvalueError,
                        tags.and("estimator", spectrum.estimator()),
                        spectrum.top().getFirst().value().value(),
                        spectrum.top().getFirst().value().standardError()));
        newest(run, checkpoint -> !checkpoint.downstream().isEmpty())
                .ifPresent(checkpoint -> checkpoint
                        .downstream()
                        .forEach(down -> put(
                                accuracy,
                                accuracyError,
                                tags.and("task", down.task(), "protocol", down.protocol()),
                                down.accuracy().value(),
                                down.accuracy().standardError())));
    }

    private static void put(NumberTable values, NumberTable errors, Tags labels, double value, double error) {
        values.put(labels, value);
        errors.put(labels, error);
    }

    private void correlations(Generation table) {
        for (StudyView.RowView row : table.rows()) {
            Tags labels = rowTags(table.studyId(), row).and("generation", table.name());
            Finding finding = row.finding();
            finding.value().ifPresent(value -> correlation.put(labels, value));
            finding.interval().ifPresent(interval -> {
                low.put(labels, interval.low());
                high.put(labels, interval.high());
            });
            runs.put(labels, finding.runs());
            finding.p().ifPresent(value -> p.put(labels, value));
        }
    }

    /** Which row of which study's table. */
    static Tags rowTags(String studyId, StudyView.RowView row) {
        return Tags.of("study", studyId)
                .and(row.labels().entrySet().stream()
                        .map(label -> Tag.of(label.getKey(), label.getValue()))
                        .toList());
    }

    /** Which run: its id, and its name for people, which is its own within the study. */
    static Tags runTags(StudyView view, StudyView.Run run) {
        return Tags.of("study", view.studyId(), "run", run.runId(), "label", run.label(), "size", run.size());
    }

    private static Optional<StudyView.Checkpoint> newest(StudyView.Run run, Predicate<StudyView.Checkpoint> has) {
        return run.checkpoints().reversed().stream().filter(has).findFirst();
    }
}
