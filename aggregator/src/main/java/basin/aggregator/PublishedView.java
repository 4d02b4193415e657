package basin.aggregator;

import basin.aggregator.view.AskedAnswer;
import basin.aggregator.view.StudyView;
import basin.aggregator.view.ViewChanges;
import basin.aggregator.view.ViewJson;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * A published view, shared by page, JSON and metrics. Immutable.
 *
 * @param asked answers to other questions, by name
 * @param json the view's canonical JSON in one line. It begins with {@code asked} if there are
 *     answers to other questions and, while intervals are missing, with {@code intervalsOf}: the
 *     newest revision of which all intervals were computed, or null
 * @param changes the difference from the view that was published before this one; absent if this is
 *     the first or the difference is longer than the view
 * @param madeAtNanos time of publication, by {@link System#nanoTime}; it names the version
 */
record PublishedView(
        ViewRevision shown, List<AskedAnswer> asked, String json, Optional<Changes> changes, long madeAtNanos) {
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
    static PublishedView now(ViewRevision shown, List<AskedAnswer> asked, Optional<PublishedView> before) {
        String first = (asked.isEmpty() ? "" : "\"asked\":" + ViewJson.text(asked) + ",")
                + (shown.isWhole() ? "" : "\"intervalsOf\":" + ViewJson.text(shown.intervals()) + ",");
        String whole = "{" + first + ViewJson.text(shown.view()).substring(1);
        Optional<Changes> changes = before.map(earlier -> new Changes(
                        earlier.madeAtNanos,
                        ViewJson.text(new Sent(
                                String.valueOf(earlier.madeAtNanos),
                                ViewChanges.between(
                                        earlier.view(),
                                        shell(earlier.shown, earlier.asked),
                                        shown.view(),
                                        shell(shown, asked))))))
                .filter(one -> one.json().length() < whole.length());
        return new PublishedView(shown, asked, whole, changes, System.nanoTime());
    }

    private static ObjectNode shell(ViewRevision shown, List<AskedAnswer> asked) {
        ObjectNode shell = ViewJson.shell(shown.view());
        if (!asked.isEmpty()) {
            shell.set("asked", ViewJson.tree(asked));
        }
        if (!shown.isWhole()) {
            shell.set("intervalsOf", ViewJson.tree(shown.intervals()));
        }
        return shell;
    }

    StudyView view() {
        return shown.view();
    }
}
