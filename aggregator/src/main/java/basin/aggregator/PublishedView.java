package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewJson;

/**
 * A published view, shared by page, JSON and metrics. Immutable.
 *
 * @param json the view's canonical JSON in one line. While intervals are missing, it begins with
 *     {@code intervalsOf}: the newest revision of which all intervals were computed, or null
 * @param madeAtNanos time of publication, by {@link System#nanoTime}
 */
record PublishedView(ViewRevision shown, String json, long madeAtNanos) {
    static PublishedView now(ViewRevision shown) {
        String json = ViewJson.text(shown.view());
        return new PublishedView(
                shown,
                shown.isWhole()
                        ? json
                        : "{\"intervalsOf\":" + ViewJson.text(shown.intervals()) + "," + json.substring(1),
                System.nanoTime());
    }

    StudyView view() {
        return shown.view();
    }
}
