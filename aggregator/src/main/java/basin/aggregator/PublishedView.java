package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.study.Json;
import java.nio.charset.StandardCharsets;

/**
 * A published view, shared by page, JSON and metrics. Immutable.
 *
 * @param json one line: the view's canonical JSON, and before it, while intervals are to follow, {@code intervalsOf}: the revision of which
 *     all were there last, or null
 * @param madeAtNanos time at which it was made, by {@link System#nanoTime}
 */
record PublishedView(ViewRevision shown, String json, long madeAtNanos) {
    static PublishedView now(ViewRevision shown) {
        String json = text(shown.view());
        return new PublishedView(
                shown,
                shown.isWhole() ? json : "{\"intervalsOf\":" + text(shown.intervals()) + "," + json.substring(1),
                System.nanoTime());
    }

    /** Returns the canonical JSON of a value, one line. */
    static String text(Object value) {
        return new String(Json.canonical(value), StandardCharsets.UTF_8);
    }

    StudyView view() {
        return shown.view();
    }
}
