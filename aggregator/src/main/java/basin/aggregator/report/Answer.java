package basin.aggregator.report;

import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.view.StudyView;
import java.util.Map;

/**
 * A study's answer to a question. Immutable.
 *
 * @param view the view of the answer
 * @param requested the state and the rows behind it
 * @param times time at which each event was first written, milliseconds since 1970, by the event's
 *     id; absent for measurements that are not on record
 */
public record Answer(StudyView view, Reanalysis requested, Map<String, Long> times) {
    public Answer {
        times = Map.copyOf(times);
    }
}
