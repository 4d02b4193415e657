package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.events.Json;
import java.nio.charset.StandardCharsets;

/**
 * A view as it was published: page, JSON and metrics all show this one object. Immutable.
 *
 * @param json the view's canonical JSON, one line
 * @param madeAtNanos when, by {@link System#nanoTime}
 */
record Published(StudyView view, String json, long madeAtNanos) {
    static Published now(StudyView view) {
        return new Published(view, new String(Json.canonical(view), StandardCharsets.UTF_8), System.nanoTime());
    }
}
