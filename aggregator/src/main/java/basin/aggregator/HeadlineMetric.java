package basin.aggregator;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Which row of the table the headline speaks of, so that dashboards open with the same one. One thread. */
final class HeadlineMetric {
    private final MultiGauge headline;

    HeadlineMetric(MeterRegistry registry) {
        headline = MultiGauge.builder("basin.headline.info")
                .description("The row of which the headline speaks, as labels of a constant 1")
                .register(registry);
    }

    /** Shows these views' headlines and no others. */
    void show(Collection<StudyView> views) {
        List<Row<?>> rows = new ArrayList<>();
        for (StudyView view : views) {
            view.rows().stream()
                    .filter(StudyView.RowView::primary)
                    .forEach(row -> rows.add(Row.of(
                            Tags.of(
                                    "study",
                                    view.studyId(),
                                    "comparison",
                                    row.comparison().name().toLowerCase(Locale.ROOT),
                                    "level",
                                    row.level().map(String::valueOf).orElse("none"),
                                    "measure",
                                    row.measure(),
                                    "task",
                                    row.task(),
                                    "protocol",
                                    row.protocol(),
                                    "statistic",
                                    row.statistic()),
                            1)));
        }
        headline.register(rows, true);
    }
}
