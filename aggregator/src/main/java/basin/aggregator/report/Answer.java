package basin.aggregator.report;

import basin.aggregator.analysis.Reanalysis;
import basin.aggregator.view.StudyView;
import java.util.Map;

/**
 * A study's answer to a question. Immutable.
 *
 * @param view what is shown of it
 * @param requested the state and the rows behind it
 * @param times when each event was first written, milliseconds since 1970, by the event's id; measurements that are not on record
 *     have none
 */
public record Answer(StudyView view, Reanalysis requested, Map<String, Long> times) {
    public Answer {
        times = Map.copyOf(times);
    }
}
