package basin.aggregator;

import basin.aggregator.analysis.ArmRow;
import basin.aggregator.analysis.MeasureRanking;
import basin.aggregator.view.Estimate;
import basin.aggregator.view.Generation;
import basin.aggregator.view.Metric;
import basin.aggregator.view.StudyView;
import basin.record.Measured;
import basin.record.Revision;
import basin.study.EnumName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The published views as gauges. The number of label values is bounded: labels contain no step or
 * checkpoint, and runs, arms and answers only up to a cap. Confined to one thread.
 */
final class StudyMetrics {
    /** Maximum number of runs of a study that get gauges. */
    private static final int MAX_RUNS = 200;

    /** Maximum number of differences between arms of a study that get gauges. */
    private static final int MAX_ARM_ROWS = 100;

    /** Level of the points of last checkpoints. */
    private static final String LAST = "last";

    private final MeterRegistry registry;

    /** By Micrometer name. */
    private final Map<String, NumberTable> gauges = new HashMap<>();

    StudyMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Publishes these views and answers to other questions; gauges of others are removed. */
    void show(Collection<ViewRevision> all, Collection<Generation> others) {
        for (ViewRevision one : all) {
            StudyView view = one.view();
            Tags study = Tags.of("study", view.studyId());
            correlations(view.studyId(), Generations.LIVE, Metric.published(view));
            answer(view.studyId(), Generations.LIVE, view.verdict(), Metric.sentence(view), view.primary());
            view.claim()
                    .ifPresent(claim -> put(
                            Metric.CLAIM,
                            study.and(
                                    "verdict",
                                    claim.verdict(),
                                    "statement",
                                    Metric.label(claim.statement()),
                                    "sha256",
                                    claim.sha256()),
                            1));
            view.primary().ifPresent(primary -> {
                arms(view, primary);
                ranking(view, primary);
            });
            view.runs().stream().limit(MAX_RUNS).forEach(run -> run(view, run));
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
        for (Generation other : others) {
            correlations(other.studyId(), other.name(), Metric.published(other));
            other.answer()
                    .ifPresent(answer -> answer(
                            other.studyId(),
                            other.name(),
                            answer.verdict(),
                            Metric.label(answer.headline()),
                            answer.row()));
        }
        gauges.values().forEach(NumberTable::show);
    }

    private void answer(
            String studyId, String question, String verdict, String sentence, Optional<StudyView.RowView> primary) {
        Tags tags = Tags.of("study", studyId, "question", question);
        put(Metric.ANSWER, tags.and("verdict", Metric.label(verdict), "sentence", sentence), 1);
        primary.ifPresent(row -> put(
                Metric.HEADLINE,
                tags.and(tags(row.labels())).and("row", Metric.rowId(studyId, question, row.labels())),
                1));
    }

    /**
     * Sets the differences between arms that belong to the headline: at its level and at the last
     * checkpoints, of its measure, its accuracy, the loss and the costs.
     */
    private void arms(StudyView view, StudyView.RowView primary) {
        Set<String> others = new HashSet<>(view.measures());
        others.remove(primary.measure());
        List<ArmRow> rows = view.arms().stream()
                .filter(row -> row.at() != ArmRow.At.MATCHED || row.level().equals(primary.level()))
                .filter(row -> !others.contains(row.measure()))
                .filter(row -> row.task().isEmpty()
                        || (row.task().equals(primary.task()) && row.protocol().equals(primary.protocol())))
                .limit(MAX_ARM_ROWS)
                .toList();
        for (ArmRow row : rows) {
            Map<String, String> labels = Map.of(
                    "arm", row.arm(),
                    "reference", row.reference(),
                    "at", EnumName.of(row.at()),
                    "measure", row.measure(),
                    "unit", row.unit());
            String id = Metric.rowId(view.studyId(), "arms", labels);
            put(Metric.ARM, tags(labels).and("study", view.studyId(), "row", id), 1);
            Metric.OF_AN_ARM.forEach((metric, number) ->
                    number.apply(row).ifPresent(value -> put(metric, Tags.of("row", id), value)));
        }
    }

    /** Sets the ranking of measures at the headline's task, protocol and level. */
    private void ranking(StudyView view, StudyView.RowView primary) {
        Tags study = Tags.of("study", view.studyId());
        view.rankings().stream()
                .filter(one -> one.task().equals(primary.task())
                        && one.protocol().equals(primary.protocol())
                        && primary.level().filter(level -> level == one.level()).isPresent())
                .forEach(ranking -> {
                    put(
                            Metric.RANKING,
                            study.and(
                                    "task",
                                    ranking.task(),
                                    "protocol",
                                    ranking.protocol(),
                                    "level",
                                    String.valueOf(ranking.level()),
                                    "within",
                                    String.join(" ", ranking.within()),
                                    "best",
                                    ranking.best().orElse("none")),
                            1);
                    for (MeasureRanking.RankedMeasure ranked : ranking.ranked()) {
                        Metric.OF_A_RANKED_MEASURE.forEach((metric, number) -> number.apply(ranked.finding())
                                .ifPresent(value -> put(metric, study.and("measure", ranked.measure()), value)));
                    }
                });
    }

    private void run(StudyView view, StudyView.Run run) {
        Tags tags = Tags.of("study", view.studyId(), "run", run.runId());
        Tags kind = Tags.of("loss_kind", view.loss().kind());
        put(Metric.RUN, tags.and("label", run.label(), "size", run.size(), "algorithm", run.algorithm()), 1);
        put(Metric.STEP, tags, run.step());
        if (!run.reason().isEmpty()) {
            put(Metric.FAILURE, tags.and("reason", Metric.label(run.reason())), 1);
        }
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
                point(view, checkpoint, Optional.of(level), tags, kind);
            }
            if (checkpoint.last()) {
                point(view, checkpoint, Optional.empty(), tags, kind);
            }
        }
    }

    /** Returns whether the points of an accuracy at a level are shown, as for correlations. */
    private static boolean isShown(StudyView view, StudyView.Downstream down, Optional<Double> level) {
        return view.primary()
                .filter(row -> (level.isPresent() && level.equals(row.level()))
                        || (row.task().equals(down.task()) && row.protocol().equals(down.protocol())))
                .isPresent();
    }

    /**
     * Sets one point of the figures: the checkpoint that represents its run at a level, or its last
     * one.
     */
    private void point(StudyView view, StudyView.Checkpoint checkpoint, Optional<Double> level, Tags run, Tags kind) {
        Tags tags = run.and("level", level.map(String::valueOf).orElse(LAST));
        put(Metric.MATCHED_LOSS, tags.and(kind), checkpoint.loss());
        // Of several measurements of a quantity the first counts, as in the table, so it is put
        // last.
        checkpoint.flatness().reversed().stream()
                .filter(flat -> view.measures().contains(flat.quantity()))
                .forEach(flat -> put(Metric.MATCHED_FLATNESS, tags.and("quantity", flat.quantity()), flat.estimate()));
        checkpoint.downstream().stream()
                .filter(down -> isShown(view, down, level))
                .forEach(down -> put(
                        Metric.MATCHED_ACCURACY,
                        tags.and("task", down.task(), "protocol", down.protocol()),
                        down.aboveUntrained()));
    }

    private void correlations(String studyId, String question, List<StudyView.RowView> rows) {
        for (StudyView.RowView row : rows) {
            String id = Metric.rowId(studyId, question, row.labels());
            put(Metric.ROW, tags(row.labels()).and("study", studyId, "question", question, "row", id), 1);
            Metric.OF_A_ROW.forEach((metric, number) ->
                    number.apply(row.finding()).ifPresent(value -> put(metric, Tags.of("row", id), value)));
        }
    }

    private static Tags tags(Map<String, String> labels) {
        return Tags.of(labels.entrySet().stream()
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
