package basin.aggregator;

import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewChanges;
import basin.aggregator.view.ViewJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A published view, shared by page, JSON and metrics. Immutable.
 *
 * @param json the view's canonical JSON in one line. While intervals are missing, it begins with
 *     {@code intervalsOf}: the newest revision of which all intervals were computed, or null
 * @param changes the difference from the view that was published before this one; absent if this is
 *     the first or the difference is longer than the view
 * @param madeAtNanos time of publication, by {@link System#nanoTime}; it names the version
 */
record PublishedView(ViewRevision shown, String json, Optional<Changes> changes, long madeAtNanos) {
    /**
     * The difference between two successive published views.
     *
     * @param since version of the earlier view, its {@code madeAtNanos}
     * @param json the object {@code {"changes": [...], "since": "..."}} with a JSON Patch in one
     *     line
     */
    record Changes(long since, String json) {}

    /** The wire form of {@link Changes}; the version is text because it may exceed 2⁵³. */
    private record Sent(String since, Object changes) {}

    /** Publishes a view in the place of another one of the same study, if there was one. */
    static PublishedView now(ViewRevision shown, Optional<PublishedView> before) {
        String json = ViewJson.text(shown.view());
        String whole = shown.isWhole()
                ? json
                : "{\"intervalsOf\":" + ViewJson.text(shown.intervals()) + "," + json.substring(1);
        Optional<Changes> changes = before.map(earlier -> new Changes(
                        earlier.madeAtNanos,
                        ViewJson.text(new Sent(
                                String.valueOf(earlier.madeAtNanos),
                                ViewChanges.between(
                                        earlier.view(), shell(earlier.shown), shown.view(), shell(shown))))))
                .filter(one -> one.json().length() < whole.length());
        return new PublishedView(shown, whole, changes, System.nanoTime());
    }

    private static ObjectNode shell(ViewRevision shown) {
        ObjectNode shell = ViewJson.shell(shown.view());
        if (!shown.isWhole()) {
            shell.set("intervalsOf", ViewJson.tree(shown.intervals()));
        }
        return shell;
    }

    StudyView view() {
        return shown.view();
    }
}
