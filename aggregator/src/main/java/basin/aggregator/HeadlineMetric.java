package basin.aggregator;

import basin.aggregator.view.StudyView;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;

/** Which row of the table the headline speaks of, so that dashboards open with the same one. One thread. */
final class HeadlineMetric {
    private final NumberTable headline;

    HeadlineMetric(MeterRegistry registry) {
        headline = Metric.HEADLINE.in(registry);
    }

    /** Shows these views' headlines and no others. */
    void show(Collection<StudyView> views) {
        for (StudyView view : views) {
            view.rows().stream()
                    .filter(StudyView.RowView::primary)
                    .forEach(row -> headline.put(StudyMetrics.rowTags(view.studyId(), row), 1));
        }
        headline.show();
    }
}
