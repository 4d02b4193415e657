package basin.aggregator;

import basin.aggregator.view.Generation;
import basin.aggregator.view.StudyView;
import basin.record.Finding;
import basin.record.Revision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The published views as gauges. Labels are bounded: no step, no checkpoint, and runs only up to a cap. One thread. */
final class StudyMetrics {
    /** So many runs get gauges of their own. */
    static final int MOST_RUNS = 200;

    private final MetricTables gauges;
    private final Losses losses;
    private final PointMetrics points;

    StudyMetrics(MeterRegistry registry) {
        gauges = new MetricTables(registry, EnumSet.range(Metric.CORRELATION, Metric.RUNS_DECLARED));
        losses = new Losses(registry, "basin.loss.", "Newest value. ");
        points = new PointMetrics(registry);
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
            gauges.put(Metric.REVISION, study, (double) view.revision().events());
            gauges.put(Metric.INTERVALS_REVISION, study, (double)
                    one.intervals().map(Revision::events).orElse(0L));
            gauges.put(Metric.RUNS_ENDED, study, view.done().ended());
            gauges.put(Metric.MEASUREMENTS_WANTED, study, view.done().measurements());
            gauges.put(Metric.MEASUREMENTS_DONE, study, view.done().measured());
            gauges.put(Metric.RUNS_DECLARED, study, view.done().runs());
            gauges.put(Metric.INFO, study.and("name", view.name(), "language", view.language()), 1);
            gauges.put(Metric.STATE, study.and("state", view.state()), 1);
            points.put(view);
        }
        others.forEach(this::correlations);
        gauges.show();
        losses.show();
        points.show();
    }

    private void run(StudyView view, StudyView.Run run) {
        Tags tags = runTags(view, run).and("algorithm", run.algorithm());
        gauges.put(Metric.STEP, tags, run.step());
        if (!run.losses().isEmpty()) {
            losses.put(view.loss(), tags, run.losses().getLast().excess());
        }
        newest(run, checkpoint -> !checkpoint.flatness().isEmpty())
                .ifPresent(checkpoint -> checkpoint.flatness().forEach(flat -> {
                    Tags own = tags.and("quantity", flat.quantity(), "estimator", flat.estimator());
                    gauges.put(Metric.TRACE, Metric.TRACE_ERROR, own, flat.value(), flat.standardError());
                }));
        newest(run, checkpoint -> !checkpoint.spectra().isEmpty())
                .map(checkpoint -> checkpoint.spectra().getFirst())
                .ifPresent(spectrum -> gauges.put(
                        Metric.EIGENVALUE,
                        Metric.EIGENVALUE_ERROR,
                        tags.and("estimator", spectrum.estimator()),
                        spectrum.top().getFirst().value().value(),
                        spectrum.top().getFirst().value().standardError()));
        newest(run, checkpoint -> !checkpoint.downstream().isEmpty())
                .ifPresent(checkpoint -> checkpoint
                        .downstream()
                        .forEach(down -> gauges.put(
                                Metric.ACCURACY,
                                Metric.ACCURACY_ERROR,
                                tags.and("task", down.task(), "protocol", down.protocol()),
                                down.accuracy().value(),
                                down.accuracy().standardError())));
    }

    private void correlations(Generation table) {
        for (StudyView.RowView row : table.rows()) {
            Tags labels = rowTags(table.studyId(), row).and("generation", table.name());
            Finding finding = row.finding();
            finding.value().ifPresent(value -> gauges.put(Metric.CORRELATION, labels, value));
            finding.interval().ifPresent(interval -> {
                gauges.put(Metric.CORRELATION_LOW, labels, interval.low());
                gauges.put(Metric.CORRELATION_HIGH, labels, interval.high());
            });
            gauges.put(Metric.CORRELATION_RUNS, labels, finding.runs());
            finding.p().ifPresent(value -> gauges.put(Metric.CORRELATION_P, labels, value));
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
