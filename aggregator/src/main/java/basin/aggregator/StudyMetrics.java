package basin.aggregator;

import basin.aggregator.view.Estimate;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.record.Measured;
import basin.record.Revision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The published views as gauges. The number of label values is bounded: labels contain no step or
 * checkpoint, and runs only up to a cap. Confined to one thread.
 */
final class StudyMetrics {
    /** Maximum number of runs of a study that get gauges. */
    private static final int MAX_RUNS = 200;

    private final MeterRegistry registry;

    /** By Micrometer name. */
    private final Map<String, NumberTable> gauges = new HashMap<>();

    StudyMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Publishes these views and generations; gauges of others are removed. */
    void show(Collection<ViewRevision> all, Collection<Generation> others) {
        for (ViewRevision one : all) {
            StudyView view = one.view();
            correlations(new Generation(view.studyId(), Generations.LIVE, view.revision(), view.rows()));
            view.primary().ifPresent(row -> put(Metric.HEADLINE, tags(view.studyId(), row), 1));
            view.runs().stream().limit(MAX_RUNS).forEach(run -> run(view, run));
            Tags study = Tags.of("study", view.studyId());
            put(Metric.REVISION, study, (double) view.revision().events());
            put(Metric.INTERVALS_REVISION, study, (double)
                    one.intervals().map(Revision::events).orElse(0L));
            put(Metric.RUNS_ENDED, study, view.done().ended());
            put(Metric.MEASUREMENTS_WANTED, study, view.done().measurements());
            put(Metric.MEASUREMENTS_DONE, study, view.done().measured());
            put(Metric.RUNS_DECLARED, study, view.done().runs());
            put(Metric.INFO, study.and("name", view.name(), "language", view.language()), 1);
            put(Metric.STATE, study.and("state", view.state()), 1);
        }
        others.forEach(this::correlations);
        gauges.values().forEach(NumberTable::show);
    }

    private void run(StudyView view, StudyView.Run run) {
        Tags tags = Tags.of("study", view.studyId(), "run", run.runId());
        Tags kind = Tags.of("loss_kind", view.loss().kind());
        put(Metric.RUN, tags.and("label", run.label(), "size", run.size(), "algorithm", run.algorithm()), 1);
        put(Metric.STEP, tags, run.step());
        if (!run.losses().isEmpty()) {
            put(Metric.LOSS, tags.and(kind), run.losses().getLast().loss());
        }
        newest(run, checkpoint -> !checkpoint.flatness().isEmpty())
                .flatMap(checkpoint -> checkpoint.flatness().stream())
                .forEach(flat -> put(
                        Metric.TRACE,
                        tags.and("quantity", flat.quantity(), "estimator", flat.estimator()),
                        flat.estimate()));
        newest(run, checkpoint -> !checkpoint.spectra().isEmpty())
                .map(checkpoint -> checkpoint.spectra().getFirst())
                .forEach(spectrum -> {
                    Measured top = spectrum.top().getFirst().value();
                    Tags own = tags.and("estimator", spectrum.estimator());
                    put(Metric.EIGENVALUE, own, top.value(), top.standardError());
                });
        newest(run, checkpoint -> !checkpoint.downstream().isEmpty())
                .flatMap(checkpoint -> checkpoint.downstream().stream())
                .forEach(down -> put(
                        Metric.ACCURACY, tags.and("task", down.task(), "protocol", down.protocol()), down.accuracy()));
        for (StudyView.Checkpoint checkpoint : run.checkpoints()) {
            for (double level : checkpoint.matched()) {
                point(view, checkpoint, tags.and("level", String.valueOf(level)), kind);
            }
        }
    }

    /** Sets one point of the figures: the checkpoint that represents its run at a level. */
    private void point(StudyView view, StudyView.Checkpoint checkpoint, Tags tags, Tags kind) {
        put(Metric.MATCHED_LOSS, tags.and(kind), checkpoint.loss());
        // Of several measurements of a quantity the first counts, as in the table, so it is put
        // last.
        checkpoint.flatness().reversed().stream()
                .filter(flat -> view.measures().contains(flat.quantity()))
                .forEach(flat -> put(Metric.MATCHED_FLATNESS, tags.and("quantity", flat.quantity()), flat.estimate()));
        checkpoint
                .downstream()
                .forEach(down -> put(
                        Metric.MATCHED_ACCURACY,
                        tags.and("task", down.task(), "protocol", down.protocol()),
                        down.aboveUntrained()));
    }

    private void correlations(Generation table) {
        for (StudyView.RowView row : table.rows()) {
            if (Metric.isPublished(row)) {
                String id = Metric.rowId(table.studyId(), table.name(), row);
                put(Metric.ROW, tags(table.studyId(), row).and("generation", table.name(), "row", id), 1);
                Metric.OF_A_ROW.forEach((metric, number) ->
                        number.apply(row.finding()).ifPresent(value -> put(metric, Tags.of("row", id), value)));
            }
        }
    }

    private static Tags tags(String studyId, StudyView.RowView row) {
        return Tags.of("study", studyId)
                .and(row.labels().entrySet().stream()
                        .map(label -> Tag.of(label.getKey(), label.getValue()))
                        .toList());
    }

    private static Stream<StudyView.Checkpoint> newest(StudyView.Run run, Predicate<StudyView.Checkpoint> has) {
        return run.checkpoints().reversed().stream().filter(has).limit(1);
    }

    /** Sets a value for the next publication. */
    private void put(Metric metric, Tags labels, double number) {
        put(metric.id(), metric.about(), metric.unit(), labels, number);
    }

    private void put(Metric metric, Tags labels, Estimate estimate) {
        put(metric, labels, estimate.value(), estimate.standardError());
    }

    private void put(Metric metric, Tags labels, double number, double standardError) {
        put(metric, labels, number);
        put(metric.errorId(), metric.aboutError(), metric.unit(), labels, standardError);
    }

    private void put(String id, String about, String unit, Tags labels, double number) {
        gauges.computeIfAbsent(id, name -> new NumberTable(registry, name, about, unit))
                .put(labels, number);
    }
}
